"""The foot of a page: how high its notes are, and which part of a long one it shows.

A note is laid out within the room that it has; the next page goes on where this one stops. While a note waits
for room, those behind it wait too, so that their order stays. WeasyPrint lays all notes of a page out anew
whenever one is added; here each is measured once.

Nothing is kept from one attempt at a page to the next but what the page before has left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any, NamedTuple

from bifolio.pdf.engine.boxes import create_anonymous_boxes
from bifolio.pdf.engine.facts import box_facts, note_facts
from bifolio.pdf.engine.layout import block_level_layout
from bifolio.pdf.engine.signatures import Call, Result
from bifolio.pdf.engine.text import strut
from bifolio.pdf.footnotes.area import area_height, content_bottom, count_lines, max_area_height

_SHARE = 0.6
"""How much of a page notes may take that are split, while there is text to set on it."""
_LITTLE = 0.25
"""How much of a page a note may take where the rest is fitted to what it leaves: a figure, or columns."""
_FEWEST = 2
"""How many lines of a note stand on either page at least."""
_SLACK = 0.01
"""In px: sums are rounded."""


class SplitPoint(NamedTuple):
    """A note of which a page shows a part, and none of the notes behind it."""

    note: Any
    height: float = 0.0
    """How high the area of notes is with it, in px; 0 where nothing of the note is shown."""
    stop: Any = None
    """Where the next page goes on with it."""
    forced: bool = False
    """Whether it breaks even where it should not, for it is longer than a page."""


class _Part(NamedTuple):
    """A part of a note, laid out."""

    lines: int
    stop: Any
    height: float
    """How high the area of notes is with it, in px."""


class PageFootnotes:
    """The notes of the page that is being laid out."""

    def __init__(self) -> None:
        self._cited: dict[Any, list[Any]] = {}
        self._is_measuring = False
        self.begin({}, blank=True)

    def begin(self, starts: dict[Any, Any], *, blank: bool) -> None:
        """Begin a page that has notes from the page before, by where they go on, and no text if *blank*."""
        self.starts = starts
        self.cut: SplitPoint | None = None
        self.new: Any = None
        """The note that has been added last, until the area is changed again."""
        self.over = False
        """Whether the notes are higher than the sheet allows."""
        self._share = 1.0 if blank else _SHARE
        self._ready: dict[Any, Any] = {}
        self._known: dict[Any, tuple[float, Result]] = {}
        """What each note takes, and from where on the page."""
        self._lines: dict[Any, int] = {}
        self._tried: _Part | None = None

    def end(self, context: Any, blank: float) -> dict[Any, Any]:
        """End the page, whose text has left *blank* px above the notes.

        Return the notes of which the next page shows something, by where they go on there.
        """
        self._fill(context, blank)
        if self.cut:
            notes = self._notes(context)
            place = notes.index(self.cut.note)
            context.current_page_footnotes = notes[:place]
            context.reported_footnotes[:0] = notes[place:]
        left = {note: self.starts.get(note) for note in context.reported_footnotes}
        if self.cut and self.cut.height:
            left[self.cut.note] = self.cut.stop
        return left

    def update(self, context: Any) -> bool:
        """Measure the area of notes, and say whether it is higher than the sheet allows."""
        if self._is_measuring:
            return False
        area, notes = context.current_footnote_area, self._notes(context)
        if not context.in_column:
            context.page_bottom += area_height(context)
        self.new, self.over = None, False
        if self.cut and self.cut.note not in notes:
            self.cut = None
        shown = [note for note in notes if not self.is_hidden(context, note)]
        area.children = [self._marked(note.copy(), note) for note in shown]
        if shown:
            measured = area.copy_with_children([self._readied(area, note) for note in shown])
            with self.measuring_area(context):
                laid = block_level_layout(context, measured, -inf, None, area.page)[0]
            area.height = laid.height
            end = laid.content_box_y() + laid.height + _SLACK
            self.over = max_area_height(area) < inf and content_bottom(laid.children[-1]) > end
        else:
            area.height = 0 if context.in_column else "auto"
        if not context.in_column:
            context.page_bottom -= area_height(context)
        return self.over

    def lay_out(self, in_flow_layout: Callable[..., Any], call: Call) -> Result:
        """Lay out a footnote by *in_flow_layout*, from where it continues to where it is split."""
        note, cut = box_facts(call.child).footnote_part
        call = call._replace(skip_stack=self.starts.get(note))
        if cut:
            return self._lay_out_part(in_flow_layout, call, cut)
        if call.child is not self._ready.get(note):
            return Result(*in_flow_layout(*call))
        key = call.child, bool(call.new_children), *call.adjoining_margins
        if key not in self._known:
            result = Result(*in_flow_layout(*call))
            self._lines[note] = count_lines(result.new_children[-1])
            self._known[key] = (
                call.position_y,
                result._replace(
                    new_children=result.new_children[-1:], adjoining_margins=[*result.adjoining_margins]
                ),
            )
            return result
        y, result = self._known[key]
        return result._replace(
            position_y=call.position_y + result.position_y - y,
            new_children=[*call.new_children, *result.new_children],
            adjoining_margins=[*result.adjoining_margins],
        )

    @contextmanager
    def measuring_area(self, context: Any) -> Iterator[None]:
        """Lay out the footnote area in this context: its lines call no footnotes, and push none away."""
        kept = context.footnotes, context.current_page_footnotes
        context.footnotes, context.current_page_footnotes, self._is_measuring = [], [], True
        try:
            yield
        finally:
            context.footnotes, context.current_page_footnotes = kept
            self._is_measuring = False

    def go_on(self, context: Any, note: Any) -> None:
        """Show of *note*, from the page before, what finds room in the share that notes have of a page."""
        self._set_in(context, note, self.most(context))
        if self._notes(context)[0] is note and self.is_hidden(context, note):
            # The page must show something of it, or there would be no end.
            self.show(context, None)
            whole = context.current_footnote_area.page.height
            too_high = self.over or area_height(context) > whole
            if too_high and not self.show_part(context, note, whole, forced=True):
                self.show(context, None)

    def show_part(self, context: Any, note: Any, most: float, *, forced: bool = False) -> bool:
        """Show a part of *note*, the area of notes being *most* px high at most; say whether that is done."""
        most = min(most, max_area_height(context.current_footnote_area))
        for _ in range(_FEWEST):
            self._tried = None
            self.show(context, SplitPoint(note, most - _SLACK, None, forced))
            part = self._tried
            if part is None or part.stop is None or (part.lines < _FEWEST and not forced):
                return False
            if self._lines[note] - part.lines >= _FEWEST or forced:
                self.show(context, SplitPoint(note, part.height + _SLACK, part.stop, forced))
                return True
            most = part.height - 1
        return False

    def show_little(self, context: Any, note: Any) -> None:
        """Show so much of *note* that what is fitted to the page keeps most of it."""
        self.show(context, SplitPoint(note))
        most = area_height(context) + _LITTLE * context.current_footnote_area.page.height
        self.show(context, None)
        if area_height(context) > most and not self.show_part(context, note, most):
            self.show(context, None)

    def show(self, context: Any, cut: SplitPoint | None) -> None:
        """Show the notes up to *cut*, or all."""
        self.cut = cut
        context._update_footnote_area()

    def is_hidden(self, context: Any, note: Any) -> bool:
        """Say whether nothing of *note* is shown, for it waits for the next page."""
        if self.cut is None:
            return False
        notes = self._notes(context)
        return note in notes[notes.index(self.cut.note) + bool(self.cut.height) :]

    def may_split(self, note: Any) -> bool:
        """Say whether *note*, which has been shown, is long enough to stand on two pages."""
        return self._lines.get(note, 0) >= 2 * _FEWEST

    def most(self, context: Any) -> float:
        """Return how many px notes may take that are split."""
        return float(context.current_footnote_area.page.height) * self._share

    def _fill(self, context: Any, blank: float) -> None:
        """Show more of the notes where the text has left *blank* px above them."""
        was, notes = self.cut, self._notes(context)
        if was is None or blank < strut(was.note.style)[0]:
            return
        most = area_height(context) + blank
        for place in range(notes.index(was.note), len(notes)):
            behind = notes[place + 1 :]
            self.show(context, SplitPoint(behind[0]) if behind else None)
            self._set_in(context, notes[place], most)
            if self.cut and self.cut.note is notes[place]:
                break
        if self.cut and self.cut.note is was.note and not self.cut.height:
            self.show(context, was)

    def _set_in(self, context: Any, note: Any, most: float) -> None:
        """Show of *note* what finds room when the area of notes is *most* px high at most."""
        if self.is_hidden(context, note) or (area_height(context) <= most and not self.over):
            return
        if not self.show_part(context, note, most):
            self.show(context, SplitPoint(note))

    def _lay_out_part(self, in_flow_layout: Callable[..., Any], call: Call, cut: SplitPoint) -> Result:
        """Lay out the part of a note that finds room, and keep what has been tried."""
        area, before = call.box, len(call.new_children)
        below = area.margin_bottom + area.border_bottom_width + area.padding_bottom
        space = call.context.page_bottom - (area.position_y + cut.height - below)
        call = call._replace(bottom_space=space, page_is_empty=cut.forced)
        result = Result(*in_flow_layout(*call))
        if result.abort or len(result.new_children) <= before:
            return call.unchanged()
        part, stop = result.new_children[-1], (result.resume_at or {}).get(call.child_index)
        self._tried = _Part(count_lines(part), stop, content_bottom(part, stop) + below - area.position_y)
        return result._replace(stop=False, resume_at=None)

    def _notes(self, context: Any) -> list[Any]:
        """Return the notes of the page, behind each those that it cites itself."""
        notes: list[Any] = []
        pending = list(context.current_page_footnotes)
        while pending:
            note = pending.pop(0)
            if note in notes:
                continue
            notes.append(note)
            if note not in self._cited:
                self._cited[note] = [box.footnote for box in note.descendants() if box.footnote]
            pending[:0] = self._cited[note]
        return notes

    def _readied(self, area: Any, note: Any) -> Any:
        """Return a copy of *note* that can be laid out, the same one each time on a page."""
        if note not in self._ready:
            alone = area.copy_with_children([note.deepcopy()])
            (self._ready[note],) = create_anonymous_boxes(alone).children
        return self._marked(self._ready[note], note)

    def _marked(self, box: Any, note: Any) -> Any:
        note_facts(box, footnote_part=(note, self.cut if self.cut and self.cut.note is note else None))
        return box
