"""Footnotes at the foot of the page (CSS GCPM 3, 2) where WeasyPrint would lose, move or not split one.

- A footnote call without content is an empty box, and an empty box between two lines is dropped, its footnote
  with it. So the call is a word joiner, which shows nothing and allows no break.
- When a line fits only because footnotes move to the next page, its own footnotes are forgotten. So a line
  that has been laid out takes its footnotes along, to the next page if need be.
- Two lines at the foot of a page push footnotes of earlier text to the next page, because a paragraph may not
  break after one line. Those footnotes belong to this page more than the lines do: the paragraph moves.
- A footnote that finds no room below the line that calls it would push that line to the next page. It is
  split: its first lines are on this page, the rest comes before the footnotes of the next (`split.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.rollback import LayoutSnapshot
from bifolio.pdf.engine.signatures import BOUNDLESS, Call
from bifolio.pdf.engine.text import strut
from bifolio.pdf.footnotes.area import area_height, content_bottom
from bifolio.pdf.footnotes.split import PageFootnotes, SplitPoint

# An author may call an aside of his own `note`; only ours has the anchor of one.
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
        self._page = PageFootnotes()
        self._left: dict[int, dict[Any, Any]] = {}
        """The footnotes that each page leaves to the next, by the number of the page."""
        self._placed: set[Any] = set()
        """The footnotes of the lines being laid out, if one has found room and may be split."""
        self._reserve = 0.0
        """The room, in CSS px, to keep free below a line that calls a footnote."""

    def make_all_pages(self, following: Next, context: Any, root: Any, html: Any, pages: list[Any]) -> Any:
        """Make all pages again if footnotes continue on another page, which WeasyPrint does not record."""
        again = [] if any(self._left.values()) else pages
        return following(context, root, html, again)

    def make_page(
        self, following: Next, context: Any, root: Any, kind: Any, resume_at: Any, number: int, state: Any
    ) -> Any:
        """Make a page that begins with the footnotes that the page before has left."""
        self._page.begin(self._left.get(number - 1, {}), blank=kind.blank)
        context.reported_footnotes = list(self._page.starts)
        return following(context, root, kind, resume_at, number, state)

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
        self, following: Next, context: Any, box: Any, index: int, child: Any, lines: list[Any], empty: bool,
        absolute: list[Any], fixed: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Lay out lines; where they push a footnote of theirs away, again with room for the lines after."""
        before, outer = LayoutSnapshot(context, lines, absolute, fixed), (self._placed, self._reserve)
        most = max(box.style["orphans"] - 1, 0) + max(box.style["widows"] - 1, 0)
        for reserved in range(most + 1):
            self._placed, self._reserve = set(), reserved * strut(box.style)[0]
            notes, cut = list(context.current_page_footnotes), self._page.cut
            result = following(context, box, index, child, lines, empty, absolute, fixed, *rest)
            if not empty and self._take_back(context, notes, cut):
                result = (True, False, *result[2:])
            stays = set() if result[0] else set(context.current_page_footnotes)
            driven_away = self._placed - stays
            self._placed, self._reserve = outer
            if not driven_away or reserved == most or not before.restore(context, result[4]):
                break
        if context.footnotes and not result[0]:
            _take_along(context, lines, result[4])
        return result

    def update_footnote_area(self, following: Next, context: Any) -> bool:
        """Measure the footnote area, in place of the next function."""
        return self._page.update(context)

    def layout_footnote(self, following: Next, context: Any, note: Any) -> bool:
        """Show *note*; of one that continues from the page before, the part that has room on this page."""
        page = self._page
        if page.cut and page.cut.note is note:
            page.cut = None
        over = bool(following(context, note))
        if note in page.starts:
            page.go_on(context, note)
            return False
        if over and not page.is_hidden(context, note):
            over = not page.show_part(context, note, inf)
        page.new = note
        return over

    def unlayout_footnote(self, following: Next, context: Any, note: Any) -> None:
        """Remove *note* from the page, unless the page before has left it."""
        if note not in self._page.starts:
            following(context, note)

    def overflows_page(self, following: Next, context: Any, bottom_space: float, y: float) -> bool:
        """Return whether content down to *y* overflows; if a new footnote causes it, show less of that."""
        page = self._page
        note, page.new = page.new, None
        over = bool(following(context, bottom_space, y))
        if note is None or page.is_hidden(context, note):
            return over
        if context.in_column or bottom_space < BOUNDLESS / 2:
            page.show_little(context, note)
            return over
        if following(context, bottom_space, y + self._reserve):
            room = context.page_bottom + area_height(context) - bottom_space - y - self._reserve
            if any(page.show_part(context, note, most) for most in (min(room, page.most(context)), room)):
                over = False
            else:
                page.show(context, None)
        if not over and page.may_split(note):
            self._placed.add(note)
        return over

    def _take_back(self, context: Any, before: list[Any], cut: SplitPoint | None) -> bool:
        """Return footnotes of earlier lines to this page; return whether any had been moved to the next."""
        pushed = [note for note in before if note in context.reported_footnotes]
        for note in pushed:
            context.reported_footnotes.remove(note)
        if pushed:
            later = [note for note in context.current_page_footnotes if note not in before]
            context.current_page_footnotes = before + later
            self._page.show(context, cut)
        return bool(pushed)


def _take_along(context: Any, lines: list[Any], notes: list[Any]) -> None:
    """Move the forgotten footnotes of *lines* to the next page."""
    for line in lines:
        for part in line.descendants():
            if part.footnote in context.footnotes:
                notes.append(part.footnote)
                context.layout_footnote(part.footnote)
                context.report_footnote(part.footnote)
