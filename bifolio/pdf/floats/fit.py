"""A figure or a table held against its page: how much room it lacks, and pictures made smaller by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import Dimension, block_level_layout, remove_placeholders
from bifolio.pdf.engine.signatures import BOUNDLESS, Call

_SLACK = 0.01
"""In px: by how much more a picture shrinks than must be, for sums are rounded."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a child of a block takes when it has boundless room, in px."""

    lack: float = 0.0
    """How much the page is too short for it."""
    height: float = 0.0
    """With its notes."""
    sizes: Sequence[tuple[float, float]] = ()
    """Of its pictures: widths and heights."""
    stack: float = 0.0
    """How much of the height has pictures in it."""


def shrink_to_fit(call: Call, least: float) -> Call | None:
    """Return *call* for what fits, its pictures of the share *least* at least; None for none.

    Several pictures all become smaller by the same share.
    """
    fit = measure(call)
    if fit.lack <= 0:
        return call
    share = 1 - (fit.lack + _SLACK) / fit.stack if fit.stack else 0.0
    if share < least:
        return None
    smaller = call._replace(child=_sized(call.child, fit.sizes, share))
    # Smaller ones may come to stand side by side, but not always.
    return smaller if len(fit.sizes) == 1 or measure(smaller).lack <= 0 else None


def measure(call: Call) -> Fit:
    """Return what the child of *call* takes; its notes stand at the foot meanwhile."""
    context, box, child = call.context, call.box, call.child
    place, foot = (child.position_x, child.position_y), context.page_bottom
    empty = call.page_is_empty and call.opens()
    laid = block_level_layout(context, child, BOUNDLESS, None, box, empty, [], [], [*call.adjoining_margins])[
        0
    ]
    child.position_x, child.position_y = place
    if laid is None:
        return Fit()
    end = laid.border_box_y() + laid.border_height()
    space = call.bottom_space + laid.padding_bottom + laid.border_bottom_width
    bottom = context.page_bottom - space - (0 if box.bottom_margin_collapses() else laid.margin_bottom)
    lack = end - bottom if context.overflows(bottom, end) else 0.0
    height = laid.border_height() + foot - context.page_bottom
    remove_placeholders(context, [laid], [], [])
    pictures = images_in(laid)
    sizes = [(picture.width, picture.height) for picture in pictures]
    return Fit(lack, height, sizes, _stack(pictures))


def page_height(context: Any) -> float:
    """Return how high the text of the page is that is laid out, in px, when it has no notes."""
    return float(context.current_footnote_area.page.height)


def images_in(box: Any) -> list[Any]:
    """Return the pictures in *box*."""
    return [part for part in box.descendants() if isinstance(part, boxes.ReplacedBox)]


def _stack(pictures: Sequence[Any]) -> float:
    """Return how much of a page has *pictures* in it, in px; those side by side count once."""
    total, foot = 0.0, BOUNDLESS
    for top, height in sorted((picture.content_box_y(), picture.height) for picture in pictures):
        total += max(0.0, top + height - max(top, foot))
        foot = max(foot, top + height)
    return total


def _sized(box: Any, sizes: Sequence[tuple[float, float]], share: float) -> Any:
    """Return a copy of *box* whose pictures have the *share* of these *sizes* in px."""
    copy = box.deepcopy()
    for picture, (width, height) in zip(images_in(copy), sizes, strict=True):
        size = {"width": Dimension(width * share, "px"), "height": Dimension(height * share, "px")}
        picture.style = copy_style(picture.style, **size)
    return copy


def copy_style(style: Any, **changes: Any) -> Any:
    """Return a copy of *style* with *changes*."""
    copy = style.copy()
    copy.update(changes)
    return copy
