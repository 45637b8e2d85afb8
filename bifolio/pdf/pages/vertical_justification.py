"""Vertical justification: aligns the last baseline of full pages.

After layout, the space left at the bottom of a full page is distributed over the gaps around its headings,
figures, tables, quotations, lists and code, in proportion to their heights, and never between the lines of a
paragraph. If the content is a little too long, the gaps shrink. Footnotes end on the last baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, inf
from typing import Any, NamedTuple

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import strut

_MAX_SPACE = 3.0
"""The greatest space at the bottom of a page that is distributed, in lines."""
_MAX_STRETCH, _MAX_SHRINK = 0.75, 0.25
"""By how much a gap stretches at most, in lines, but never by more than its height; and by which share of its
height it shrinks at most."""
_EDGE_DEPTH = 0.25
"""How far the bottom edge of content without a last line may be below the last baseline, in lines."""
_MISSING, _EXCESS = 0.15, 0.3
"""In lines: by how much the page area may grow so that one more line fits, and how much of it may stay below
the last baseline, for pages with gaps that can shrink."""
_NEGLIGIBLE = 0.01
"""An invisible distance, in CSS px."""


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
        """Make the page area as high as a whole number of lines, and little more, during its layout."""
        following(page, context, available)
        self._heights[page] = page.height
        page.height = min(
            max(page.height, self._lines_height(page)), self._lines_height(page) + _EXCESS * self._line
        )

    def _lines_height(self, page: Any) -> float:
        """Return the height of the lines of a full page, in CSS px."""
        return floor(self._heights[page] / self._line + _MISSING) * self._line

    def make_margin_boxes(self, following: Next, context: Any, page: Any, state: Any) -> Any:
        """Align the last baseline of *page*, then make its margin boxes."""
        target = page.content_box_y() + self._lines_height(page) - self._line + self._baseline
        page.height = self._heights.pop(page)
        root, notes, _ = page.children
        if notes.children:
            rest = target - _last_baseline(notes, 0)
            if abs(rest) < self._line / 2:
                notes.translate(dy=rest)
        elif _is_full(context, page):
            edge = self._line - self._baseline + _EDGE_DEPTH * self._line
            for flow in _flows(root):
                _distribute(flow, target - _last_baseline(flow, edge), self._line)
        return following(context, page, state)


def _style_of_text(root: Any) -> Any:
    """Return the style of the first plain paragraph in *root*, or of *root*."""
    for text in root.descendants():
        if text.element_tag == "article":
            for box in text.children:
                if box.element_tag == "p" and not box.element.get("class"):
                    return box.style
    return root.style


def _is_full(context: Any, page: Any) -> bool:
    """Return whether *page* ended because nothing more fitted, not at a forced break."""
    resume_at, next_page, *_ = context.page_maker[context.current_page]
    name = page.page_type.name
    return resume_at is not None and next_page["break"] == "any" and next_page["page"] in (None, "auto", name)


def _flows(root: Any) -> Sequence[Any]:
    """Return the columns at the bottom of *root*; *root* itself where there are none."""
    box = root
    while box is not None and _is_stack(box):
        columns = [child for child in box.children if child.is_column]
        if columns:
            return columns if box.children[-1].is_column else []
        box = next((child for child in reversed(box.children) if child.is_in_normal_flow()), None)
    return [root]


def _is_stack(box: Any) -> bool:
    """Return whether *box* contains blocks between which a page may break."""
    return (
        isinstance(box, boxes.BlockBox)
        and not box.is_table_wrapper
        and box.style["break_inside"] == "auto"
        and not any(isinstance(child, boxes.LineBox) for child in box.children)
    )


def _last_baseline(box: Any, edge: float) -> float:
    """Return the position of the last baseline of *box*, in CSS px; `-inf` where it shows nothing.

    The bottom edge of an image, a border or padding counts as a baseline *edge* px above it. Empty lines, as
    at the end of code, do not count.
    """
    if isinstance(box, boxes.LineBox):
        return float(box.position_y + box.baseline) if any(map(_is_visible, box.descendants())) else -inf
    if isinstance(box, boxes.TableBox):
        lines = [part for part in box.descendants() if isinstance(part, boxes.LineBox)]
        lowest = max((_last_baseline(line, edge) for line in lines), default=-inf)
    else:
        baselines = (
            _last_baseline(part, edge) for part in reversed(box.children) if part.is_in_normal_flow()
        )
        lowest = next((baseline for baseline in baselines if baseline > -inf), -inf)
    if isinstance(box, boxes.ReplacedBox) or box.border_bottom_width or box.padding_bottom:
        return float(max(lowest, box.border_box_y() + box.border_height() - edge))
    return lowest


def _is_visible(part: Any) -> bool:
    is_text = isinstance(part, boxes.TextBox)
    return bool(part.text.strip()) if is_text else isinstance(part, boxes.AtomicInlineLevelBox)


class _Gap(NamedTuple):
    """The space between two boxes, in CSS px."""

    below: Any
    """The box below it."""
    height: float


def _distribute(flow: Any, rest: float, line: float) -> None:
    """Distribute *rest* over the gaps of *flow*, if they can take it and it is at most a few times *line*.

    Both are in CSS px; *rest* may be negative.
    """
    if abs(rest) < _NEGLIGIBLE or rest > _MAX_SPACE * line:
        return
    gaps = list(_gaps(flow))
    growths = _growths([gap.height for gap in gaps], rest, _MAX_STRETCH * line)
    if growths:
        bottom = flow.position_y + flow.margin_height()
        _move(flow, 0.0, {gap.below: growth for gap, growth in zip(gaps, growths, strict=True)}, bottom)


def _gaps(stack: Any) -> Iterator[_Gap]:
    """Yield the gaps between the blocks in *stack*, from the top."""
    above = None
    for child in stack.children:
        if not child.is_in_normal_flow():
            continue
        top = child.border_box_y()
        if above is not None and top - above > _NEGLIGIBLE:
            yield _Gap(child, top - above)
        if _is_stack(child):
            yield from _gaps(child)
        above = top + child.border_height()


def _growths(heights: Sequence[float], rest: float, most: float) -> list[float]:
    """Return by how much gaps of *heights* grow to take *rest*, each up to *most*; [] if they cannot."""
    if rest < 0:
        share = -rest / sum(heights) if heights else inf
        return [-share * height for height in heights] if share <= _MAX_SHRINK else []
    if sum(min(height, most) for height in heights) < rest:
        return []
    growths: dict[int, float] = {}
    # Gaps that would grow too much get *most*, and the others share what is left, until none would.
    while True:
        free = [index for index in range(len(heights)) if index not in growths]
        share = (rest - sum(growths.values())) / sum(heights[index] for index in free) if free else 0.0
        full = [index for index in free if share * heights[index] > most]
        if not full:
            return [growths.get(index, share * height) for index, height in enumerate(heights)]
        growths |= dict.fromkeys(full, most)


def _move(stack: Any, down: float, growths: Mapping[Any, float], page_bottom: float) -> float:
    """Move *stack* by *down*, and its children further by the *growths* of the gaps above them.

    A box that continues on the next page extends to *page_bottom*. Returns how far the end of *stack* moves.
    """
    moved = down
    stack.position_y += down
    bottom = stack.content_box_y() + stack.height
    for child in stack.children:
        moved += growths.get(child, 0.0)
        if child.is_in_normal_flow() and _is_stack(child):
            moved = _move(child, moved, growths, page_bottom)
        elif child.style["position"] != "fixed":
            child.translate(dy=moved)
    stack.height += min(moved - down, max(0.0, page_bottom - bottom))
    return moved
