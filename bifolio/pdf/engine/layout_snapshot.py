"""A paragraph laid out once more: what its layout has added is taken out first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class LayoutSnapshot:
    """What the layout of a paragraph adds to, as it was before."""

    def __init__(self, context: Any, *lists: list[Any]) -> None:
        self._lists = [(one, len(one)) for one in lists]
        self.lines = self._lists[0][1]
        self._notes = list(context.current_page_footnotes), list(context.reported_footnotes)

    def restore(self, context: Any, notes: Sequence[Any]) -> bool:
        """Take out what was added, and the *notes* of the paragraph, if all is as it was then; say so."""
        found = context.current_page_footnotes, context.reported_footnotes
        if any(
            [note for note in now if note not in notes] != then
            for now, then in zip(found, self._notes, strict=True)
        ):
            return False
        for note in notes:
            context.unlayout_footnote(note)
        for one, length in self._lists:
            del one[length:]
        return True
