"""The head of a table above the first rows of each page.

WeasyPrint leaves the head out where it cannot break the rows below it as the sheet wishes: where rows that
are to stay together are higher than a page, or where the first row is too high for a page with a head. Here
such rows are broken as if nothing stood above them, and the head stays. A caption does not count as standing
above them either: it would be left alone on its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import block

from bifolio.runtime.patching import patched


@contextmanager
def repeated_header_hooks() -> Iterator[None]:
    """Let the layout keep the heads of tables meanwhile."""
    lay_out, lay_out_table = block._in_flow_layout, block.table_layout

    def note_top(
        context: Any, box: Any, index: int, child: Any, done: list[Any], page_is_empty: bool, *rest: Any
    ) -> Any:
        box.opens_page = page_is_empty
        return lay_out(context, box, index, child, done, page_is_empty, *rest)

    def keep_head(
        context: Any, table: Any, bottom: float, skip: Any, wrapper: Any, page_is_empty: bool, *rest: Any
    ) -> Any:
        page_is_empty = page_is_empty or wrapper.opens_page
        has_head = bool(table.children) and table.children[0].is_header
        group = _first_rows(table, next(iter(skip or (0,)))) if has_head and page_is_empty else None
        if group is None:
            return lay_out_table(context, table, bottom, skip, wrapper, page_is_empty, *rest)
        # Below a head, WeasyPrint takes the page for empty where the group of rows is not to be broken.
        style, group.style = group.style, group.style.copy()
        group.style["break_inside"] = "avoid"
        result = lay_out_table(context, table, bottom, skip, wrapper, page_is_empty, *rest)
        group.style = style
        if result[0] and (laid := _first_rows(result[0], 0)):
            laid.style = style
        return result

    with patched((block, "_in_flow_layout", note_top), (block, "table_layout", keep_head)):
        yield


def _first_rows(table: Any, start: int) -> Any:
    """Return the first group of rows in *table* from *start* on that is neither head nor foot, or None."""
    return next((group for group in table.children[start:] if not (group.is_header or group.is_footer)), None)
