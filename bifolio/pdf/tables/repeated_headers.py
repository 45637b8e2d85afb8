"""Repeats the header of a table above its first rows on each page.

WeasyPrint leaves the header out where it cannot break the rows below it as the stylesheet wishes: where rows
that must stay together are higher than a page, or where the first row is too high for a page with a header.
Here such rows break as if nothing were above them, and the header stays. A caption above them does not count
either: it would be left alone on its page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine.box_facts import box_facts, set_box_facts
from bifolio.pdf.engine.patching import Layer


def repeated_headers() -> Layer:
    """Return the layer that keeps the headers of tables."""
    return Layer(
        "repeated_headers",
        {
            "weasyprint.layout.block._in_flow_layout": _record_page_start,
            "weasyprint.layout.block.table_layout": _keep_header,
        },
    )


def _record_page_start(
    following: Callable[..., Any], context: Any, box: Any, index: int, child: Any, new_children: list[Any],
    page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Record whether the page is empty above *child*, then lay it out."""
    set_box_facts(box, is_at_page_top=page_is_empty)
    return following(context, box, index, child, new_children, page_is_empty, *rest)


def _keep_header(
    following: Callable[..., Any], context: Any, table: Any, bottom_space: float, skip_stack: Any,
    wrapper: Any, page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out *table* with its header above the first rows."""
    page_is_empty = page_is_empty or box_facts(wrapper).is_at_page_top
    has_header = bool(table.children) and table.children[0].is_header
    group = _first_row_group(table, next(iter(skip_stack or (0,)))) if has_header and page_is_empty else None
    if group is None:
        return following(context, table, bottom_space, skip_stack, wrapper, page_is_empty, *rest)
    # Below a header, WeasyPrint takes the page for empty if the row group must not be broken.
    style, group.style = group.style, group.style.copy()
    group.style["break_inside"] = "avoid"
    result = following(context, table, bottom_space, skip_stack, wrapper, page_is_empty, *rest)
    group.style = style
    if result[0] and (laid_out := _first_row_group(result[0], 0)):
        laid_out.style = style
    return result


def _first_row_group(table: Any, start: int) -> Any:
    """Return the first row group in *table* from *start* on that is neither header nor footer, or None."""
    return next((group for group in table.children[start:] if not (group.is_header or group.is_footer)), None)
