"""The loss meter: how many headings, items, tables and the like each file has, in the words of its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.checks.counts.html_counts import Counts, heading_kind
from bifolio.checks.counts.pdf_counts import count_pdf
from bifolio.checks.counts.source_counts import count_source
from bifolio.checks.readers.epub import count_epub
from bifolio.model.findings import Finding, Where, found

COUNTERS: dict[str, Callable[[Path], Counts]] = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".txt", ".text"), count_source),
    ".epub": count_epub,
    ".pdf": count_pdf,
}
_EDITIONS = (".epub", ".pdf")
_HEADINGS = frozenset(heading_kind(level) for level in range(1, 7))


@dataclass(frozen=True, slots=True)
class CountTable:
    """What was counted in a set of files."""

    files: tuple[Path, ...]
    """Those that can be counted: the source first, then EPUB, then PDF."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Each kind of thing that one of them has, with its number in each, in the order of `files`."""


def count_files(files: Sequence[Path]) -> CountTable:
    """Count what is in each of *files*; one that cannot be read is left out."""
    order = list(COUNTERS)
    counted: list[tuple[Path, Counts]] = []
    for path in sorted(files, key=lambda path: order.index(path.suffix.lower())):
        try:
            counted.append((path, COUNTERS[path.suffix.lower()](path)))
        except ValueError:
            continue  # the twin check says so
    if _is_parted([counts for _, counts in counted]):
        counted = [(path, _without_levels(counts, path.suffix in _EDITIONS)) for path, counts in counted]
    kinds = sorted({kind for _, counts in counted for kind, number in counts.items() if number})
    rows = tuple((kind, tuple(counts[kind] for _, counts in counted)) for kind in kinds)
    return CountTable(tuple(path for path, _ in counted), rows)


def _is_parted(counted: Sequence[Counts]) -> bool:
    """Say whether one file became a book: each of its chapters begins at the first level again."""
    titles = [counts[heading_kind(1)] for counts in counted]
    return min(titles, default=0) == 1 < max(titles, default=0)


def _without_levels(counts: Counts, edition: bool) -> Counts:
    """Return *counts* with the headings below the title together, which the title page of a book has."""
    below = sum(number for kind, number in counts.items() if kind in _HEADINGS)
    rest = Counts({kind: number for kind, number in counts.items() if kind not in _HEADINGS})
    rest["headings"] = below if edition else below - 1
    return rest


def compare_counts(measured: CountTable) -> list[Finding]:
    """Return a finding for each kind of which the files have different numbers."""
    findings = []
    for kind, numbers in measured.rows:
        odd = next((n for n, number in enumerate(numbers) if number != numbers[0]), None)
        if odd is None:
            continue
        parts = [f"{number} in {path.name}" for path, number in zip(measured.files, numbers, strict=True)]
        where = Where(measured.files[odd])
        findings.append(found("count-differs", where, kind=kind, numbers=", ".join(parts)))
    return findings
