"""Measures a child of a block against the page, and scales its images down until it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.call_signatures import UNBOUNDED_SPACE, Call
from bifolio.pdf.engine.layout import Dimension, block_level_layout, remove_placeholders

_SLACK = 0.01
"""In CSS px: images shrink by so much more than necessary, as sums are rounded."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a child of a block that is laid out with boundless room, in CSS px."""

    overflow: float = 0.0
    """By how much it overflows the page."""
    height: float = 0.0
    """Its height, with its footnotes."""
    image_sizes: Sequence[tuple[float, float]] = ()
    """The width and height of each of its images."""
    image_height: float = 0.0
    """The part of the height that images cover."""


def shrink_to_fit(call: Call, min_scale: float) -> Call | None:
    """Return *call* for a child that fits, its images scaled to *min_scale* or more; None if it cannot fit.

    Several images are all scaled by the same factor.
    """
    extent = measure(call)
    if extent.overflow <= 0:
        return call
    scale = 1 - (extent.overflow + _SLACK) / extent.image_height if extent.image_height else 0.0
    if scale < min_scale:
        return None
    smaller = call._replace(child=_scale_images(call.child, extent.image_sizes, scale))
    # Smaller images may move side by side, but not always.
    return smaller if len(extent.image_sizes) == 1 or measure(smaller).overflow <= 0 else None


def measure(call: Call) -> Extent:
    """Return the extent of the child of *call*, laid out with its footnotes in the footnote area."""
    context, box, child = call.context, call.box, call.child
    position, page_bottom = (child.position_x, child.position_y), context.page_bottom
    is_page_empty = call.page_is_empty and call.is_first_child()
    laid_out = block_level_layout(
        context, child, UNBOUNDED_SPACE, None, box, is_page_empty, [], [], [*call.adjoining_margins]
    )[0]
    child.position_x, child.position_y = position
    if laid_out is None:
        return Extent()
    end = laid_out.border_box_y() + laid_out.border_height()
    below = call.bottom_space + laid_out.padding_bottom + laid_out.border_bottom_width
    bottom = context.page_bottom - below - (0 if box.bottom_margin_collapses() else laid_out.margin_bottom)
    overflow = end - bottom if context.overflows(bottom, end) else 0.0
    height = laid_out.border_height() + page_bottom - context.page_bottom
    remove_placeholders(context, [laid_out], [], [])
    images = images_in(laid_out)
    return Extent(overflow, height, [(image.width, image.height) for image in images], _covered(images))


def page_height(context: Any) -> float:
    """Return the height in CSS px of the content of the current page, without footnotes."""
    return float(context.current_footnote_area.page.height)


def images_in(box: Any) -> list[Any]:
    """Return the boxes of the images in *box*."""
    return [part for part in box.descendants() if isinstance(part, boxes.ReplacedBox)]


def _covered(images: Sequence[Any]) -> float:
    """Return the height in CSS px that *images* cover; those side by side count once."""
    total, bottom = 0.0, UNBOUNDED_SPACE
    for top, height in sorted((image.content_box_y(), image.height) for image in images):
        total += max(0.0, top + height - max(top, bottom))
        bottom = max(bottom, top + height)
    return total


def _scale_images(box: Any, sizes: Sequence[tuple[float, float]], scale: float) -> Any:
    """Return a copy of *box* whose images have these *sizes*, in CSS px, times *scale*."""
    copy = box.deepcopy()
    for image, (width, height) in zip(images_in(copy), sizes, strict=True):
        size = {"width": Dimension(width * scale, "px"), "height": Dimension(height * scale, "px")}
        image.style = copy_style(image.style, **size)
    return copy


def copy_style(style: Any, **changes: Any) -> Any:
    """Return a copy of *style* with *changes*."""
    copy = style.copy()
    copy.update(changes)
    return copy
