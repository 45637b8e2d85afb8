"""Measures the footnote area of a page, and the content above and in it."""

from __future__ import annotations

from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import find_last_in_flow_child


def area_height(context: Any) -> float:
    """Return the height in CSS px that the footnote area takes from the page."""
    area = context.current_footnote_area
    return 0.0 if area.height == "auto" else float(area.margin_height())


def max_area_height(area: Any) -> float:
    """Return the height in CSS px that the stylesheet lets the footnote *area*, not empty, take."""
    content = area.max_height if area.style["height"] == "auto" else area.height
    around = area.margin_top + area.margin_bottom + area.padding_top + area.padding_bottom
    return float(content + around + area.border_top_width + area.border_bottom_width)


def content_bottom(box: Any, resume_at: Any = None) -> float:
    """Return the position in CSS px where the content of *box* ends.

    The box itself extends further down if it continues on the next page at *resume_at*.
    """
    if resume_at and isinstance(box, boxes.BlockBox):
        index, inner = next(iter(resume_at.items()))
        last = find_last_in_flow_child(box.children)
        if isinstance(last, boxes.LineBox):
            return float(last.position_y + last.height)
        if last is not None:
            return content_bottom(last, inner if getattr(last, "index", None) == index else None)
    return float(box.border_box_y() + box.border_height())


def count_lines(box: Any) -> int:
    """Return the number of lines in *box*."""
    return sum(
        1 if isinstance(child, boxes.LineBox) else count_lines(child)
        for child in box.children
        if child.is_in_normal_flow()
    )
