"""Figures that find no room on their page: made smaller, or set behind the text that follows them.

WeasyPrint sets a figure where it stands, or starts a page for it and leaves the rest of this one empty. Here
its picture shrinks where only a little lacks. Where more does, the text behind it fills the page, and the
figure stands at the head of the next: before the next heading, before the end of its section, and behind no
later figure. It is decided anew whenever a page is laid out, from where that page begins; the text stays as
it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

from bifolio.pdf.calls import BOUNDLESS, Call, Result
from bifolio.pdf.fitting import fitted, pictures_of, styled

_RUNNING = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre"})
"""What a figure may be set behind, unless it must stay together or goes with what follows it."""
_LEAST = 0.1
"""How small a picture may become, beside its own size, where its figure fills a page."""

# A figure may leave its place between two paragraphs, and then nothing else parts them.
STYLE = """
.text > p + figure:has(figcaption):not(.listing) + p { text-indent: var(--indent, 0) }
"""


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """What becomes of a figure that does not fit."""

    follow: bool = True
    """Whether it may stand behind the text that follows it, if it has a caption."""
    shrink: float = 0.7
    """How small its picture may become, beside its own size."""


@contextmanager
def placed(style: FigureStyle) -> Iterator[None]:
    """Let the layout find room for figures meanwhile."""
    lay_out = block._in_flow_layout
    block._in_flow_layout = _Placer(style, lay_out).lay_out
    try:
        yield
    finally:
        block._in_flow_layout = lay_out


class _Waiting(NamedTuple):
    """A figure that is to stand at the head of the next page."""

    flow: Any
    """The box that it stands in."""
    number: int
    figure: Any


class _Placer:
    """Stands before WeasyPrint's function that lays out a child of a block."""

    def __init__(self, style: FigureStyle, own: Any) -> None:
        self._style = style
        self._own = own
        self._waiting: dict[int, list[_Waiting]] = {}
        """What waits when a page has been laid out, by its number."""

    def lay_out(self, *arguments: Any) -> Result:
        """Lay a child out, figures that have waited before it; in place of `_in_flow_layout`."""
        call = Call(*arguments)
        if not self._style.follow or not _is_flow(call):
            return self._set(call)
        if call.opens():
            return self._begin(call)
        return self._go_on(call)

    def _begin(self, call: Call) -> Result:
        """Set at the head of the page what has waited for it, then the child."""
        page = call.context.current_page
        earlier = max((number for number in self._waiting if number < page), default=page)
        # When the page before was cut back to before a figure, that is met again by itself.
        due = [
            one
            for one in self._waiting.get(earlier, [])
            if one.flow is call.box and one.number < call.number and earlier < page
        ]
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
            return result._replace(resume_at={call.number: call.skip_stack})
        return result

    def _set_head(self, call: Call, one: _Waiting) -> Call:
        """Set a figure that has waited, or let it wait on; return the call for what stands below it."""
        figure = one.figure.copy()
        # A page that is cut back shall not end here: the next would begin without the figure.
        figure.style = styled(figure.style, break_after="avoid")
        figure.position_x, figure.position_y = call.child.position_x, call.child.position_y
        head = call._replace(child=figure, skip_stack=None, new_children=[*call.new_children])
        fit = fitted(head, _LEAST if call.opens() else self._style.shrink)
        if (fit or call.opens()) and not self._waiting[call.context.current_page]:
            result = Result(*self._own(*(fit or head)._replace(bottom_space=BOUNDLESS)))
            if not result.abort and not result.stop:
                return call.after(result)
            # Notes that come from the page before fill this one.
            block.remove_placeholders(call.context, [figure], call.absolute_boxes, call.fixed_boxes)
        self._wait(call, one)
        return call

    def _go_on(self, call: Call) -> Result:
        """Lay the child out if it may stand before the figures that wait, if any; else end the page."""
        waits = self._waiting.setdefault(call.context.current_page, [])
        if call.child.element_tag == _END:
            return call.ended(call.number) if waits else call.unchanged()
        follows = _may_follow(call.child)
        if waits and not follows and not _runs(call.child):
            return call.ended(call.number, call.skip_stack)
        result = self._put_off(call) if waits and follows else self._set(call)
        if waits and not result.abort and not result.stop and not any(_in_flow_behind(call)):
            call.box.children = [*call.box.children, _end(call.child)]
            return result._replace(stop=True, resume_at={call.number + 1: None})
        return result

    def _set(self, call: Call) -> Result:
        """Lay the child out; if it is a figure that does not fit, smaller, or later."""
        if call.context.in_column or call.skip_stack or not _is_figure(call.child):
            return Result(*self._own(*call))
        fit = fitted(call, self._style.shrink)
        if fit is None and self._style.follow and _is_flow(call) and not call.opens():
            behind = next((box for box in _in_flow_behind(call) if not _may_follow(box)), None)
            if _may_follow(call.child) and behind is not None and _runs(behind):
                return self._put_off(call)
        return Result(*self._own(*(fit or call)))

    def _put_off(self, call: Call) -> Result:
        self._wait(call, _Waiting(call.box, call.number, call.child))
        return call.unchanged()

    def _wait(self, call: Call, one: _Waiting) -> None:
        self._waiting[call.context.current_page].append(one)


_END = "bifolio:end"
"""The tag of an empty box at the end of a text, where what waits comes at last."""


def _end(last: Any) -> Any:
    """Return the empty box that ends the text behind its child *last*."""
    return boxes.BlockBox(_END, last.style.anonymous_style, None, [])


def _is_flow(call: Call) -> bool:
    """Say whether the box is a text as a whole, in one column."""
    element = call.box.element
    if element is None or element.tag != "article" or call.context.in_column:
        return False
    return "text" in element.get("class", "").split()


def _is_figure(box: Any) -> bool:
    return box.element is not None and box.element.tag == "figure" and box.style["break_inside"] == "avoid"


def _may_follow(box: Any) -> bool:
    """Say whether *box* is a figure of pictures and a caption, which may stand behind what follows it."""
    return (
        _is_figure(box)
        and {part.tag for part in box.element} >= {"figcaption"}
        and all(part.tag == "figcaption" or _is_picture(part.tag) for part in box.element)
        and bool(pictures_of(box))
        and box.style["break_before"] == box.style["break_after"] == "auto"
    )


def _is_picture(tag: str) -> bool:
    return tag in ("img", "{http://www.w3.org/2000/svg}svg")


def _runs(box: Any) -> bool:
    """Say whether *box* is running text, which fills a page to its foot."""
    style = box.style
    # A list stays with the words that lead to it, by WeasyPrint's own sheet.
    return (
        box.element is not None
        and box.element.tag in _RUNNING
        and style["break_before"] in ("auto", "avoid")
        and style["break_inside"] == style["break_after"] == "auto"
    )


def _in_flow_behind(call: Call) -> Iterator[Any]:
    return (box for box in call.box.children[call.number + 1 :] if box.is_in_normal_flow())
