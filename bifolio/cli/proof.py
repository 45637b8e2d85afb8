"""`bifolio proof`: check finished editions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bifolio.cli.exit_code import exit_code
from bifolio.cli.report import print_findings, print_measure, summary
from bifolio.model.vendors import VENDORS


@click.command(name="proof")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--for", "destination", type=click.Choice(list(VENDORS)),
              help="Check files for print against the requirements of this vendor only.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def command(files: tuple[Path, ...], destination: str | None, strict: bool) -> None:
    """Run the validators on FILES: finished EPUB and PDF files.

    Two editions are also compared with each other, word by word, and their contents are counted. Add the
    source to FILES to compare it too.

    With `--for`, FILES are the interior of a printed book, its cover, or both.
    """
    from bifolio.build import proof
    from bifolio.checks import count_files

    findings = proof(files, destination)
    if destination is None:
        print_measure(count_files(files))
    print_findings(findings)
    click.echo(f"{', '.join(map(str, files))}: {summary(findings)}")
    sys.exit(exit_code(findings, strict=strict))
