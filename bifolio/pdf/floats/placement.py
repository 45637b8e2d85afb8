"""Places figures and tables that do not fit on their page: smaller, or after the text that follows them.

WeasyPrint lays out a figure where it is written, or starts a page for it and leaves the rest of this one
empty. Here its images shrink if it overflows by a little. If it overflows by more, the text after it fills
the page, and the figure is deferred to the top of the next page: before the next heading, before the end of
its section, and never after a later figure. So is a table with a caption whose rows stay together. This is
decided again whenever a page is laid out, from the start of that page; the text stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.call_signatures import UNBOUNDED_SPACE, Call, Result
from bifolio.pdf.engine.layout import remove_placeholders
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.floats.eligibility import (
    can_fit_landscape_page,
    can_float,
    fit_to_page,
    following_in_flow,
    has_text_to_fill_page,
    is_float_candidate,
    is_on_landscape_page,
    is_running_text,
    is_single_column_text,
    is_table_wrapper,
)
from bifolio.pdf.floats.fit import copy_style
from bifolio.pdf.job import FigureStyle
from bifolio.pdf.tables.landscape import is_landscape_table

_MIN_PAGE_SCALE = 0.1
"""The smallest scale of an image whose figure fills a page."""
_END_TAG = "bifolio:end"
"""The tag of an empty box that ends a text, before which its last deferred floats are placed."""


# Between two paragraphs a figure may float away, so that an indent must separate them.
STYLE = """
.text > p + figure:has(figcaption):not(.listing) + p { text-indent: var(--indent, 0) }
.text > p + table:has(caption) + p { text-indent: var(--indent, 0) }
"""


class _DeferredFloat(NamedTuple):
    """A figure or a table that is deferred to the top of the next page."""

    parent: Any
    """The box of the text that it belongs to."""
    child_index: int
    box: Any


class FloatPlacer:
    """Hooks into `_in_flow_layout` to place figures and tables, and holds those that are deferred."""

    def __init__(self, style: FigureStyle) -> None:
        self._style = style
        self._following: Callable[..., Any]
        """The next function of the chain."""
        self._deferred: dict[int, list[_DeferredFloat]] = {}
        """The floats that each laid-out page defers, by page number."""

    def layer(self) -> Layer:
        """Return the layer that places figures and tables."""
        return Layer("floats", {"weasyprint.layout.block._in_flow_layout": self._in_flow_layout})

    def has_deferred_table(self, page_number: int, path: Sequence[tuple[Any, int]]) -> bool:
        """Return whether the first float deferred to the page *page_number* is a landscape table.

        *path* leads to the first content of the page: nested boxes, each with the index of its first child on
        the page.
        """
        due = next((due for box, index in path if (due := self._due(page_number, box, index))), None)
        return bool(due and is_landscape_table(due[0].box))

    def _in_flow_layout(self, following: Callable[..., Any], *arguments: Any) -> Result:
        """Lay out a child of a block, after the floats that are deferred to its page."""
        self._following = following
        call = Call(*arguments)
        if not self._style.may_float or not is_single_column_text(call):
            return self._lay_out_or_defer(call)
        if call.is_first_child():
            return self._begin_page(call)
        return self._continue_page(call)

    def _due(self, page_number: int, parent: Any, index: int) -> list[_DeferredFloat]:
        """Return the floats of *parent* deferred to the page that begins with the child at *index*."""
        earlier = max((number for number in self._deferred if number < page_number), default=page_number)
        # If the page before was cut back to before a figure, that figure is met again in the text.
        return [
            deferred
            for deferred in self._deferred.get(earlier, [])
            if deferred.parent is parent and deferred.child_index < index and earlier < page_number
        ]

    def _begin_page(self, call: Call) -> Result:
        """Place the floats deferred to this page at its top, then lay out the child."""
        page_number = call.context.current_page
        due = self._due(page_number, call.box, call.child_index)
        first_boxes = [call.child, *(deferred.box for deferred in due[:1])]
        if is_on_landscape_page(call) and any(map(is_landscape_table, first_boxes)):
            return self._lay_out_landscape_page(call, due)
        self._deferred[page_number] = []
        if not due:
            return self._continue_page(call)
        for deferred in due:
            call = self._place_at_top(call, deferred)
        placed = len(call.new_children)
        result = self._continue_page(call)
        if result.abort:
            self._deferred[page_number] = due
        if call.skip_stack and result.stop and len(result.new_children) == placed:
            # A paragraph that continues from the page before has found no room for a line.
            return result._replace(resume_at={call.child_index: call.skip_stack})
        return result

    def _place_at_top(self, call: Call, deferred: _DeferredFloat) -> Call:
        """Place *deferred*, or defer it again; return the call for the content below it."""
        box = deferred.box.copy()
        # A page that is cut back must not end here: the next page would begin without the float.
        box.style = copy_style(box.style, break_after="avoid")
        box.position_x, box.position_y = call.child.position_x, call.child.position_y
        top = call._replace(child=box, skip_stack=None, new_children=[*call.new_children])
        fit = fit_to_page(top, _MIN_PAGE_SCALE if call.is_first_child() else self._style.least_scale)
        # A table cannot shrink: footnotes from the page before may leave too little room.
        must_place = call.is_first_child() and not (
            is_table_wrapper(box) and call.context.current_page_footnotes
        )
        has_deferred = bool(self._deferred[call.context.current_page])
        if (fit or must_place) and not is_landscape_table(box) and not has_deferred:
            result = Result(*self._following(*(fit or top)._replace(bottom_space=UNBOUNDED_SPACE)))
            if not result.abort and not result.stop:
                return call.after(result)
            # Footnotes from the page before fill this one.
            remove_placeholders(call.context, [box], call.absolute_boxes, call.fixed_boxes)
        self._deferred[call.context.current_page].append(deferred)
        return call

    def _lay_out_landscape_page(self, call: Call, due: list[_DeferredFloat]) -> Result:
        """Lay out on a landscape page nothing but the deferred table, or the child."""
        page_number = call.context.current_page
        if is_landscape_table(call.child):
            self._deferred[page_number] = due
            return self._add_page_for(due, call, self._lay_out_or_defer(call))
        table = due[0].box.copy()
        table.position_x, table.position_y = call.child.position_x, call.child.position_y
        top = call._replace(child=table, skip_stack=None, new_children=[*call.new_children])
        self._deferred[page_number] = due[1:]
        if call.context.current_page_footnotes and fit_to_page(top, _MIN_PAGE_SCALE) is None:
            self._deferred[page_number] = due
        else:
            call = call.after(Result(*self._following(*top._replace(bottom_space=UNBOUNDED_SPACE))))
        is_end = call.child.element_tag == _END_TAG and not self._deferred[page_number]
        return call.skip_child() if is_end else call.end_page(call.child_index, call.skip_stack)

    def _continue_page(self, call: Call) -> Result:
        """Lay out the child if it may precede the deferred floats, if any; otherwise end the page."""
        deferred = self._deferred.setdefault(call.context.current_page, [])
        if call.child.element_tag == _END_TAG:
            return call.end_page(call.child_index) if deferred else call.skip_child()
        must_defer = bool(deferred) and can_float(call, call.child) and not is_landscape_table(call.child)
        if deferred and not must_defer and not is_running_text(call.child):
            return call.end_page(call.child_index, call.skip_stack)
        result = self._defer(call) if must_defer else self._lay_out_or_defer(call)
        return self._add_page_for(deferred, call, result)

    def _add_page_for(self, deferred: list[_DeferredFloat], call: Call, result: Result) -> Result:
        """Return *result*, changed so that another page follows if the text ends with floats *deferred*."""
        if not deferred or result.abort or result.stop or any(following_in_flow(call)):
            return result
        end = boxes.BlockBox(_END_TAG, call.child.style.anonymous_style, None, [])
        call.box.children = [*call.box.children, end]
        return result._replace(stop=True, resume_at={call.child_index + 1: None})

    def _lay_out_or_defer(self, call: Call) -> Result:
        """Lay out the child; if it does not fit, shrink or defer it."""
        if call.context.in_column or call.skip_stack or not is_float_candidate(call):
            return Result(*self._following(*call))
        if is_landscape_table(call.child):
            if is_on_landscape_page(call):
                call.child.style = copy_style(call.child.style, break_after="page")
                return Result(*self._following(*call))
            if self._style.may_float and can_fit_landscape_page(call):
                return self._defer(call)
            call.child.style = copy_style(call.child.style, break_before="page")
            return call.end_page(call.child_index)
        fit = fit_to_page(call, self._style.least_scale)
        may_defer = (
            fit is None
            and self._style.may_float
            and is_single_column_text(call)
            and not call.is_first_child()
        )
        if may_defer and can_float(call, call.child) and has_text_to_fill_page(call):
            return self._defer(call)
        return Result(*self._following(*(fit or call)))

    def _defer(self, call: Call) -> Result:
        deferred = _DeferredFloat(call.box, call.child_index, call.child)
        self._deferred[call.context.current_page].append(deferred)
        return call.skip_child()
