"""Runs the checks on finished files, and on staged files before they are moved into place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bifolio.model.destinations import Destination
from bifolio.model.findings import Finding, Where, sort_findings
from bifolio.model.vendors import VENDORS
from bifolio.runtime.cache import Cache


def proof(files: Sequence[Path], destination: str | None = None) -> list[Finding]:
    """Run every installed validator on *files*, and compare them with each other.

    *files* are EPUB and PDF files, with the source if it is to be compared too. With a print vendor as
    *destination*, the files are only held to that vendor's requirements. Raises UsageError.
    """
    if destination is not None:
        from bifolio.checks.preflight.run import find_vendor, preflight

        return sort_findings(preflight(files, find_vendor(destination)))
    from bifolio.checks import check_files

    return sort_findings(check_files(files))


def proof_staged(parts: Callable[[], Sequence[Path]], pdf: Path, cache: Cache | None) -> list[Finding]:
    """Compare two staged editions, one of which will be moved to *pdf*.

    *parts* waits until the editions are written, and returns their paths.
    """
    from bifolio.checks.compare import compare_files
    from bifolio.checks.file_readers.page_text_cache import open_page_text_cache

    with open_page_text_cache(cache, pdf) as texts:
        return _relocate(compare_files(parts(), texts), pdf.parent)


def preflight_staged(parts: Sequence[Path], target: Destination, into: Path) -> list[Finding]:
    """Check the staged files for the print vendor *target*; they will be moved into *into*."""
    if target.name not in VENDORS:
        return []
    from bifolio.checks.preflight.run import preflight

    endings = (f"-{target.name}.pdf", f"-{target.name}-cover.pdf")
    files = [part for part in parts if part.name.endswith(endings)]
    return _relocate(preflight(files, VENDORS[target.name]), into)


def _relocate(findings: Sequence[Finding], into: Path) -> list[Finding]:
    """Return *findings* on staged files with the paths that these will have in *into*."""
    return [
        replace(finding, where=Where(into / finding.where.file.name) if finding.where else None)
        for finding in findings
    ]
