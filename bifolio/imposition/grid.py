"""The grid of cells on a sheet, and the position of a page in its cell.

All lengths are in pt, from the lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.model.paper_sizes import A4, A5, LETTER, PaperSize
from bifolio.model.units import PT_PER_MM

HOME_SIZES = (A5, LETTER, A4)
"""The sizes that most home printers take, the smallest first."""
_TOLERANCE = 1.0
"""The most by which a page may exceed its cell, in pt: many programs round sizes to whole points."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A side of a sheet, divided into cells of one size."""

    paper: PaperSize
    width: float
    height: float
    columns: int
    rows: int
    scale: float
    """The factor by which pages are scaled."""

    @property
    def is_turned(self) -> bool:
        """Whether the sheet is in landscape orientation."""
        return self.width > self.height

    @property
    def cell(self) -> tuple[float, float]:
        """The width and the height of a cell."""
        return self.width / self.columns, self.height / self.rows

    def corner(self, index: int) -> tuple[float, float]:
        """Return the lower left corner of cell *index*, counted from the upper left, row by row."""
        row, column = divmod(index, self.columns)
        width, height = self.cell
        return column * width, (self.rows - 1 - row) * height

    def place(
        self, index: int, page: tuple[float, float], to_fold: float | None
    ) -> tuple[float, float, float]:
        """Return the lower left corner and the scale of *page*, a width and a height, in cell *index*.

        With *to_fold* the page is aligned to the fold and shifted towards it by that length; with None it is
        centred.
        """
        width, height = self.cell
        scale = min(self.scale, _fit(page, self.cell))
        left, bottom = self.corner(index)
        spare = width - page[0] * scale
        if to_fold is None:
            left += spare / 2
        elif index % 2:
            left -= to_fold
        else:
            left += spare + to_fold
        return left, bottom + (height - page[1] * scale) / 2, scale


def grid_for(page: tuple[float, float], columns: int, rows: int, paper: PaperSize | None) -> Grid:
    """Return the grid of *columns* by *rows* for pages of the width and height *page*.

    On *paper* the pages are scaled to fill their cells. Without it they keep their size on the smallest of
    `HOME_SIZES` that has room for them; if none has, they are scaled down to A4, or to letter if they are
    as wide as that.
    """
    if paper:
        return _grid_on(paper, page, columns, rows)
    for size in HOME_SIZES:
        grid = _grid_on(size, page, columns, rows)
        if grid.scale >= 1:
            return Grid(size, grid.width, grid.height, columns, rows, 1.0)
    is_letter = abs(min(page) - LETTER.width * PT_PER_MM) < _TOLERANCE
    return _grid_on(LETTER if is_letter else A4, page, columns, rows)


def _grid_on(paper: PaperSize, page: tuple[float, float], columns: int, rows: int) -> Grid:
    """Return the grid on *paper*, in the orientation that makes the pages larger."""
    short, long = sorted((paper.width * PT_PER_MM, paper.height * PT_PER_MM))
    grids = [
        Grid(paper, width, height, columns, rows, _fit(page, (width / columns, height / rows)))
        for width, height in ((long, short), (short, long))
    ]
    return max(grids, key=lambda grid: grid.scale)


def _fit(page: tuple[float, float], cell: tuple[float, float]) -> float:
    """Return the scale at which *page* fills *cell*; 1 if it fills it to within the tolerance as it is."""
    least = min(room - side for side, room in zip(page, cell, strict=True))
    if abs(least) <= _TOLERANCE:
        return 1.0
    return min(room / side for side, room in zip(page, cell, strict=True))
