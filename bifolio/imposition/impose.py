"""A finished PDF laid on sheets: folded as a booklet, or several pages on a side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.imposition.draw_sheets import PlacedSide, draw_sheets
from bifolio.imposition.grid import Grid, grid_for
from bifolio.imposition.sheet_sizes import PT_PER_MM, parse_stock
from bifolio.imposition.signatures import Signature, fold_signatures, n_up_sides
from bifolio.imposition.source_pages import SourceDocument, read_document
from bifolio.model.errors import EditionError, SourceError, UsageError
from bifolio.model.findings import Where
from bifolio.runtime.temp_dirs import staging_dir

_MOST_CREEP = 10.0
"""How far a page may be moved into the fold, in mm: most of an inner margin."""


@dataclass(frozen=True, slots=True)
class Imposed:
    """A PDF in its place, to be printed."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """Of the file that was read, without blank ones."""
    sides: int
    grid: Grid
    signatures: tuple[Signature, ...]
    """Without any where it is not to be folded."""
    right_to_left: bool

    @property
    def sheets(self) -> int:
        """How many sheets it takes when both sides are printed on."""
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
    """Fold the PDF *source* onto sheets with two pages a side, as `NAME-booklet.pdf`.

    It is written into the folder *into*, or beside *source*. *paper* names the sheet; without it, it follows
    from the pages. *signature* is the number of sheets in each, at least 1; *creep* what a sheet drives the
    next one in out of the fold, in mm; *right_to_left* says how it is bound, where the file should not.
    Raises UsageError, SourceError, or EditionError where it cannot be written; what was there then stays.
    """
    stock = parse_stock(paper) if paper else None
    pages = read_document(source)
    bound_right = pages.right_to_left if right_to_left is None else right_to_left
    signatures = fold_signatures(len(pages.pages), signature, right_to_left=bound_right)
    furthest = creep * max(len(each.sheets) - 1 for each in signatures)
    if not 0 <= furthest <= _MOST_CREEP:
        raise UsageError(
            f"The innermost pages would be moved {furthest:.1f} mm into the fold.",
            hint="Give fewer sheets to a signature with `--signature`, or less creep.",
        )
    grid = grid_for(pages.size, 2, 1, stock)
    sides = [
        PlacedSide(side, sheet.depth * creep * PT_PER_MM)
        for each in signatures
        for sheet in each.sheets
        for side in (sheet.front, sheet.back)
    ]
    path = _target(source, into, "booklet")
    size = _write(path, _drawn(source, pages, grid, sides, f"{pages.title} (booklet)"))
    return Imposed(path, size, len(pages.pages), len(sides), grid, signatures, bound_right)


def impose_n_up(
    source: Path,
    into: Path | None = None,
    *,
    number: int,
    paper: str | None = None,
    right_to_left: bool | None = None,
) -> Imposed:
    """Lay *number* pages, 2 or 4, of the PDF *source* on each side, in the order of reading.

    The file is `NAME-2-up.pdf` or `NAME-4-up.pdf`. All else is as in `impose_booklet`.
    """
    stock = parse_stock(paper) if paper else None
    pages = read_document(source)
    from_right = pages.right_to_left if right_to_left is None else right_to_left
    width, height = pages.size
    columns = 1 if number == 2 and width > height else 2
    grid = grid_for(pages.size, columns, number // columns, stock)
    sides = [
        PlacedSide(side, None)
        for side in n_up_sides(len(pages.pages), columns, number // columns, right_to_left=from_right)
    ]
    path = _target(source, into, f"{number}-up")
    size = _write(path, _drawn(source, pages, grid, sides, f"{pages.title} ({number}-up)"))
    return Imposed(path, size, len(pages.pages), len(sides), grid, (), from_right)


def _target(source: Path, into: Path | None, kind: str) -> Path:
    return (into or source.parent) / f"{source.stem}-{kind}.pdf"


def _drawn(source: Path, pages: SourceDocument, grid: Grid, sides: list[PlacedSide], title: str) -> bytes:
    try:
        return draw_sheets(pages, grid, sides, title)
    except ValueError as error:
        raise SourceError("The file is not a whole PDF.", Where(source), "Make it anew.") from error


def _write(path: Path, data: bytes) -> int:
    """Write *data* beside *path* and move it there; return its size in bytes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with staging_dir(path.parent) as folder:
            part = folder / path.name
            part.write_bytes(data)
            part.replace(path)
    except OSError as error:
        raise EditionError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Give another folder with `--into`, or make this one writable.",
        ) from error
    return len(data)
