"""A figure made to fit: how much room it lacks, and its picture made smaller by that."""

from __future__ import annotations

from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

from bifolio.pdf.calls import BOUNDLESS, Call

_SLACK = 0.01
"""In px: by how much more a picture shrinks than must be, for sums are rounded."""


def fitted(call: Call, least: float) -> Call | None:
    """Return *call* for a figure that fits, its picture of the share *least* at least; None for none."""
    lack, sizes = _measured(call)
    if lack <= 0:
        return call
    if len(sizes) != 1:
        return None
    width, height = sizes[0]
    share = 1 - (lack + _SLACK) / height
    if share < least:
        return None
    return call._replace(child=_sized(call.child, width * share, height * share))


def _measured(call: Call) -> tuple[float, list[tuple[float, float]]]:
    """Return how many px the page is too short for the child of *call*, and the sizes of its pictures.

    Its notes stand at the foot meanwhile.
    """
    context, box, child = call.context, call.box, call.child
    place = child.position_x, child.position_y
    empty = call.page_is_empty and call.opens()
    laid = block.block_level_layout(
        context, child, BOUNDLESS, None, box, empty, [], [], [*call.adjoining_margins]
    )[0]
    child.position_x, child.position_y = place
    if laid is None:
        return 0.0, []
    end = laid.border_box_y() + laid.border_height()
    space = call.bottom_space + laid.padding_bottom + laid.border_bottom_width
    bottom = context.page_bottom - space - (0 if box.bottom_margin_collapses() else laid.margin_bottom)
    lack = end - bottom if context.overflows(bottom, end) else 0.0
    block.remove_placeholders(context, [laid], [], [])
    return lack, [(picture.width, picture.height) for picture in pictures_of(laid)]


def pictures_of(box: Any) -> list[Any]:
    """Return the pictures in *box*."""
    return [part for part in box.descendants() if isinstance(part, boxes.ReplacedBox)]


def _sized(figure: Any, width: float, height: float) -> Any:
    """Return a copy of *figure* whose picture has this size in px."""
    copy = figure.deepcopy()
    (picture,) = pictures_of(copy)
    picture.style = styled(picture.style, width=Dimension(width, "px"), height=Dimension(height, "px"))
    return copy


def styled(style: Any, **changes: Any) -> Any:
    """Return a copy of *style* with *changes*."""
    copy = style.copy()
    copy.update(changes)
    return copy
