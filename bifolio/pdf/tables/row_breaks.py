"""Tables that break rather than leave a page empty.

A sheet may keep the rows of a small table together, and the first and last rows of a large one. Where that
leaves too much of a page empty, the table breaks all the same: between two rows, with two or more on either
side, or a high one. What is to stay in one piece by `break-inside: avoid` does, and so does a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import block_level_page_break, remove_placeholders
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.signatures import BOUNDLESS
from bifolio.pdf.floats.fit import copy_style, page_height

MAX_GAP = 0.2
"""How much of a page a table may leave empty before it."""
_HIGH = 0.25
"""How high a table without a caption is, beside its page, that may break wherever it stands."""
_LEAST = 2
"""How many rows there are on either side of a break."""
_ALONE = 0.15
"""How high a row is, beside its page, that may be the only one there."""
_MANY = 40
"""The rows of a table that need not be measured: it is high."""
_SOFT = frozenset({"auto", "avoid", "avoid-page"})


def row_breaks() -> Layer:
    """Return the layer that breaks tables between rows."""
    return Layer("row_breaks", {"weasyprint.layout.block.table_layout": _break_between_rows})


def _break_between_rows(
    following: Callable[..., Any], context: Any, table: Any, bottom: float, skip: Any, wrapper: Any,
    page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out *table*; where it does not fit and would leave the page empty, break it between two rows."""
    widths = table.column_widths

    def lay_out_with(space: float) -> Any:
        table.column_widths = [*widths]  # from right to left, the layout reverses them
        return following(context, table, space, skip, wrapper, page_is_empty, *rest)

    result = lay_out_with(bottom)
    if result[0] is not None or context.in_column or table.style["break_inside"] != "auto":
        return result
    page = page_height(context)
    gap = context.page_bottom - bottom - wrapper.border_box_y()
    if gap <= MAX_GAP * page and has_caption(wrapper):
        return result
    rows = _rows(table)
    if len(rows) < _MANY:
        whole = lay_out_with(BOUNDLESS)[0]
        remove_placeholders(context, [whole], *rest)
        if gap <= MAX_GAP * page and whole.height <= _HIGH * page:
            return result
        alone = [row.height >= _ALONE * page for row in _rows(whole)]
    else:
        alone = []
    with _break_points(rows, _places(rows, alone)):
        return lay_out_with(bottom)


def has_caption(wrapper: Any) -> bool:
    """Say whether the table in *wrapper* has a caption."""
    return any(isinstance(child, boxes.TableCaptionBox) for child in wrapper.children)


def is_unbreakable(table: Any) -> bool:
    """Say whether *table* has no place where it may break by the sheet."""
    if table.style["break_inside"] != "auto":
        return True
    return all("avoid" in block_level_page_break(row, following) for row, following in pairwise(_rows(table)))


def _rows(table: Any) -> list[Any]:
    """Return the rows of *table* that are neither of its head nor of its foot."""
    groups = (group for group in table.children if not (group.is_header or group.is_footer))
    return [row for group in groups for row in group.children]


def _places(rows: Sequence[Any], alone: Sequence[bool]) -> set[int]:
    """Return the places between *rows* where a table may break, by the row that follows.

    *alone* says of each row whether it needs no other beside it.
    """
    first, last = (1 if alone and alone[end] else _LEAST for end in (0, -1))
    return set(range(first, len(rows) - last + 1)) - _spanned(rows)


@contextmanager
def _break_points(rows: Sequence[Any], places: set[int]) -> Iterator[None]:
    """Allow breaks at these *places* between *rows* in this context, and nowhere else."""
    styles = [row.style for row in rows]
    for place, row in enumerate(rows):
        changes = {
            side: "auto" if between in places else "avoid"
            for side, between in (("break_before", place), ("break_after", place + 1))
            if row.style[side] in _SOFT and 0 < between < len(rows)
        }
        row.style = copy_style(row.style, **changes)
    try:
        yield
    finally:
        for row, style in zip(rows, styles, strict=True):
            row.style = style


def _spanned(rows: Sequence[Any]) -> set[int]:
    """Return the places between *rows*, by the row that follows, that a cell reaches over."""
    return {
        place
        for above, row in enumerate(rows)
        for cell in row.children
        for place in range(above + 1, above + cell.rowspan)
    }
