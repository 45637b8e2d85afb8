"""WeasyPrint's box classes, and functions on boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure.boxes import (
    AtomicInlineLevelBox,
    BlockBox,
    Box,
    FootnoteAreaBox,
    InlineBlockBox,
    InlineBox,
    InlineReplacedBox,
    LineBox,
    MarginBox,
    PageBox,
    ParentBox,
    ReplacedBox,
    TableBox,
    TableCaptionBox,
    TableCellBox,
    TextBox,
)
from weasyprint.formatting_structure.build import create_anonymous_boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

__all__ = [
    "AtomicInlineLevelBox",
    "BlockBox",
    "Box",
    "FootnoteAreaBox",
    "InlineBlockBox",
    "InlineBox",
    "InlineReplacedBox",
    "LineBox",
    "MarginBox",
    "PageBox",
    "ParentBox",
    "ReplacedBox",
    "TableBox",
    "TableCaptionBox",
    "TableCellBox",
    "TextBox",
    "create_anonymous_boxes",
    "descendants_in_order",
    "page_box_of",
]


def descendants_in_order(top: Any) -> Iterator[Any]:
    """Yield *top* and every box in it, in the order of the text."""
    stack = [top]
    while stack:
        box = stack.pop()
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        yield box
        stack.extend(reversed(list(box.all_children())))


def page_box_of(page: Any) -> Any:
    """Return the page box (CSS Paged Media 3, 3) of WeasyPrint's *page*."""
    return page._page_box
