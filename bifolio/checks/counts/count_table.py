"""Counts the elements of several files and compares the numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.checks.counts.epub_counts import count_epub
from bifolio.checks.counts.kinds import HEADING_KINDS, HEADINGS, Counts, heading_kind
from bifolio.checks.counts.pdf_counts import count_pdf
from bifolio.checks.counts.source_counts import count_source
from bifolio.model.findings import Finding, Where, found

COUNTERS: dict[str, Callable[[Path], Counts]] = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".txt", ".text"), count_source),
    ".epub": count_epub,
    ".pdf": count_pdf,
}
"""The function that counts a file, by suffix; in the order of the columns."""
_EDITIONS = (".epub", ".pdf")


@dataclass(frozen=True, slots=True)
class CountTable:
    """The counts of several files."""

    files: tuple[Path, ...]
    """The readable files: the source first, then EPUB, then PDF."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Each kind that one of the files has, with its number in each, in the order of `files`."""


def count_files(files: Sequence[Path]) -> CountTable:
    """Count the elements of each of *files*; unreadable files are left out."""
    order = list(COUNTERS)
    counted: list[tuple[Path, Counts]] = []
    for path in sorted(files, key=lambda path: order.index(path.suffix.lower())):
        try:
            counted.append((path, COUNTERS[path.suffix.lower()](path)))
        except ValueError:
            continue  # the comparison of the texts reports it
    if _is_split([counts for _, counts in counted]):
        counted = [
            (path, _merge_levels(counts, is_edition=path.suffix in _EDITIONS)) for path, counts in counted
        ]
    kinds = sorted({kind for _, counts in counted for kind, number in counts.items() if number})
    rows = tuple((kind, tuple(counts[kind] for _, counts in counted)) for kind in kinds)
    return CountTable(tuple(path for path, _ in counted), rows)


def _is_split(counted: Sequence[Counts]) -> bool:
    """Say whether one file became a book, in which each chapter begins with a heading of level 1."""
    titles = [counts[heading_kind(1)] for counts in counted]
    return min(titles, default=0) == 1 < max(titles, default=0)


def _merge_levels(counts: Counts, *, is_edition: bool) -> Counts:
    """Return *counts* with one number for headings of all levels, without the title of a source."""
    headings = sum(number for kind, number in counts.items() if kind in HEADING_KINDS)
    merged = Counts({kind: number for kind, number in counts.items() if kind not in HEADING_KINDS})
    merged[HEADINGS] = headings if is_edition else headings - 1
    return merged


def compare_counts(table: CountTable) -> list[Finding]:
    """Return a finding for each kind whose numbers differ."""
    findings = []
    for kind, numbers in table.rows:
        odd = next((index for index, number in enumerate(numbers) if number != numbers[0]), None)
        if odd is None:
            continue
        parts = [f"{number} in {path.name}" for path, number in zip(table.files, numbers, strict=True)]
        where = Where(table.files[odd])
        findings.append(found("count-differs", where, kind=kind, numbers=", ".join(parts)))
    return findings
