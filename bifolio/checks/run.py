"""Runs all checks on a set of finished files."""

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
    """Return the findings of the validators for *files*, and the differences between the files.

    Raises UsageError for a path that does not exist, or that is neither an edition nor a source.
    """
    for path in files:
        if not path.is_file():
            raise UsageError("There is no such file.", Where(path))
        if path.suffix.lower() not in READERS:
            raise UsageError(
                "The file is neither an edition nor a source.", Where(path),
                f"Use files whose names end in {', '.join(sorted(READERS))}.",
            )  # fmt: skip
    epubs = [path for path in files if path.suffix.lower() == ".epub"]
    pdfs = [path for path in files if path.suffix.lower() == ".pdf"]
    findings = run_epubcheck(epubs) if epubs else []
    for epub in epubs:
        findings += run_ace(epub)
    for pdf in pdfs:
        findings += run_qpdf(pdf) + run_page_validation(pdf)
    findings += compare_files(files)
    findings += _compare_page_lists(epubs, pdfs)
    return findings + compare_counts(count_files(files))


def _compare_page_lists(epubs: Sequence[Path], pdfs: Sequence[Path]) -> list[Finding]:
    """Compare the page list of each EPUB with the PDF of the same name, or with the only PDF."""
    findings: list[Finding] = []
    for epub in epubs:
        pdf = next((path for path in pdfs if path.stem == epub.stem or len(pdfs) == 1), None)
        with suppress(ValueError):  # the comparison of the texts reports unreadable files
            findings += compare_pages(epub, pdf) if pdf else []
    return findings
