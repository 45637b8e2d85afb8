"""Undoes the layout of a paragraph so that it can be laid out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class LayoutSnapshot:
    """The state that the layout of a paragraph changes, as it was before."""

    def __init__(self, context: Any, *lists: list[Any]) -> None:
        self._lengths = [(one, len(one)) for one in lists]
        self.line_count = self._lengths[0][1]
        self._notes = list(context.current_page_footnotes), list(context.reported_footnotes)

    def restore(self, context: Any, notes: Sequence[Any]) -> bool:
        """Remove what was added, and the footnotes *notes* of the paragraph; return whether that is possible.

        It is not if the layout has moved other footnotes.
        """
        found = context.current_page_footnotes, context.reported_footnotes
        if any(
            [note for note in now if note not in notes] != then
            for now, then in zip(found, self._notes, strict=True)
        ):
            return False
        for note in notes:
            context.unlayout_footnote(note)
        for one, length in self._lengths:
            del one[length:]
        return True
