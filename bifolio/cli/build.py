"""`bifolio build`: make the editions of a source."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from bifolio.cli.progress import progress
from bifolio.cli.report import exit_code, print_failures, print_findings, print_made
from bifolio.model.destinations import DESTINATIONS
from bifolio.model.errors import UsageError
from bifolio.model.vendors import STOCKS, inches

_NAME = re.compile(r"[A-Za-z][\w-]*")
"""What a named style is called."""


@click.command(name="build")
@click.argument("source", required=False, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), default=Path("build"), show_default=True,
              help="The folder for the editions.")  # fmt: skip
@click.option("--only", type=click.Choice(["epub", "pdf"]), help="Make one edition alone.")
@click.option("--for", "destinations", type=click.Choice(list(DESTINATIONS)), multiple=True,
              help="Make the edition that this place wants, and no other. Repeatable.")  # fmt: skip
@click.option("--stock", type=click.Choice(STOCKS), help="The paper and inks of a book for print.")
@click.option("--spine", metavar="WIDTH", help="The width of its spine, such as 0.62in or 15.8mm.")
@click.option("--paper", metavar="SIZE", help="a4, a5, a6, letter, or a size such as 6x9in or 148x210mm.")
@click.option("--style", "styles", metavar="FILE|NAME", multiple=True,
              help="A stylesheet instead of the project's, or a style that it names: large-print, e-ink, "
              "two-columns, ... Repeatable.")  # fmt: skip
@click.option("--fetch-pictures", is_flag=True, help="Fetch pictures on the web, once, to beside the source.")
@click.option("--extension", "extensions", metavar="NAME", multiple=True,
              help="Switch on an extension of Python-Markdown, whose code is run. Repeatable.")  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Use nothing of earlier builds, and keep nothing.")
@click.option("--also-each", is_flag=True, help="Make each article of a collection by itself too.")
@click.option("--cover", is_flag=True, help="Put the cover before the first page of the PDF, too.")
@click.option("--onix", is_flag=True, help="Write an ONIX 3.0 record of the editions beside them.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
def command(
    source: Path | None,
    into: Path,
    only: str | None,
    destinations: tuple[str, ...],
    stock: str | None,
    spine: str | None,
    paper: str | None,
    styles: tuple[str, ...],
    fetch_pictures: bool,
    extensions: tuple[str, ...],
    no_cache: bool,
    also_each: bool,
    cover: bool,
    onix: bool,
    strict: bool,
) -> None:
    """Make the editions of SOURCE: an EPUB and a PDF.

    SOURCE is a Markdown or text file, or a folder; without it, the folder `source` or else the book here.
    """
    from bifolio.build import make

    sheet, variants = _styles(styles)
    with progress() as tell:
        made = make(
            source,
            into,
            only=only,
            paper=paper,
            style=sheet,
            variants=variants,
            fetch_pictures=fetch_pictures,
            extensions=extensions,
            cache=not no_cache,
            also_each=also_each,
            onix=onix,
            cover=cover,
            destinations=destinations,
            stock=stock,
            spine=inches(spine) if spine else None,
            on_stage=tell,
        )
    print_findings(made.findings)
    print_failures(made.failures)
    print_made(made)
    codes = [failure.exit_code for failure in made.failures]
    sys.exit(max(exit_code(made.findings, strict=strict), *codes, 0))


def _styles(styles: tuple[str, ...]) -> tuple[Path | None, tuple[str, ...]]:
    """Part *styles* into the stylesheet and the names of styles in it: no name has a dot or a slash."""
    sheets = [style for style in styles if not _NAME.fullmatch(style) or Path(style).is_file()]
    if len(sheets) > 1:
        raise UsageError("`--style` names more than one stylesheet.", hint="Name one.")
    return (Path(sheets[0]) if sheets else None), tuple(style for style in styles if style not in sheets)
