"""Notes at the foot of the page: where the layout would lose one, or move it without need.

- A mark of its own (`::footnote-call`) without content is an empty box, and an empty box between two lines
  is dropped, its note with it. So the mark is a word joiner, which shows nothing and breaks nowhere.
- When a line fits only because notes are moved to the next page, the notes of that very line are forgotten.
  So a line that has been set takes its notes along, to the next page if need be.
- Two lines at the foot of a page push notes of earlier text to the next page, as a paragraph may not break
  after one line. The notes belong to this page more than the lines do: the paragraph moves.
- A note is said to be higher than the area of notes when a sum of heights is off by the last of its bits. An
  area whose height the sheet does not limit is never too low.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from weasyprint.layout import LayoutContext, block

# An author may call an aside of his own `note`; only ours has the anchor of one.
STYLE = """
aside.note[id^="note-"] { footnote-policy: line }
aside.note[id^="note-"]::footnote-call { content: "\\2060" !important; font-size: 1px; line-height: 0 }
aside.note[id^="note-"]::footnote-marker { content: none !important }
"""
CALL_TAG = "::footnote-call"


@contextmanager
def kept() -> Iterator[None]:
    """Let the layout keep every note meanwhile."""
    lay_out, update = block._linebox_layout, LayoutContext._update_footnote_area

    def keep(
        context: Any, box: Any, index: int, child: Any, lines: list[Any], first: bool, *rest: Any
    ) -> Any:
        before = list(context.current_page_footnotes)
        result = lay_out(context, box, index, child, lines, first, *rest)
        if not first and _take_back(context, before):
            return (True, False, *result[2:])
        if context.footnotes and not result[0]:
            _take_along(context, lines, result[4])
        return result

    def overflows(context: Any) -> bool:
        style = context.current_footnote_area.style
        limited = style["height"] != "auto" or style["max_height"].value != inf
        return bool(update(context)) and limited

    block._linebox_layout, LayoutContext._update_footnote_area = keep, overflows
    try:
        yield
    finally:
        block._linebox_layout, LayoutContext._update_footnote_area = lay_out, update


def _take_back(context: Any, before: list[Any]) -> bool:
    """Take notes of earlier lines back to this page; say whether there were any on their way out."""
    pushed = [note for note in before if note in context.reported_footnotes]
    for note in pushed:
        context.reported_footnotes.remove(note)
    if pushed:
        later = [note for note in context.current_page_footnotes if note not in before]
        context.current_page_footnotes = before + later
        context._update_footnote_area()
    return bool(pushed)


def _take_along(context: Any, lines: list[Any], notes: list[Any]) -> None:
    """Put the forgotten notes of *lines* on the way to the next page."""
    for line in lines:
        for part in line.descendants():
            if part.footnote in context.footnotes:
                notes.append(part.footnote)
                context.layout_footnote(part.footnote)
                context.report_footnote(part.footnote)
