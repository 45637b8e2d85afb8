"""Which page stands where: the order of pages on sheets, by arithmetic alone. Pages are counted from 1."""

from __future__ import annotations

from dataclasses import dataclass

PAGES_A_SHEET = 4
MOST_STAPLED = 16
"""Sheets that fold and staple as one."""
MOST_SEWN = 8
"""Sheets in a signature where there are several: the 32 pages that printers fold, too."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet."""

    pages: tuple[int | None, ...]
    """From left to right, then from top to bottom; None is a blank page."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be folded once. Turned about its fold, the front shows the back."""

    front: Side
    back: Side
    depth: int
    """How many sheets lie around it in its signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Sheets that are folded together, the outermost first."""

    sheets: tuple[Sheet, ...]


def fold_signatures(
    pages: int, size: int | None = None, *, right_to_left: bool = False
) -> tuple[Signature, ...]:
    """Return the signatures that *pages* pages are folded from, in the order of reading.

    *size* is the number of sheets in each, of which the last may have fewer. Without it there is one up to
    `MOST_STAPLED` sheets; more are spread evenly. Blank pages come last, at most three.
    """
    sheets = -(-pages // PAGES_A_SHEET)
    signatures, first = [], 1
    for number in _sizes(sheets, size):
        last = first + number * PAGES_A_SHEET - 1
        signatures.append(_signature(first, last, pages, right_to_left))
        first = last + 1
    return tuple(signatures)


def n_up_sides(pages: int, columns: int, rows: int, *, right_to_left: bool = False) -> tuple[Side, ...]:
    """Return sides with *columns* by *rows* of *pages* pages on each, in the order of reading."""
    cells = columns * rows
    sides = []
    for start in range(1, pages + 1, cells):
        places: list[int | None] = []
        for row in range(start, start + cells, columns):
            line = [number if number <= pages else None for number in range(row, row + columns)]
            places += reversed(line) if right_to_left else line
        sides.append(Side(tuple(places)))
    return tuple(sides)


def _sizes(sheets: int, size: int | None) -> list[int]:
    """Return how many of *sheets* sheets each signature has."""
    if size:
        return [min(size, sheets - first) for first in range(0, sheets, size)]
    if sheets <= MOST_STAPLED:
        return [sheets]
    number = -(-sheets // MOST_SEWN)
    least, more = divmod(sheets, number)
    return [least + 1] * more + [least] * (number - more)


def _signature(first: int, last: int, pages: int, right_to_left: bool) -> Signature:
    """Return the signature of the pages from *first* to *last*; those after *pages* are blank."""

    def side(left: int, right: int) -> Side:
        pair = (right, left) if right_to_left else (left, right)
        return Side(tuple(number if number <= pages else None for number in pair))

    return Signature(
        tuple(
            Sheet(
                front=side(last - 2 * depth, first + 2 * depth),
                back=side(first + 2 * depth + 1, last - 2 * depth - 1),
                depth=depth,
            )
            for depth in range((last - first + 1) // PAGES_A_SHEET)
        )
    )
