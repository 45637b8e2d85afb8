"""Finished files read and compared, before they are put in their places and at any time after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bifolio.model.destinations import Destination
from bifolio.model.findings import Finding, Where, in_order
from bifolio.model.vendors import VENDORS
from bifolio.runtime.cache import Cache


def proof(files: Sequence[Path], destination: str | None = None) -> list[Finding]:
    """Let every judge that is here read the finished *files*, and compare them with each other.

    *files* are EPUB and PDF files, and the source if it is to be compared too. With a *destination* that
    prints books, they are held to what is printed there, and to nothing else.
    """
    if destination is not None:
        from bifolio.checks.preflight.run import find_vendor, preflight

        return in_order(preflight(files, find_vendor(destination)))
    from bifolio.checks import check_files

    return in_order(check_files(files))


def proof_parts(parts: Callable[[], Sequence[Path]], paper: Path, cache: Cache | None) -> list[Finding]:
    """Compare two editions before they are put in their places, one of them at *paper*.

    *parts* waits until they are written, and says where.
    """
    from bifolio.checks.compare import compare_files
    from bifolio.checks.readers.page_text_cache import open_page_text_cache

    with open_page_text_cache(cache, paper) as texts:
        return _placed(compare_files(parts(), texts), paper.parent)


def preflight_parts(parts: Sequence[Path], place: Destination, into: Path) -> list[Finding]:
    """Hold what was made for print at *place* to what is printed there, before it is put into *into*."""
    if place.name not in VENDORS:
        return []
    from bifolio.checks.preflight.run import preflight

    ends = (f"-{place.name}.pdf", f"-{place.name}-cover.pdf")
    files = [part for part in parts if part.name.endswith(ends)]
    return _placed(preflight(files, VENDORS[place.name]), into)


def _placed(findings: Sequence[Finding], into: Path) -> list[Finding]:
    """Return *findings* on files that are yet to be put into *into* as they are to be told."""
    return [
        replace(finding, where=Where(into / finding.where.file.name) if finding.where else None)
        for finding in findings
    ]
