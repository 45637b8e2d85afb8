"""The loss meter: how many headings, items, tables and the like each file has, in the words of its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.findings import Finding, Where, found
from bifolio.proofing.counting import Counts
from bifolio.proofing.epub import count_epub
from bifolio.proofing.pdf_counts import count_pdf
from bifolio.proofing.source_counts import count_source

COUNTERS: dict[str, Callable[[Path], Counts]] = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".txt", ".text"), count_source),
    ".epub": count_epub,
    ".pdf": count_pdf,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What was counted in a set of files."""

    files: tuple[Path, ...]
    """Those that can be counted: the source first, then EPUB, then PDF."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Each kind of thing that one of them has, with its number in each, in the order of `files`."""


def measure(files: Sequence[Path]) -> Measure:
    """Count what is in each of *files*; one that cannot be read is left out."""
    order = list(COUNTERS)
    counted: list[tuple[Path, Counts]] = []
    for path in sorted(files, key=lambda path: order.index(path.suffix.lower())):
        try:
            counted.append((path, COUNTERS[path.suffix.lower()](path)))
        except ValueError:
            continue  # the twin check says so
    kinds = sorted({kind for _, counts in counted for kind, number in counts.items() if number})
    rows = tuple((kind, tuple(counts[kind] for _, counts in counted)) for kind in kinds)
    return Measure(tuple(path for path, _ in counted), rows)


def differences(measured: Measure) -> list[Finding]:
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
