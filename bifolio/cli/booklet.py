"""`bifolio booklet`: impose a PDF as a booklet for printing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bifolio.cli.report import count, size
from bifolio.model.errors import UsageError

if TYPE_CHECKING:
    from bifolio.imposition import Imposed
    from bifolio.imposition.signatures import Signature


@click.command(name="booklet")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into", type=click.Path(path_type=Path), help="The folder for the result. The default is that of FILE."
)
@click.option("--paper", metavar="SIZE", help="The sheet: a4, a3, letter, ..., or a size such as 210x297mm.")
@click.option("--signature", metavar="SHEETS", type=click.IntRange(1), help="Sheets per signature.")
@click.option("--creep", metavar="MM", type=click.FloatRange(0, 2),
              help="The thickness of the paper, to compensate creep.")  # fmt: skip
@click.option(
    "--right-to-left/--left-to-right", default=None, help="The reading direction, if FILE does not state it."
)
@click.option(
    "--n-up",
    "number",
    type=click.Choice(["2", "4"]),
    help="Pages per side in reading order, without folding.",
)
def command(
    file: Path,
    into: Path | None,
    paper: str | None,
    signature: int | None,
    creep: float | None,
    right_to_left: bool | None,
    number: str | None,
) -> None:
    """Impose FILE, a finished PDF, as a booklet, and show how to print it."""
    from bifolio.imposition import impose_booklet, impose_n_up

    if number:
        if signature or creep:
            raise UsageError("`--n-up` does not fold sheets.", hint="Remove `--signature` and `--creep`.")
        imposed = impose_n_up(file, into, number=int(number), paper=paper, right_to_left=right_to_left)
    else:
        imposed = impose_booklet(
            file, into, paper=paper, signature=signature, creep=creep or 0.0, right_to_left=right_to_left
        )
    click.echo(f"{imposed.path}  {size(imposed.size)}  {count(imposed.sheets, 'sheet')}")
    click.echo(_summary(imposed))
    click.echo(_printing(imposed))
    if imposed.signatures:
        click.echo(_folding(imposed))
    if creep:
        click.echo("Trim: the edge opposite the fold.")


def _summary(imposed: Imposed) -> str:
    """Return the line on the number of pages, the paper and the scale."""
    grid = imposed.grid
    pages, sides = count(imposed.pages, "page"), count(imposed.sides, "side")
    blank = imposed.sides * grid.columns * grid.rows - imposed.pages
    last = f"; the last {'place is' if blank == 1 else f'{blank} places are'} blank" if blank else ""
    return f"{pages} on {sides} of {grid.paper.name}, at {grid.scale * 100:.0f} % of their size{last}"


def _printing(imposed: Imposed) -> str:
    """Return the line on the settings in the print dialogue."""
    edge = "short" if imposed.grid.is_turned else "long"
    return f"Print: at 100 %, not fitted to the paper; on both sides, flipped on the {edge} edge."


def _folding(imposed: Imposed) -> str:
    """Return the lines on what to do with the printed sheets."""
    spine = f"page 1 outside, the fold on its {'right' if imposed.right_to_left else 'left'}"
    if imposed.sheets == 1:
        return f"Fold: the sheet once, {spine}."
    if len(imposed.signatures) == 1:
        return f"Fold: all sheets together, {spine}.\nStaple: through the fold, twice."
    return (
        f"Fold: sheets {_ranges(imposed.signatures)}, each of these signatures by itself, {spine}.\n"
        "Sew: the signatures, stacked in order, through their folds."
    )


def _ranges(signatures: Sequence[Signature]) -> str:
    """Return the numbers of the sheets of each signature, as `1-4, 5-8 and 9-10`."""
    ranges, last = [], 0
    for signature in signatures:
        first, last = last + 1, last + len(signature.sheets)
        ranges.append(f"{first}-{last}" if last > first else str(first))
    return f"{', '.join(ranges[:-1])} and {ranges[-1]}"
