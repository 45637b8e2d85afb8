"""Where on a sheet its pages stand. All lengths are in pt, from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.imposition.sheet_sizes import A4, AT_HOME, LETTER, PT_PER_MM, Stock

_NEARLY = 1.0
"""What a page may be larger than its cell, in pt: sizes are rounded to points by many programs."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A side of a sheet, parted into cells of one size."""

    stock: Stock
    width: float
    height: float
    columns: int
    rows: int
    scale: float
    """By what the pages are made larger or smaller."""

    @property
    def is_turned(self) -> bool:
        """Whether the sheet lies on its long edge."""
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

        With *to_fold* the page stands at the fold, moved into it by so much; with None in the middle.
        """
        width, height = self.cell
        scale = min(self.scale, _fit(page, self.cell))
        left, bottom = self.corner(index)
        loose = width - page[0] * scale
        if to_fold is None:
            left += loose / 2
        elif index % 2:
            left -= to_fold
        else:
            left += loose + to_fold
        return left, bottom + (height - page[1] * scale) / 2, scale


def grid_for(page: tuple[float, float], columns: int, rows: int, stock: Stock | None) -> Grid:
    """Return the grid of *columns* by *rows* for pages of the width and height *page*.

    On *stock* the pages are made to fill their cells. Without it they keep their size, on the smallest
    sheet of a home printer where they fit; or are made to fit on A4, those of letter size on letter.
    """
    if stock:
        return _on(stock, page, columns, rows)
    for sheet in AT_HOME:
        grid = _on(sheet, page, columns, rows)
        if grid.scale >= 1:
            return Grid(sheet, grid.width, grid.height, columns, rows, 1.0)
    is_letter = abs(min(page) - LETTER.width * PT_PER_MM) < _NEARLY
    return _on(LETTER if is_letter else A4, page, columns, rows)


def _on(stock: Stock, page: tuple[float, float], columns: int, rows: int) -> Grid:
    """Return the grid on *stock*, upright or turned as the pages come out larger."""
    short, long = stock.width * PT_PER_MM, stock.height * PT_PER_MM
    grids = [
        Grid(stock, width, height, columns, rows, _fit(page, (width / columns, height / rows)))
        for width, height in ((long, short), (short, long))
    ]
    return max(grids, key=lambda grid: grid.scale)


def _fit(page: tuple[float, float], cell: tuple[float, float]) -> float:
    """Return by what *page* is scaled to fill *cell*; 1 where it all but fills it as it is."""
    least = min(room - side for side, room in zip(page, cell, strict=True))
    if abs(least) <= _NEARLY:
        return 1.0
    return min(room / side for side, room in zip(page, cell, strict=True))
