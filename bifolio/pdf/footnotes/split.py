"""Decides which footnotes a page shows, and where a long one is split between pages.

A footnote is laid out within the room that it has; the next page continues where this one stops. While a
footnote waits for room, those after it wait too, so that their order is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any, NamedTuple

from bifolio.pdf.engine.box_facts import box_facts, set_box_facts
from bifolio.pdf.engine.call_signatures import Call, Result
from bifolio.pdf.engine.layout import block_level_layout
from bifolio.pdf.engine.text import strut
from bifolio.pdf.footnotes.area import area_height, content_bottom, count_lines, max_area_height
from bifolio.pdf.footnotes.layout_cache import FootnoteLayouts

_MAX_SHARE = 0.6
"""The share of a page that split footnotes may take while there is text to lay out on it."""
_MAX_BEGINNING = 0.25
"""The share of a page that a footnote may take where content is fitted above it: a float, or columns."""
_MIN_LINES = 2
"""The fewest lines of a split footnote on either page."""
_SLACK = 0.01
"""In CSS px: sums are rounded."""


class SplitPoint(NamedTuple):
    """Where the footnote area of a page ends: in this footnote, or before it; those after it wait."""

    footnote: Any
    area_height: float = 0.0
    """The height of the footnote area with the part, in CSS px; 0 where none of the footnote is shown."""
    resume_at: Any = None
    """Where the next page continues the footnote."""
    is_forced: bool = False
    """Whether it breaks even where breaks are avoided, as it is longer than a page."""


class _Part(NamedTuple):
    """A part of a footnote, laid out."""

    line_count: int
    resume_at: Any
    area_height: float
    """The height of the footnote area with the part, in CSS px."""


class PageFootnotes:
    """The footnotes of one attempt at a page."""

    def __init__(self, starts: dict[Any, Any], nested: dict[Any, list[Any]], *, is_blank: bool) -> None:
        """Begin a page, which holds no text if *is_blank*.

        *starts* are the footnotes from the page before, with where each continues. *nested* caches the
        footnotes that each footnote calls itself, for all pages.
        """
        self.starts = starts
        self.split_point: SplitPoint | None = None
        self.newest: Any = None
        """The footnote that was added last, until the area changes again."""
        self._nested = nested
        self._max_share = 1.0 if is_blank else _MAX_SHARE
        self._layouts = FootnoteLayouts()
        self._is_measuring = False
        self._overflows = False
        """Whether the footnotes are higher than the stylesheet allows."""
        self._tried: _Part | None = None

    def end(self, context: Any, blank: float) -> dict[Any, Any]:
        """End the page, whose text leaves *blank* CSS px above the footnote area.

        Return the footnotes of which the next page shows something, with where each continues.
        """
        self._fill(context, blank)
        if self.split_point:
            footnotes = self._footnotes(context)
            index = footnotes.index(self.split_point.footnote)
            context.current_page_footnotes = footnotes[:index]
            context.reported_footnotes[:0] = footnotes[index:]
        left = {footnote: self.starts.get(footnote) for footnote in context.reported_footnotes}
        if self.split_point and self.split_point.area_height:
            left[self.split_point.footnote] = self.split_point.resume_at
        return left

    def update_area(self, context: Any) -> bool:
        """Measure the footnote area; return whether it is higher than the stylesheet allows."""
        if self._is_measuring:
            return False
        area, footnotes = context.current_footnote_area, self._footnotes(context)
        if not context.in_column:
            context.page_bottom += area_height(context)
        self.newest, self._overflows = None, False
        if self.split_point and self.split_point.footnote not in footnotes:
            self.split_point = None
        shown = [footnote for footnote in footnotes if not self.is_hidden(context, footnote)]
        area.children = [self._mark(footnote.copy(), footnote) for footnote in shown]
        if shown:
            prepared = [self._mark(self._layouts.box_for(area, footnote), footnote) for footnote in shown]
            measured = area.copy_with_children(prepared)
            with self.measuring_area(context):
                laid_out = block_level_layout(context, measured, -inf, None, area.page)[0]
            area.height = laid_out.height
            end = laid_out.content_box_y() + laid_out.height + _SLACK
            self._overflows = max_area_height(area) < inf and content_bottom(laid_out.children[-1]) > end
        else:
            area.height = 0 if context.in_column else "auto"
        if not context.in_column:
            context.page_bottom -= area_height(context)
        return self._overflows

    @contextmanager
    def measuring_area(self, context: Any) -> Iterator[None]:
        """Lay out the footnote area while the context is active: its lines add and push away no footnotes."""
        footnotes = context.footnotes, context.current_page_footnotes
        context.footnotes, context.current_page_footnotes, self._is_measuring = [], [], True
        try:
            yield
        finally:
            context.footnotes, context.current_page_footnotes = footnotes
            self._is_measuring = False

    def lay_out(self, in_flow_layout: Callable[..., Any], call: Call) -> Result:
        """Lay out a footnote by *in_flow_layout*, from where it continues to where it is split."""
        footnote, split_point = box_facts(call.child).footnote_part
        call = call._replace(skip_stack=self.starts.get(footnote))
        if split_point:
            return self._lay_out_part(in_flow_layout, call, split_point)
        if self._layouts.has_box(call.child, footnote):
            return self._layouts.lay_out(in_flow_layout, call, footnote)
        return Result(*in_flow_layout(*call))

    def continue_footnote(self, context: Any, footnote: Any) -> None:
        """Show as much of *footnote*, from the page before, as fits the share of split footnotes."""
        self._fit(context, footnote, self.max_split_height(context))
        if self._footnotes(context)[0] is footnote and self.is_hidden(context, footnote):
            # The page must show something of it, or layout would never end.
            self.show_up_to(context, None)
            page = context.current_footnote_area.page.height
            is_too_high = self._overflows or area_height(context) > page
            if is_too_high and not self.show_part(context, footnote, page, is_forced=True):
                self.show_up_to(context, None)

    def show_part(self, context: Any, footnote: Any, max_height: float, *, is_forced: bool = False) -> bool:
        """Show a part of *footnote* in an area of *max_height* CSS px or less; return whether one fits."""
        max_height = min(max_height, max_area_height(context.current_footnote_area))
        for _ in range(_MIN_LINES):
            self._tried = None
            self.show_up_to(context, SplitPoint(footnote, max_height - _SLACK, None, is_forced))
            part = self._tried
            if part is None or part.resume_at is None or (part.line_count < _MIN_LINES and not is_forced):
                return False
            if self._layouts.line_count(footnote) - part.line_count >= _MIN_LINES or is_forced:
                height = part.area_height + _SLACK
                self.show_up_to(context, SplitPoint(footnote, height, part.resume_at, is_forced))
                return True
            max_height = part.area_height - 1
        return False

    def show_beginning(self, context: Any, footnote: Any) -> None:
        """Show so little of *footnote* that content that is fitted to the page keeps most of it."""
        self.show_up_to(context, SplitPoint(footnote))
        max_height = area_height(context) + _MAX_BEGINNING * context.current_footnote_area.page.height
        self.show_up_to(context, None)
        if area_height(context) > max_height and not self.show_part(context, footnote, max_height):
            self.show_up_to(context, None)

    def show_up_to(self, context: Any, split_point: SplitPoint | None) -> None:
        """Show the footnotes up to *split_point*, or all."""
        self.split_point = split_point
        context._update_footnote_area()

    def is_hidden(self, context: Any, footnote: Any) -> bool:
        """Return whether none of *footnote* is shown, as it waits for the next page."""
        if self.split_point is None:
            return False
        footnotes = self._footnotes(context)
        first_hidden = footnotes.index(self.split_point.footnote) + bool(self.split_point.area_height)
        return footnote in footnotes[first_hidden:]

    def can_split(self, footnote: Any) -> bool:
        """Return whether *footnote*, which has been shown, has enough lines for two pages."""
        return self._layouts.line_count(footnote) >= 2 * _MIN_LINES

    def max_split_height(self, context: Any) -> float:
        """Return the height in CSS px that split footnotes may take."""
        return float(context.current_footnote_area.page.height) * self._max_share

    def _fill(self, context: Any, blank: float) -> None:
        """Show more of the footnotes where the text leaves *blank* CSS px above them."""
        before, footnotes = self.split_point, self._footnotes(context)
        if before is None or blank < strut(before.footnote.style)[0]:
            return
        max_height = area_height(context) + blank
        for index in range(footnotes.index(before.footnote), len(footnotes)):
            waiting = footnotes[index + 1 :]
            self.show_up_to(context, SplitPoint(waiting[0]) if waiting else None)
            self._fit(context, footnotes[index], max_height)
            if self.split_point and self.split_point.footnote is footnotes[index]:
                break
        after = self.split_point
        if after and after.footnote is before.footnote and not after.area_height:
            self.show_up_to(context, before)

    def _fit(self, context: Any, footnote: Any, max_height: float) -> None:
        """Show as much of *footnote* as fits an area of *max_height* CSS px."""
        is_whole = area_height(context) <= max_height and not self._overflows
        if self.is_hidden(context, footnote) or is_whole:
            return
        if not self.show_part(context, footnote, max_height):
            self.show_up_to(context, SplitPoint(footnote))

    def _lay_out_part(
        self, in_flow_layout: Callable[..., Any], call: Call, split_point: SplitPoint
    ) -> Result:
        """Lay out the part of a footnote that fits, and record it."""
        area, count = call.box, len(call.new_children)
        below = area.margin_bottom + area.border_bottom_width + area.padding_bottom
        bottom_space = call.context.page_bottom - (area.position_y + split_point.area_height - below)
        call = call._replace(bottom_space=bottom_space, page_is_empty=split_point.is_forced)
        result = Result(*in_flow_layout(*call))
        if result.abort or len(result.new_children) <= count:
            return call.skip_child()
        part, resume_at = result.new_children[-1], (result.resume_at or {}).get(call.child_index)
        height = content_bottom(part, resume_at) + below - area.position_y
        self._tried = _Part(count_lines(part), resume_at, height)
        return result._replace(stop=False, resume_at=None)

    def _footnotes(self, context: Any) -> list[Any]:
        """Return the footnotes of the page, each followed by those that it calls itself."""
        footnotes: list[Any] = []
        pending = list(context.current_page_footnotes)
        while pending:
            footnote = pending.pop(0)
            if footnote in footnotes:
                continue
            footnotes.append(footnote)
            if footnote not in self._nested:
                self._nested[footnote] = [box.footnote for box in footnote.descendants() if box.footnote]
            pending[:0] = self._nested[footnote]
        return footnotes

    def _mark(self, box: Any, footnote: Any) -> Any:
        """Record on *box* that it lays out *footnote*, and up to where; return it."""
        is_split = self.split_point and self.split_point.footnote is footnote
        set_box_facts(box, footnote_part=(footnote, self.split_point if is_split else None))
        return box
