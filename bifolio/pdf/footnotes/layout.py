"""Keeps every footnote where WeasyPrint would lose, move or not split it (CSS GCPM 3, 2).

- A footnote call without content is an empty box, and an empty box between two lines is dropped, its footnote
  with it. So the call is a word joiner, which shows nothing and allows no break.
- When a line fits only because footnotes move to the next page, its own footnotes are forgotten. So a line
  that has been laid out takes its footnotes along, to the next page if need be.
- Two lines at the bottom of a page push footnotes of earlier text to the next page, because a paragraph may
  not break after one line. Those footnotes belong to this page more than the lines do: the paragraph moves.
- A footnote that finds no room below the line that calls it would push that line to the next page. It is
  split: its first lines are on this page, the rest comes before the footnotes of the next (`split.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.call_signatures import UNBOUNDED_SPACE, Call
from bifolio.pdf.engine.layout_snapshot import LayoutSnapshot
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import strut
from bifolio.pdf.footnotes.area import area_height, content_bottom
from bifolio.pdf.footnotes.split import PageFootnotes, SplitPoint

# An author may give an aside the class `note`; only generated ones have such an ID.
STYLE = """
aside.note[id^="note-"] { footnote-policy: line }
aside.note[id^="note-"]::footnote-call { content: "\\2060" !important; font-size: 1px; line-height: 0 }
aside.note[id^="note-"]::footnote-marker { content: none !important }
"""
CALL_TAG = "::footnote-call"
Next = Callable[..., Any]
"""The next function of the chain of hooks."""


def footnotes() -> Layer:
    """Return the layer that keeps every footnote and splits long ones."""
    hooks = _FootnoteHooks()
    context = "weasyprint.layout:LayoutContext"
    return Layer(
        "footnotes",
        {
            "weasyprint.layout.block._linebox_layout": hooks.linebox_layout,
            "weasyprint.layout.block._in_flow_layout": hooks.in_flow_layout,
            "weasyprint.layout.make_all_pages": hooks.make_all_pages,
            "weasyprint.layout.page.make_page": hooks.make_page,
            "weasyprint.layout.page.block_level_layout": hooks.block_level_layout,
            f"{context}._update_footnote_area": hooks.update_footnote_area,
            f"{context}.layout_footnote": hooks.layout_footnote,
            f"{context}.unlayout_footnote": hooks.unlayout_footnote,
            f"{context}.overflows_page": hooks.overflows_page,
        },
    )


class _FootnoteHooks:
    """The hooks, named after the functions of WeasyPrint that they patch, and their state during a layout."""

    def __init__(self) -> None:
        self._nested: dict[Any, list[Any]] = {}
        """The footnotes that each footnote calls itself."""
        self._page = PageFootnotes({}, self._nested, is_blank=True)
        self._left: dict[int, dict[Any, Any]] = {}
        """The footnotes that each page leaves to the next, with where each continues, by page number."""
        self._splittable: set[Any] = set()
        """The new footnotes of the lines being laid out that have found room and can be split."""
        self._reserved = 0.0
        """The height, in CSS px, to keep free below a line that calls a footnote."""

    def make_all_pages(self, following: Next, context: Any, root: Any, html: Any, pages: list[Any]) -> Any:
        """Make all pages again if footnotes continue on another page, which WeasyPrint does not record."""
        reusable = [] if any(self._left.values()) else pages
        return following(context, root, html, reusable)

    def make_page(
        self, following: Next, context: Any, root: Any, page_type: Any, resume_at: Any, page_number: int,
        state: Any,
    ) -> Any:  # fmt: skip
        """Make a page that begins with the footnotes that the page before has left."""
        starts = self._left.get(page_number - 1, {})
        self._page = PageFootnotes(starts, self._nested, is_blank=page_type.blank)
        context.reported_footnotes = list(starts)
        return following(context, root, page_type, resume_at, page_number, state)

    def block_level_layout(self, following: Next, context: Any, box: Any, *rest: Any, **named: Any) -> Any:
        """Lay out the text of a page and record which footnotes it leaves; or lay out the footnote area."""
        if isinstance(box, boxes.FootnoteAreaBox):
            with self._page.measuring_area(context):
                return following(context, box, *rest, **named)
        result = following(context, box, *rest, **named)
        if box.is_for_root_element and result[0]:
            blank = context.page_bottom - content_bottom(result[0], result[1])
            self._left[context.current_page] = self._page.end(context, blank)
        return result

    def in_flow_layout(self, following: Next, *arguments: Any) -> Any:
        """Lay out a child of a block; a footnote by rules of its own."""
        if isinstance(arguments[1], boxes.FootnoteAreaBox):
            return self._page.lay_out(following, Call(*arguments))
        return following(*arguments)

    def linebox_layout(
        self, following: Next, context: Any, box: Any, index: int, child: Any, lines: list[Any],
        page_is_empty: bool, absolute_boxes: list[Any], fixed_boxes: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Lay out lines; if they push their own footnotes away, again with room for the lines after them."""
        before = LayoutSnapshot(context, lines, absolute_boxes, fixed_boxes)
        outer = self._splittable, self._reserved
        max_lines = max(box.style["orphans"] - 1, 0) + max(box.style["widows"] - 1, 0)
        for reserved_lines in range(max_lines + 1):
            self._splittable, self._reserved = set(), reserved_lines * strut(box.style)[0]
            footnotes, split_point = list(context.current_page_footnotes), self._page.split_point
            result = following(
                context, box, index, child, lines, page_is_empty, absolute_boxes, fixed_boxes, *rest
            )
            if not page_is_empty and self._take_back(context, footnotes, split_point):
                result = (True, False, *result[2:])
            placed = set() if result[0] else set(context.current_page_footnotes)
            pushed = self._splittable - placed
            self._splittable, self._reserved = outer
            if not pushed or reserved_lines == max_lines or not before.restore(context, result[4]):
                break
        if context.footnotes and not result[0]:
            _report_forgotten(context, lines, result[4])
        return result

    def update_footnote_area(self, following: Next, context: Any) -> bool:
        """Measure the footnote area, in place of the next function."""
        return self._page.update_area(context)

    def layout_footnote(self, following: Next, context: Any, footnote: Any) -> bool:
        """Show *footnote*; of one that continues from the page before, the part that fits this page."""
        page = self._page
        if page.split_point and page.split_point.footnote is footnote:
            page.split_point = None
        overflows = bool(following(context, footnote))
        if footnote in page.starts:
            page.continue_footnote(context, footnote)
            return False
        if overflows and not page.is_hidden(context, footnote):
            overflows = not page.show_part(context, footnote, inf)
        page.newest = footnote
        return overflows

    def unlayout_footnote(self, following: Next, context: Any, footnote: Any) -> None:
        """Remove *footnote* from the page, unless the page before has left it."""
        if footnote not in self._page.starts:
            following(context, footnote)

    def overflows_page(self, following: Next, context: Any, bottom_space: float, position_y: float) -> bool:
        """Return whether content down to *position_y* overflows; split a new footnote that is the cause."""
        page = self._page
        footnote, page.newest = page.newest, None
        overflows = bool(following(context, bottom_space, position_y))
        if footnote is None or page.is_hidden(context, footnote):
            return overflows
        if context.in_column or bottom_space < UNBOUNDED_SPACE / 2:
            page.show_beginning(context, footnote)
            return overflows
        if following(context, bottom_space, position_y + self._reserved):
            room = context.page_bottom + area_height(context) - bottom_space - position_y - self._reserved
            max_heights = min(room, page.max_split_height(context)), room
            if any(page.show_part(context, footnote, max_height) for max_height in max_heights):
                overflows = False
            else:
                page.show_up_to(context, None)
        if not overflows and page.can_split(footnote):
            self._splittable.add(footnote)
        return overflows

    def _take_back(self, context: Any, before: list[Any], split_point: SplitPoint | None) -> bool:
        """Return footnotes of earlier lines to this page; return whether any had been moved to the next.

        *before* and *split_point* are the footnotes of the page before the lines were laid out.
        """
        pushed = [footnote for footnote in before if footnote in context.reported_footnotes]
        for footnote in pushed:
            context.reported_footnotes.remove(footnote)
        if pushed:
            added = [footnote for footnote in context.current_page_footnotes if footnote not in before]
            context.current_page_footnotes = before + added
            self._page.show_up_to(context, split_point)
        return bool(pushed)


def _report_forgotten(context: Any, lines: list[Any], footnotes: list[Any]) -> None:
    """Move the footnotes of *lines* that were forgotten to the next page, and add them to *footnotes*."""
    for line in lines:
        for part in line.descendants():
            if part.footnote in context.footnotes:
                footnotes.append(part.footnote)
                context.layout_footnote(part.footnote)
                context.report_footnote(part.footnote)
