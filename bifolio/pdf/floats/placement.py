"""Figures and tables that find no room on their page: made smaller, or set behind the text that follows them.

WeasyPrint sets a figure where it stands, or starts a page for it and leaves the rest of this one empty. Here
its pictures shrink where only a little lacks. Where more does, the text behind it fills the page, and the
figure stands at the head of the next: before the next heading, before the end of its section, and behind no
later figure. So does a table with a caption whose rows stay together. It is decided anew whenever a page is
laid out, from where that page begins; the text stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import remove_placeholders
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.signatures import BOUNDLESS, Call, Result
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

_LEAST = 0.1
"""How small a picture may become, beside its own size, where its figure fills a page."""


# A figure may leave its place between two paragraphs, and then nothing else parts them.
STYLE = """
.text > p + figure:has(figcaption):not(.listing) + p { text-indent: var(--indent, 0) }
.text > p + table:has(caption) + p { text-indent: var(--indent, 0) }
"""


class _Waiting(NamedTuple):
    """A figure or a table that is to stand at the head of the next page."""

    flow: Any
    """The box that it stands in."""
    child_index: int
    figure: Any


class FloatPlacer:
    """Places figures and tables in the chain of `_in_flow_layout`, and keeps those that wait."""

    def __init__(self, style: FigureStyle) -> None:
        self._style = style
        self._following: Callable[..., Any]
        """The next function of the chain."""
        self._waiting: dict[int, list[_Waiting]] = {}
        """What waits when a page has been laid out, by the number of the page."""

    def layer(self) -> Layer:
        """Return the layer that finds room for figures and tables."""
        return Layer("floats", {"weasyprint.layout.block._in_flow_layout": self._place})

    def _place(self, following: Callable[..., Any], *arguments: Any) -> Result:
        """Lay out a child of a block, after the figures that wait for its page."""
        self._following = following
        call = Call(*arguments)
        if not self._style.follow or not is_single_column_text(call):
            return self._set(call)
        if call.opens():
            return self._begin(call)
        return self._go_on(call)

    def starts_with_landscape_table(self, page: int, begins: Sequence[tuple[Any, int]]) -> bool:
        """Say whether what has waited for *page*, or the first of it, is a table that is to be turned.

        *begins* is what begins the page: boxes in boxes, each with the number of the child that does.
        """
        due = next((due for box, index in begins if (due := self._due(page, box, index))), None)
        return bool(due and is_landscape_table(due[0].figure))

    def _due(self, page: int, flow: Any, index: int) -> list[_Waiting]:
        """Return what has waited in *flow* for *page*, which begins with the child at *index*."""
        earlier = max((number for number in self._waiting if number < page), default=page)
        # When the page before was cut back to before a figure, that is met again by itself.
        return [
            one
            for one in self._waiting.get(earlier, [])
            if one.flow is flow and one.child_index < index and earlier < page
        ]

    def _begin(self, call: Call) -> Result:
        """Set at the head of the page what has waited for it, then the child."""
        page = call.context.current_page
        due = self._due(page, call.box, call.child_index)
        if is_on_landscape_page(call) and any(
            map(is_landscape_table, [call.child, *(one.figure for one in due[:1])])
        ):
            return self._turn(call, due)
        self._waiting[page] = []
        if not due:
            return self._go_on(call)
        for one in due:
            call = self._set_head(call, one)
        heads = len(call.new_children)
        result = self._go_on(call)
        if result.abort:
            self._waiting[page] = due
        if call.skip_stack and result.stop and len(result.new_children) == heads:
            # Of a paragraph that goes on from the page before, nothing has found room.
            return result._replace(resume_at={call.child_index: call.skip_stack})
        return result

    def _set_head(self, call: Call, one: _Waiting) -> Call:
        """Set a figure that has waited, or let it wait on; return the call for what stands below it."""
        figure = one.figure.copy()
        # A page that is cut back shall not end here: the next would begin without the figure.
        figure.style = copy_style(figure.style, break_after="avoid")
        figure.position_x, figure.position_y = call.child.position_x, call.child.position_y
        head = call._replace(child=figure, skip_stack=None, new_children=[*call.new_children])
        fit = fit_to_page(head, _LEAST if call.opens() else self._style.shrink)
        # A table cannot become smaller: notes from the page before may leave too little room.
        must = call.opens() and not (is_table_wrapper(figure) and call.context.current_page_footnotes)
        if (fit or must) and not is_landscape_table(figure) and not self._waiting[call.context.current_page]:
            result = Result(*self._following(*(fit or head)._replace(bottom_space=BOUNDLESS)))
            if not result.abort and not result.stop:
                return call.after(result)
            # Notes that come from the page before fill this one.
            remove_placeholders(call.context, [figure], call.absolute_boxes, call.fixed_boxes)
        self._wait(call, one)
        return call

    def _turn(self, call: Call, due: list[_Waiting]) -> Result:
        """Lay out, on a landscape page, only the table that has waited for it, or the child."""
        page = call.context.current_page
        if is_landscape_table(call.child):
            self._waiting[page] = due
            return self._close(call, self._set(call), due)
        table = due[0].figure.copy()
        table.position_x, table.position_y = call.child.position_x, call.child.position_y
        head = call._replace(child=table, skip_stack=None, new_children=[*call.new_children])
        self._waiting[page] = due[1:]
        if call.context.current_page_footnotes and fit_to_page(head, _LEAST) is None:
            self._waiting[page] = due
        else:
            call = call.after(Result(*self._following(*head._replace(bottom_space=BOUNDLESS))))
        is_end = call.child.element_tag == _END and not self._waiting[page]
        return call.unchanged() if is_end else call.ended(call.child_index, call.skip_stack)

    def _go_on(self, call: Call) -> Result:
        """Lay the child out if it may stand before the figures that wait, if any; else end the page."""
        waits = self._waiting.setdefault(call.context.current_page, [])
        if call.child.element_tag == _END:
            return call.ended(call.child_index) if waits else call.unchanged()
        follows = bool(waits) and can_float(call, call.child) and not is_landscape_table(call.child)
        if waits and not follows and not is_running_text(call.child):
            return call.ended(call.child_index, call.skip_stack)
        result = self._put_off(call) if follows else self._set(call)
        return self._close(call, result, waits)

    def _close(self, call: Call, result: Result, waits: list[_Waiting]) -> Result:
        """Return *result*, or that a page follows where the text ends and something waits."""
        if not waits or result.abort or result.stop or any(following_in_flow(call)):
            return result
        call.box.children = [*call.box.children, _end(call.child)]
        return result._replace(stop=True, resume_at={call.child_index + 1: None})

    def _set(self, call: Call) -> Result:
        """Lay the child out; if it does not fit, smaller, or later."""
        if call.context.in_column or call.skip_stack or not is_float_candidate(call):
            return Result(*self._following(*call))
        if is_landscape_table(call.child):
            if is_on_landscape_page(call):
                call.child.style = copy_style(call.child.style, break_after="page")
                return Result(*self._following(*call))
            if self._style.follow and can_fit_landscape_page(call):
                return self._put_off(call)
            call.child.style = copy_style(call.child.style, break_before="page")
            return call.ended(call.child_index)
        fit = fit_to_page(call, self._style.shrink)
        may_leave = fit is None and self._style.follow and is_single_column_text(call) and not call.opens()
        if may_leave and can_float(call, call.child) and has_text_to_fill_page(call):
            return self._put_off(call)
        return Result(*self._following(*(fit or call)))

    def _put_off(self, call: Call) -> Result:
        self._wait(call, _Waiting(call.box, call.child_index, call.child))
        return call.unchanged()

    def _wait(self, call: Call, one: _Waiting) -> None:
        self._waiting[call.context.current_page].append(one)


_END = "bifolio:end"
"""The tag of an empty box at the end of a text, where what waits comes at last."""


def _end(last: Any) -> Any:
    """Return the empty box that ends the text behind its child *last*."""
    return boxes.BlockBox(_END, last.style.anonymous_style, None, [])
