"""`bifolio proof`: judge finished editions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bifolio.cli.report import exit_code, print_findings, print_measure, summary
from bifolio.model.vendors import VENDORS


@click.command(name="proof")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--for", "destination", type=click.Choice(list(VENDORS)),
              help="Hold books for print to what this vendor takes.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def command(files: tuple[Path, ...], destination: str | None, strict: bool) -> None:
    """Let the judges read FILES: finished EPUB and PDF files.

    Two editions are also compared with each other, word by word, and what they hold is counted; with the
    source among FILES, that too.

    With `--for` they are the pages of a printed book, its cover, or both.
    """
    from bifolio.build import proof
    from bifolio.checks import count_files

    findings = proof(files, destination)
    if destination is None:
        print_measure(count_files(files))
    print_findings(findings)
    click.echo(f"{', '.join(map(str, files))}: {summary(findings)}")
    sys.exit(exit_code(findings, strict=strict))
