"""WeasyPrint's layout functions that other packages call."""

from __future__ import annotations

from weasyprint.css.properties import Dimension
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.block import (
    block_level_layout,
    block_level_page_break,
    find_last_in_flow_child,
    remove_placeholders,
)
from weasyprint.layout.inline import count_expandable_spaces
from weasyprint.layout.page import (
    PageType,
    make_margin_boxes,
    page_height,
    page_width,
    set_page_type_computed_styles,
)
from weasyprint.layout.percent import percentage, resolve_percentages
from weasyprint.layout.preferred import max_content_width, table_and_columns_preferred_widths

__all__ = [
    "Dimension",
    "PageType",
    "block_level_layout",
    "block_level_page_break",
    "count_expandable_spaces",
    "find_last_in_flow_child",
    "layout_box_backgrounds",
    "make_margin_boxes",
    "max_content_width",
    "page_height",
    "page_width",
    "percentage",
    "remove_placeholders",
    "resolve_percentages",
    "set_page_type_computed_styles",
    "table_and_columns_preferred_widths",
]
