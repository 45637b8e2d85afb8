"""Breaks tables between rows that would leave much of a page empty.

A stylesheet may keep the rows of a small table together, and the first and last rows of a large one. Where
that leaves too much of a page empty, the table breaks nevertheless: between two rows, with at least two rows
on either side, or a tall one. A table or a row with `break-inside: avoid` stays in one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.call_signatures import UNBOUNDED_SPACE
from bifolio.pdf.engine.layout import block_level_page_break, remove_placeholders
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.floats.fit import copy_style, page_height

MAX_GAP = 0.2
"""The share of a page that a table may leave empty before it."""
_TALL_TABLE = 0.25
"""The share of a page above which a table without a caption may break wherever it begins."""
_MIN_ROWS = 2
"""The fewest rows on either side of a break."""
_TALL_ROW = 0.15
"""The share of a page from which on a row may be alone on its side of a break."""
_MANY_ROWS = 40
"""The number of rows from which on a table is tall without being measured."""
_SOFT_BREAKS = frozenset({"auto", "avoid", "avoid-page"})
"""The values of `break-before` and `break-after` that do not force a break."""


def row_breaks() -> Layer:
    """Return the layer that breaks tables between rows."""
    return Layer("row_breaks", {"weasyprint.layout.block.table_layout": _break_between_rows})


@dataclass(frozen=True, slots=True)
class _TableCall:
    """A call of `table_layout` that can be repeated with another bottom space."""

    following: Callable[..., Any]
    context: Any
    table: Any
    skip_stack: Any
    wrapper: Any
    page_is_empty: bool
    box_lists: tuple[Any, ...]
    """The lists of absolutely positioned boxes and of fixed ones."""
    column_widths: tuple[float, ...]

    def lay_out(self, bottom_space: float) -> Any:
        """Lay out the table above *bottom_space*, in CSS px; return the result of `table_layout`."""
        # In a table from right to left, WeasyPrint reverses the list in place.
        self.table.column_widths = [*self.column_widths]
        return self.following(
            self.context, self.table, bottom_space, self.skip_stack, self.wrapper, self.page_is_empty,
            *self.box_lists,
        )  # fmt: skip

    def measure(self) -> Any:
        """Return the table as it is laid out with boundless room."""
        whole = self.lay_out(UNBOUNDED_SPACE)[0]
        remove_placeholders(self.context, [whole], *self.box_lists)
        return whole


def _break_between_rows(
    following: Callable[..., Any], context: Any, table: Any, bottom_space: float, skip_stack: Any,
    wrapper: Any, page_is_empty: bool, *rest: Any,
) -> Any:  # fmt: skip
    """Lay out *table*; where it does not fit and would leave the page empty, break it between two rows."""
    call = _TableCall(
        following, context, table, skip_stack, wrapper, page_is_empty, rest, tuple(table.column_widths)
    )
    result = call.lay_out(bottom_space)
    if result[0] is not None or context.in_column or table.style["break_inside"] != "auto":
        return result
    page = page_height(context)
    is_gap_small = context.page_bottom - bottom_space - wrapper.border_box_y() <= MAX_GAP * page
    if is_gap_small and has_caption(wrapper):
        return result
    rows = _body_rows(table)
    is_tall: list[bool] = []
    if len(rows) < _MANY_ROWS:
        whole = call.measure()
        if is_gap_small and whole.height <= _TALL_TABLE * page:
            return result
        is_tall = [row.height >= _TALL_ROW * page for row in _body_rows(whole)]
    with _restrict_breaks(rows, _break_positions(rows, is_tall)):
        return call.lay_out(bottom_space)


def has_caption(wrapper: Any) -> bool:
    """Return whether the table in *wrapper* has a caption."""
    return any(isinstance(child, boxes.TableCaptionBox) for child in wrapper.children)


def is_unbreakable(table: Any) -> bool:
    """Return whether the stylesheet allows no break in *table*."""
    if table.style["break_inside"] != "auto":
        return True
    return all(
        "avoid" in block_level_page_break(row, following) for row, following in pairwise(_body_rows(table))
    )


def _body_rows(table: Any) -> list[Any]:
    """Return the rows of *table* that are in neither its header nor its footer."""
    groups = (group for group in table.children if not (group.is_header or group.is_footer))
    return [row for group in groups for row in group.children]


def _break_positions(rows: Sequence[Any], is_tall: Sequence[bool]) -> set[int]:
    """Return where a table may break between *rows*, each as the index of the row below.

    *is_tall* says of each row whether it may be alone; empty if that is unknown.
    """
    first, last = (1 if is_tall and is_tall[end] else _MIN_ROWS for end in (0, -1))
    return set(range(first, len(rows) - last + 1)) - _spanned_positions(rows)


def _spanned_positions(rows: Sequence[Any]) -> set[int]:
    """Return the positions between *rows* that a cell spans, each as the index of the row below."""
    return {
        position
        for index, row in enumerate(rows)
        for cell in row.children
        for position in range(index + 1, index + cell.rowspan)
    }


@contextmanager
def _restrict_breaks(rows: Sequence[Any], positions: set[int]) -> Iterator[None]:
    """Allow breaks between *rows* only at *positions* while the context is active; keep forced breaks."""
    styles = [row.style for row in rows]
    for index, row in enumerate(rows):
        changes = {
            side: "auto" if position in positions else "avoid"
            for side, position in (("break_before", index), ("break_after", index + 1))
            if row.style[side] in _SOFT_BREAKS and 0 < position < len(rows)
        }
        row.style = copy_style(row.style, **changes)
    try:
        yield
    finally:
        for row, style in zip(rows, styles, strict=True):
            row.style = style
