"""Notes at the foot of the page: where the layout would lose one, move it without need, or leave it whole.

- A mark of its own (`::footnote-call`) without content is an empty box, and an empty box between two lines
  is dropped, its note with it. So the mark is a word joiner, which shows nothing and breaks nowhere.
- When a line fits only because notes are moved to the next page, the notes of that very line are forgotten.
  So a line that has been set takes its notes along, to the next page if need be.
- Two lines at the foot of a page push notes of earlier text to the next page, as a paragraph may not break
  after one line. The notes belong to this page more than the lines do: the paragraph moves.
- A note that finds no room below the line that cites it would drive that line to the next page. It is split:
  its first lines stand on this page, and the rest before the notes of the next (`foot.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from weasyprint import layout
from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext, block
from weasyprint.layout import page as page_layout
from weasyprint.text import line_break

from bifolio.pdf.engine.rollback import LayoutSnapshot
from bifolio.pdf.engine.signatures import BOUNDLESS, Call
from bifolio.pdf.footnotes.area import end_of, height
from bifolio.pdf.footnotes.split import PageFootnotes, SplitPoint
from bifolio.runtime.patching import patched

# An author may call an aside of his own `note`; only ours has the anchor of one.
STYLE = """
aside.note[id^="note-"] { footnote-policy: line }
aside.note[id^="note-"]::footnote-call { content: "\\2060" !important; font-size: 1px; line-height: 0 }
aside.note[id^="note-"]::footnote-marker { content: none !important }
"""
CALL_TAG = "::footnote-call"
_HOOKS = (
    (block, "_linebox_layout"),
    (block, "_in_flow_layout"),
    (layout, "make_all_pages"),
    (page_layout, "make_page"),
    (page_layout, "block_level_layout"),
    (LayoutContext, "_update_footnote_area"),
    (LayoutContext, "layout_footnote"),
    (LayoutContext, "unlayout_footnote"),
    (LayoutContext, "overflows_page"),
)
"""What is replaced in WeasyPrint."""


@contextmanager
def footnote_hooks() -> Iterator[None]:
    """Let the layout keep every note meanwhile, and split those that are long."""
    own = {name: getattr(room, name) for room, name in _HOOKS}
    keeper = _FootnoteHooks(own)
    with patched(*((room, name, _function(getattr(keeper, name.lstrip("_")))) for room, name in _HOOKS)):
        yield


def _function(method: Any) -> Any:
    """Return *method* as a function, which a class makes a method of its own again."""
    return lambda *arguments, **named: method(*arguments, **named)


class _FootnoteHooks:
    """Stands before the functions of WeasyPrint that have the same names."""

    def __init__(self, own: dict[str, Any]) -> None:
        self._own = own
        self._foot = PageFootnotes(own["_in_flow_layout"])
        self._left: dict[int, dict[Any, Any]] = {}
        """What each page has left to the next, by its number."""
        self._placed: set[Any] = set()
        """The notes of the lines that are being set, where one has found room and may be split."""
        self._reserve = 0.0
        """In px: how much room is kept free below a line that cites a note."""

    def make_all_pages(self, context: Any, root: Any, html: Any, pages: list[Any]) -> Any:
        """Make the pages; all of them again where notes go from one to the next, which WeasyPrint forgets."""
        again = [] if any(self._left.values()) else pages
        return self._own["make_all_pages"](context, root, html, again)

    def make_page(self, context: Any, root: Any, kind: Any, resume_at: Any, number: int, state: Any) -> Any:
        """Make a page, at its foot what the page before has left."""
        self._foot.begin(self._left.get(number - 1, {}), blank=kind.blank)
        context.reported_footnotes = list(self._foot.starts)
        return self._own["make_page"](context, root, kind, resume_at, number, state)

    def block_level_layout(self, context: Any, box: Any, *rest: Any, **named: Any) -> Any:
        """Lay out the text of a page, and what is left of its notes to the next; or the area of notes."""
        own = self._own["block_level_layout"]
        if isinstance(box, boxes.FootnoteAreaBox):
            with self._foot.apart(context):
                return own(context, box, *rest, **named)
        result = own(context, box, *rest, **named)
        if box.is_for_root_element and result[0]:
            blank = context.page_bottom - end_of(result[0], result[1])
            self._left[context.current_page] = self._foot.end(context, blank)
        return result

    def in_flow_layout(self, *arguments: Any) -> Any:
        """Lay a child out, by its own rules if it is a note."""
        if isinstance(arguments[1], boxes.FootnoteAreaBox):
            return self._foot.lay_out(Call(*arguments))
        return self._own["_in_flow_layout"](*arguments)

    def linebox_layout(
        self, context: Any, box: Any, index: int, child: Any, lines: list[Any], empty: bool,
        absolute: list[Any], fixed: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Set lines; where the next ones drive a note of theirs away, again with room for those."""
        before, outer = LayoutSnapshot(context, lines, absolute, fixed), (self._placed, self._reserve)
        most = max(box.style["orphans"] - 1, 0) + max(box.style["widows"] - 1, 0)
        for reserved in range(most + 1):
            self._placed, self._reserve = set(), reserved * line_break.strut(box.style)[0]
            notes, cut = list(context.current_page_footnotes), self._foot.cut
            result = self._own["_linebox_layout"](
                context, box, index, child, lines, empty, absolute, fixed, *rest
            )
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

    def update_footnote_area(self, context: Any) -> bool:
        """Measure the area of notes."""
        return self._foot.update(context)

    def layout_footnote(self, context: Any, note: Any) -> bool:
        """Show *note*, or of one from the page before what its share of this page holds."""
        foot = self._foot
        if foot.cut and foot.cut.note is note:
            foot.cut = None
        over = bool(self._own["layout_footnote"](context, note))
        if note in foot.starts:
            foot.go_on(context, note)
            return False
        if over and not foot.is_hidden(context, note):
            over = not foot.show_part(context, note, inf)
        foot.new = note
        return over

    def unlayout_footnote(self, context: Any, note: Any) -> None:
        """Take *note* off the page, unless it is one that the page before has left."""
        if note not in self._foot.starts:
            self._own["unlayout_footnote"](context, note)

    def overflows_page(self, context: Any, bottom_space: float, y: float) -> bool:
        """Say whether what ends at *y* is off the page; if a new note makes it so, show less of that."""
        foot, overflows = self._foot, self._own["overflows_page"]
        note, foot.new = foot.new, None
        over = bool(overflows(context, bottom_space, y))
        if note is None or foot.is_hidden(context, note):
            return over
        if context.in_column or bottom_space < BOUNDLESS / 2:
            foot.show_little(context, note)
            return over
        if overflows(context, bottom_space, y + self._reserve):
            room = context.page_bottom + height(context) - bottom_space - y - self._reserve
            if any(foot.show_part(context, note, most) for most in (min(room, foot.most(context)), room)):
                over = False
            else:
                foot.show(context, None)
        if not over and foot.may_split(note):
            self._placed.add(note)
        return over

    def _take_back(self, context: Any, before: list[Any], cut: SplitPoint | None) -> bool:
        """Take notes of earlier lines back to this page; say whether there were any on their way out."""
        pushed = [note for note in before if note in context.reported_footnotes]
        for note in pushed:
            context.reported_footnotes.remove(note)
        if pushed:
            later = [note for note in context.current_page_footnotes if note not in before]
            context.current_page_footnotes = before + later
            self._foot.show(context, cut)
        return bool(pushed)


def _take_along(context: Any, lines: list[Any], notes: list[Any]) -> None:
    """Put the forgotten notes of *lines* on the way to the next page."""
    for line in lines:
        for part in line.descendants():
            if part.footnote in context.footnotes:
                notes.append(part.footnote)
                context.layout_footnote(part.footnote)
                context.report_footnote(part.footnote)
