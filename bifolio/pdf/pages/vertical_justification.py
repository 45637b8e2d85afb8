"""Full pages whose lowest lines stand at one height, though not all on them is as high as lines of the text.

When a text has been laid out, what is left at the foot of a page that is full goes into the gaps above and
below its headings, figures, tables, quotations, lists and code, by their shares, and never between the lines
of a paragraph. What hangs a little too low draws them together. Notes stand on the lowest line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, inf
from typing import Any, NamedTuple

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import strut

_MOST = 3.0
"""In lines: how much may be left at the foot of a page that is to be made even."""
_WIDER, _NARROWER = 0.75, 0.25
"""By which share of a line a gap grows at most, though never to more than twice its height, and by which
share of itself it shrinks."""
_HANGING = 0.25
"""In lines: how far the edge of what ends with no line may stand below the letters of the lowest line."""
_LACKING, _OVER = 0.15, 0.3
"""In lines: by how much the area of the text may grow so that a line more finds room, and how much of it may
stay below the lowest line, for pages with gaps that can shrink."""
_LEAST = 0.01
"""In px: what nobody sees."""


Next = Callable[..., Any]
"""The next function of the chain of hooks."""


def vertical_justification() -> Layer:
    """Return the layer that aligns the last baselines of full pages; margin boxes are laid out after it."""
    aligner = _PageBottomAligner()
    return Layer(
        "vertical_justification",
        {
            "weasyprint.layout.page.make_page": aligner.make_page,
            "weasyprint.layout.page.page_height": aligner.page_height,
            "weasyprint.layout.make_margin_boxes": aligner.make_margin_boxes,
        },
    )


class _PageBottomAligner:
    """The hooks, named after the functions of WeasyPrint that they patch, and their state during a layout."""

    def __init__(self) -> None:
        self._line = self._baseline = 0.0
        """The height of a line of the text, and the height above its baseline, in CSS px."""
        self._heights: dict[Any, float] = {}
        """The heights of the page areas as the stylesheet has them, in CSS px."""

    def make_page(self, following: Next, context: Any, root: Any, *rest: Any) -> Any:
        """Measure a line of the text before the first page."""
        if not self._line:
            self._line, self._baseline = strut(_style_of_text(root))
        return following(context, root, *rest)

    def page_height(self, following: Next, page: Any, context: Any, available: Any) -> None:
        """Make a page as high as a number of lines and little more while it is laid out."""
        following(page, context, available)
        self._heights[page] = page.height
        page.height = min(max(page.height, self._high(page)), self._high(page) + _OVER * self._line)

    def _high(self, page: Any) -> float:
        """Return how high the lines of a full page are."""
        return floor(self._heights[page] / self._line + _LACKING) * self._line

    def make_margin_boxes(self, following: Next, context: Any, page: Any, state: Any) -> Any:
        """Align the last baseline of *page*, then make its margin boxes."""
        target = page.content_box_y() + self._high(page) - self._line + self._baseline
        page.height = self._heights.pop(page)
        root, notes, _ = page.children
        if notes.children:
            rest = target - _last_baseline(notes, 0)
            if abs(rest) < self._line / 2:
                notes.translate(dy=rest)
        elif _is_full(context, page):
            edge = self._line - self._baseline + _HANGING * self._line
            for flow in _flows(root):
                _distribute(flow, target - _last_baseline(flow, edge), self._line)
        return following(context, page, state)


def _style_of_text(root: Any) -> Any:
    """Return the style of the running text below *root*."""
    for text in root.descendants():
        if text.element_tag == "article":
            for box in text.children:
                if box.element_tag == "p" and not box.element.get("class"):
                    return box.style
    return root.style


def _is_full(context: Any, page: Any) -> bool:
    """Say whether *page* ended because nothing more found room."""
    resume_at, next_page, *_ = context.page_maker[context.current_page]
    name = page.page_type.name
    return resume_at is not None and next_page["break"] == "any" and next_page["page"] in (None, "auto", name)


def _flows(root: Any) -> Sequence[Any]:
    """Return what stands side by side at the foot of *root*: its columns, or itself."""
    box = root
    while box is not None and _is_stack(box):
        columns = [child for child in box.children if child.is_column]
        if columns:
            return columns if box.children[-1].is_column else []
        box = next((child for child in reversed(box.children) if child.is_in_normal_flow()), None)
    return [root]


def _is_stack(box: Any) -> bool:
    """Say whether *box* holds blocks, one below the other, between which a page may break."""
    return (
        isinstance(box, boxes.BlockBox)
        and not box.is_table_wrapper
        and box.style["break_inside"] == "auto"
        and not any(isinstance(child, boxes.LineBox) for child in box.children)
    )


def _last_baseline(box: Any, edge: float) -> float:
    """Return where the lowest baseline of *box* is; edges of tables may stand below it by *edge*.

    Code may end with empty lines; what shows nothing is nowhere.
    """
    if isinstance(box, boxes.LineBox):
        return float(box.position_y + box.baseline) if any(map(_shows, box.descendants())) else -inf
    if isinstance(box, boxes.TableBox):
        lines = [part for part in box.descendants() if isinstance(part, boxes.LineBox)]
        lowest = max((_last_baseline(line, edge) for line in lines), default=-inf)
    else:
        places = (_last_baseline(part, edge) for part in reversed(box.children) if part.is_in_normal_flow())
        lowest = next((place for place in places if place > -inf), -inf)
    if isinstance(box, boxes.ReplacedBox) or box.border_bottom_width or box.padding_bottom:
        return float(max(lowest, box.border_box_y() + box.border_height() - edge))
    return lowest


def _shows(part: Any) -> bool:
    is_text = isinstance(part, boxes.TextBox)
    return bool(part.text.strip()) if is_text else isinstance(part, boxes.AtomicInlineLevelBox)


class _Gap(NamedTuple):
    """What parts a box from the one above."""

    below: Any
    height: float


def _distribute(flow: Any, rest: float, line: float) -> None:
    """Let the gaps of *flow* take up *rest*, if they can and it is little beside *line*; all in px."""
    if abs(rest) < _LEAST or rest > _MOST * line:
        return
    gaps = list(_gaps(flow))
    growths = _growths([gap.height for gap in gaps], rest, _WIDER * line)
    if growths:
        foot = flow.position_y + flow.margin_height()
        _move(flow, 0.0, {gap.below: growth for gap, growth in zip(gaps, growths, strict=True)}, foot)


def _gaps(stack: Any) -> Iterator[_Gap]:
    """Give the gaps between the blocks in *stack*, from the top."""
    above = None
    for child in stack.children:
        if not child.is_in_normal_flow():
            continue
        top = child.border_box_y()
        if above is not None and top - above > _LEAST:
            yield _Gap(child, top - above)
        if _is_stack(child):
            yield from _gaps(child)
        above = top + child.border_height()


def _growths(heights: Sequence[float], rest: float, most: float) -> list[float]:
    """Return by how much gaps of *heights* grow to take up *rest*, each up to *most*; [] if they cannot."""
    if rest < 0:
        share = -rest / sum(heights) if heights else inf
        return [-share * height for height in heights] if share <= _NARROWER else []
    if sum(min(height, most) for height in heights) < rest:
        return []
    growths: dict[int, float] = {}
    # The smallest gaps take their share first, and the others what is left, until it is too much for one.
    while True:
        free = [place for place in range(len(heights)) if place not in growths]
        share = (rest - sum(growths.values())) / sum(heights[place] for place in free) if free else 0.0
        full = [place for place in free if share * heights[place] > most]
        if not full:
            return [growths.get(place, share * height) for place, height in enumerate(heights)]
        growths |= dict.fromkeys(full, most)


def _move(stack: Any, down: float, growths: Mapping[Any, float], foot: float) -> float:
    """Move *stack* down, and what it holds as far as the gaps above it grow; return how far its end moves.

    What goes on on the next page reaches to the *foot* of this one.
    """
    moved = down
    stack.position_y += down
    bottom = stack.content_box_y() + stack.height
    for child in stack.children:
        moved += growths.get(child, 0.0)
        if child.is_in_normal_flow() and _is_stack(child):
            moved = _move(child, moved, growths, foot)
        elif child.style["position"] != "fixed":
            child.translate(dy=moved)
    stack.height += min(moved - down, max(0.0, foot - bottom))
    return moved
