"""All judges on a set of finished files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bifolio.checks.compare import READERS, compare_files
from bifolio.checks.counts.count_table import compare_counts, count_files
from bifolio.checks.page_list import compare_pages
from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.qpdf import run_qpdf
from bifolio.model.errors import UsageError
from bifolio.model.findings import Finding, Where


def check_files(files: Sequence[Path]) -> list[Finding]:
    """Return what the judges find in *files*, and where these differ from each other.

    Raises UsageError for a file that is not there, or is neither an edition nor a source.
    """
    for path in files:
        if not path.is_file():
            raise UsageError("There is no such file.", Where(path))
        if path.suffix.lower() not in READERS:
            raise UsageError(
                "It is neither an edition nor a source.", Where(path),
                f"Their names end in {', '.join(sorted(READERS))}.",
            )  # fmt: skip
    books = [path for path in files if path.suffix.lower() == ".epub"]
    findings = run_epubcheck(books) if books else []
    for book in books:
        findings += run_ace(book)
    for page in (path for path in files if path.suffix.lower() == ".pdf"):
        findings += run_qpdf(page) + run_page_validation(page)
    return findings + compare_files(files) + _pages(files) + compare_counts(count_files(files))


def _pages(files: Sequence[Path]) -> list[Finding]:
    """Hold the pages that each EPUB marks against those of the PDF of the same name, or the only one."""
    papers = [path for path in files if path.suffix.lower() == ".pdf"]
    findings: list[Finding] = []
    for book in (path for path in files if path.suffix.lower() == ".epub"):
        paper = next((path for path in papers if path.stem == book.stem or len(papers) == 1), None)
        with suppress(ValueError):  # what cannot be read has been told by the comparison
            findings += compare_pages(book, paper) if paper else []
    return findings
