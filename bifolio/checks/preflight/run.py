"""Runs the preflight checks of a print vendor on the pages of a book and on its cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf

from bifolio.checks.page_ranges import describe_pages
from bifolio.checks.preflight.cover import cover_findings, is_cover
from bifolio.checks.preflight.file import PreflightFile, read_file
from bifolio.checks.preflight.ink_coverage import check_black_text, check_colour_spaces, check_ink_coverage
from bifolio.checks.preflight.pages import page_findings
from bifolio.model.errors import UsageError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.vendors import MIN_TYPE_SIZE, PPI, VENDORS, Vendor

MIN_PPI = 200
"""Below so many pixels per inch an image is an error and not a warning. No vendor publishes this figure."""
_PPI_TOLERANCE = 0.5
_SIZE_TOLERANCE = 0.05
"""In pt."""
_DAMAGE = (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RuntimeError)


def preflight(files: Sequence[Path], vendor: Vendor) -> list[Finding]:
    """Return what *vendor* would reject, or warns of, in the PDF *files*.

    A file with a single page in landscape is taken for a cover, and checked against the number of pages in
    the other file. Raises UsageError for a path that does not exist or is not a PDF.
    """
    findings: list[Finding] = []
    read: list[PreflightFile] = []
    for path in files:
        if not path.is_file():
            raise UsageError("There is no such file.", Where(path))
        if path.suffix.lower() != ".pdf":
            raise UsageError("The file is not a PDF; vendors print nothing else.", Where(path))
        try:
            read.append(read_file(path))
        except pikepdf.PasswordError:
            findings.append(found("press-extra", Where(path), what="encryption", vendor=vendor.title))
        except _DAMAGE as error:
            findings.append(found("judge-failed", Where(path), validator="The preflight", text=str(error)))
    counts = [len(file.pages) for file in read if not is_cover(file)]
    for file in read:
        for check in _CHECKS:
            findings += check(file, vendor)
        if is_cover(file):
            findings += cover_findings(file, vendor, counts[0] if len(counts) == 1 else None)
        else:
            findings += page_findings(file, vendor)
    return findings


def find_vendor(name: str) -> Vendor:
    """Return the vendor with this *name*. Raises UsageError for a destination that prints no books."""
    if name not in VENDORS:
        raise UsageError(f"`{name}` does not print books.", hint=f"Use one of {', '.join(VENDORS)}.")
    return VENDORS[name]


def _check_extras(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    for what in file.extras:
        yield found("press-extra", Where(file.path), what=what, vendor=vendor.title)


def _check_fonts(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    for font in file.unembedded_fonts:
        yield found("press-font", Where(file.path), font=font, vendor=vendor.title)


def _check_transparency(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    numbers: dict[str, list[int]] = {}
    for number, page in enumerate(file.pages, 1):
        for what in page.content.unprintable:
            numbers.setdefault(what, []).append(number)
    for what, pages in sorted(numbers.items()):
        fields = {"what": what, "pages": describe_pages(pages), "vendor": vendor.title}
        yield found("press-transparency", Where(file.path), **fields)


def _check_standard(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    if vendor.pdf_standard and not file.standard.startswith(("PDF/X-1", "PDF/X-3")):
        yield found("press-standard", Where(file.path), vendor=vendor.title, wanted=vendor.pdf_standard)


def _check_image_resolution(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    images = [
        (number, image.ppi) for number, page in enumerate(file.pages, 1) for image in page.content.images
    ]
    limits = (("press-picture-coarse", 0.0, MIN_PPI), ("press-picture", MIN_PPI, PPI - _PPI_TOLERANCE))
    for code, low, high in limits:
        coarse = {number: ppi for number, ppi in images if low <= ppi < high}
        if coarse:
            yield found(
                code, Where(file.path), ppi=round(min(coarse.values())), wanted=PPI,
                pages=describe_pages(coarse), vendor=vendor.title,
            )  # fmt: skip


def _check_text_size(file: PreflightFile, _: Vendor) -> Iterator[Finding]:
    limit = MIN_TYPE_SIZE - _SIZE_TOLERANCE
    pages = file.describe_pages(lambda page: any(size < limit for size in page.content.text_sizes))
    if pages:
        least = min(size for page in file.pages for size in page.content.text_sizes)
        yield found(
            "press-type", Where(file.path), size=f"{least:g}", least=f"{MIN_TYPE_SIZE:g}", pages=pages
        )


_CHECKS: tuple[Callable[[PreflightFile, Vendor], Iterator[Finding]], ...] = (
    _check_extras,
    _check_fonts,
    _check_transparency,
    _check_standard,
    check_black_text,
    check_colour_spaces,
    check_ink_coverage,
    _check_image_resolution,
    _check_text_size,
)
"""The checks of pages and covers alike."""
