"""Imposes a finished PDF: folded as a booklet, or with several pages on a side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.imposition.draw_sheets import PlacedSide, draw_sheets
from bifolio.imposition.grid import Grid, grid_for
from bifolio.imposition.signatures import Signature, fold_signatures, n_up_sides
from bifolio.imposition.source_pages import SourceDocument, read_document
from bifolio.model.errors import SourceError, UsageError
from bifolio.model.findings import Where
from bifolio.model.paper_sizes import PaperSize, parse_paper_size
from bifolio.model.units import PT_PER_MM
from bifolio.runtime.atomic_write import commit, staged

_MAX_CREEP = 10.0
"""The greatest shift of a page towards the fold, in mm: most of an inner margin."""
_LONGEST_SHEET = 1500.0
"""In mm."""


@dataclass(frozen=True, slots=True)
class Imposed:
    """An imposed PDF that has been written."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """The pages of the source, without added blank ones."""
    sides: int
    grid: Grid
    signatures: tuple[Signature, ...]
    """Empty if the sheets are not folded."""
    right_to_left: bool

    @property
    def sheets(self) -> int:
        """The number of sheets when both sides are printed."""
        return -(-self.sides // 2)


def impose_booklet(
    source: Path,
    into: Path | None = None,
    *,
    paper: str | None = None,
    signature: int | None = None,
    creep: float = 0.0,
    right_to_left: bool | None = None,
) -> Imposed:
    """Impose the PDF *source* as a booklet, two pages a side, and write it as `NAME-booklet.pdf`.

    *into* is the folder for the result; by default, that of *source*. *paper* is the size of the sheet; by
    default, it follows from the pages. *signature* is the number of sheets in each signature, at least 1.
    *creep* is the shift of a sheet relative to the one around it, in mm. *right_to_left* overrides the
    reading direction that the file declares. Raises UsageError, SourceError, or EditionError if the result
    cannot be written; an existing file is then left as it was.
    """
    size = _sheet_size(paper)
    document = read_document(source)
    from_right = document.right_to_left if right_to_left is None else right_to_left
    signatures = fold_signatures(len(document.pages), signature, right_to_left=from_right)
    greatest_shift = creep * max(len(each.sheets) - 1 for each in signatures)
    if not 0 <= greatest_shift <= _MAX_CREEP:
        raise UsageError(
            f"The innermost pages would be moved {greatest_shift:.1f} mm into the fold.",
            hint="Use fewer sheets for a signature with `--signature`, or less creep.",
        )
    grid = grid_for(document.size, 2, 1, size)
    sides = [
        PlacedSide(side, sheet.depth * creep * PT_PER_MM)
        for each in signatures
        for sheet in each.sheets
        for side in (sheet.front, sheet.back)
    ]
    path, length = _write(source, into, "booklet", document, grid, sides)
    return Imposed(path, length, len(document.pages), len(sides), grid, signatures, from_right)


def impose_n_up(
    source: Path,
    into: Path | None = None,
    *,
    number: int,
    paper: str | None = None,
    right_to_left: bool | None = None,
) -> Imposed:
    """Impose *number* pages, 2 or 4, of the PDF *source* on each side, in reading order.

    The result is written as `NAME-2-up.pdf` or `NAME-4-up.pdf`. For everything else see `impose_booklet`.
    """
    size = _sheet_size(paper)
    document = read_document(source)
    from_right = document.right_to_left if right_to_left is None else right_to_left
    width, height = document.size
    columns = 1 if number == 2 and width > height else 2
    rows = number // columns
    grid = grid_for(document.size, columns, rows, size)
    sides = [
        PlacedSide(side, None)
        for side in n_up_sides(len(document.pages), columns, rows, right_to_left=from_right)
    ]
    path, length = _write(source, into, f"{number}-up", document, grid, sides)
    return Imposed(path, length, len(document.pages), len(sides), grid, (), from_right)


def _sheet_size(paper: str | None) -> PaperSize | None:
    return parse_paper_size(paper, _LONGEST_SHEET) if paper else None


def _write(
    source: Path, into: Path | None, kind: str, document: SourceDocument, grid: Grid, sides: list[PlacedSide]
) -> tuple[Path, int]:
    """Draw *sides* and write them as `NAME-kind.pdf`; return the path and the size of the file in bytes."""
    try:
        data = draw_sheets(document, grid, sides, f"{document.title} ({kind})")
    except ValueError as error:
        raise SourceError("The file is not a whole PDF.", Where(source), "Make it again.") from error
    folder = into or source.parent
    with staged(folder, {f"{source.stem}-{kind}.pdf": data}) as parts:
        [path] = commit(parts, folder)
    return path, len(data)
