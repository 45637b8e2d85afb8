"""The order of pages on the sheets of signatures and of n-up printing. Page numbers are 1-based."""

from __future__ import annotations

from dataclasses import dataclass

PAGES_PER_SHEET = 4
MOST_STAPLED = 16
"""The most sheets that can be folded and stapled together."""
MOST_SEWN = 8
"""The most sheets in a signature if there are several: 32 pages, as is usual in bookbinding."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet."""

    pages: tuple[int | None, ...]
    """From left to right, then from top to bottom; None is a blank page."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is folded once. It is turned about its fold to show the back."""

    front: Side
    back: Side
    depth: int
    """The number of sheets around it in its signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Sheets that are folded together, the outermost first."""

    sheets: tuple[Sheet, ...]


def fold_signatures(
    pages: int, size: int | None = None, *, right_to_left: bool = False
) -> tuple[Signature, ...]:
    """Return the signatures for a document of *pages* pages, in reading order.

    *size* is the number of sheets in each signature; the last may have fewer. Without it, up to
    `MOST_STAPLED` sheets make one signature, and more are divided evenly. At most three blank pages are
    added at the end.
    """
    sheets = -(-pages // PAGES_PER_SHEET)
    signatures, first = [], 1
    for sheet_count in _signature_sizes(sheets, size):
        last = first + sheet_count * PAGES_PER_SHEET - 1
        signatures.append(_signature(first, last, pages, right_to_left))
        first = last + 1
    return tuple(signatures)


def n_up_sides(pages: int, columns: int, rows: int, *, right_to_left: bool = False) -> tuple[Side, ...]:
    """Return the sides for *pages* pages in *columns* by *rows* cells each, in reading order."""
    cells = columns * rows
    sides = []
    for first in range(1, pages + 1, cells):
        side: list[int | None] = []
        for row_start in range(first, first + cells, columns):
            row = [page if page <= pages else None for page in range(row_start, row_start + columns)]
            side += reversed(row) if right_to_left else row
        sides.append(Side(tuple(side)))
    return tuple(sides)


def _signature_sizes(sheets: int, size: int | None) -> list[int]:
    """Return the number of sheets in each signature, *sheets* in all."""
    if size:
        return [min(size, sheets - first) for first in range(0, sheets, size)]
    if sheets <= MOST_STAPLED:
        return [sheets]
    count = -(-sheets // MOST_SEWN)
    least, remainder = divmod(sheets, count)
    return [least + 1] * remainder + [least] * (count - remainder)


def _signature(first: int, last: int, pages: int, right_to_left: bool) -> Signature:
    """Return the signature of the pages *first* to *last*; those after *pages* are blank."""

    def side(left: int, right: int) -> Side:
        pair = (right, left) if right_to_left else (left, right)
        return Side(tuple(page if page <= pages else None for page in pair))

    return Signature(
        tuple(
            Sheet(
                front=side(last - 2 * depth, first + 2 * depth),
                back=side(first + 2 * depth + 1, last - 2 * depth - 1),
                depth=depth,
            )
            for depth in range((last - first + 1) // PAGES_PER_SHEET)
        )
    )
