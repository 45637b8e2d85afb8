"""Prints findings and results, and derives the exit code from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bifolio.model.errors import BifolioError
from bifolio.model.findings import Finding, Severity

if TYPE_CHECKING:
    from bifolio.build import Made
    from bifolio.checks.counts.count_table import CountTable

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def print_findings(findings: Sequence[Finding]) -> None:
    """Print *findings* to the error stream, a paragraph each."""
    for finding in findings:
        position = f"{finding.where}: " if finding.where else ""
        severity = click.style(finding.severity.name.lower(), fg=_COLOURS[finding.severity], bold=True)
        text = f"{position}{severity} {finding.code}: {finding.message} {finding.hint}"
        click.echo(text.rstrip(), err=True)


def print_failures(failures: Sequence[BifolioError]) -> None:
    """Print *failures* to the error stream, a paragraph each."""
    for failure in failures:
        click.echo(f"bifolio: {failure}", err=True)


def print_made(made: Made) -> None:
    """Print each file of *made* with its size and pages, then the number of words and of findings."""
    width = max((len(str(file.path)) for file in made.files), default=0)
    for file in made.files:
        pages = f"  {count(file.pages, 'page')}" if file.pages else ""
        click.echo(f"{file.path!s:{width}}  {size(file.size):>9}{pages}")
    click.echo(f"{count(made.words, 'word')}, {summary(made.findings)}")


def print_measure(measured: CountTable) -> None:
    """Print what was counted in two or more files, a line for each kind and a column for each file."""
    if len(measured.files) < 2:
        return
    kinds = max((len(kind) for kind, _ in measured.rows), default=0)
    widths = [max(len(path.name), 6) for path in measured.files]
    heads = [f"{path.name:>{width}}" for path, width in zip(measured.files, widths, strict=True)]
    click.echo("  ".join([" " * kinds, *heads]))
    for kind, numbers in measured.rows:
        cells = [f"{number:>{width},}" for number, width in zip(numbers, widths, strict=True)]
        click.echo("  ".join([f"{kind:{kinds}}", *cells]) + ("  differ" if len(set(numbers)) > 1 else ""))


def summary(findings: Sequence[Finding]) -> str:
    """Return the number of findings of each severity, in words."""
    if not findings:
        return "no findings"
    counts = [
        (sum(f.severity is severity for f in findings), severity.name.lower())
        for severity in reversed(Severity)
    ]
    return ", ".join(count(number, name) for number, name in counts if number)


def count(number: int, name: str) -> str:
    """Return *number* with *name*, in the plural unless it is 1."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def size(size: int) -> str:
    """Return *size*, in bytes, in kB or MB."""
    return f"{size / 1000:,.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"
