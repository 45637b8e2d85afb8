"""Makes the two PDFs that a vendor prints a book from: the interior and the wraparound cover."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

from bifolio.covers.sheet import draw_cover_sheet
from bifolio.covers.wraparound import lay_out_wraparound
from bifolio.epub.package.dates import modification_date
from bifolio.fonts.coverage import Fallback
from bifolio.manuscript.book.generated_sections import STANDARDS
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Edition, Publication
from bifolio.model.units import MM_PER_INCH, PT_PER_MM
from bifolio.model.vendors import Stock, Vendor
from bifolio.pdf import bind_pdf
from bifolio.pdf.pages.gutter import Binding
from bifolio.pdf.pages.page_settings import read_page_settings
from bifolio.pdf.pages.page_size import Paper, page_layout, parse_paper
from bifolio.prepress.finish import PressFile, finish_cover, finish_interior
from bifolio.prepress.pdfx import DocumentInfo
from bifolio.runtime.cache import Cache
from bifolio.stylesheet import Stylesheet, has_facing_pages

DEFAULT_TRIM = "6x9in"
_PROGRAM = "Bifolio"
_MAX_LAYOUTS = 6
"""The most layouts of a book in the search for the inner margin for its number of pages."""
_EXTRA_MARGIN = 0.125
"""The inner margin in excess of the vendor's minimum, in inches."""
_MM2_PER_WORD = 100.0
"""The area of a page per word, in mm², for a first estimate of the number of pages."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The vendor, paper and size that a book is printed with."""

    vendor: Vendor
    stock: Stock
    trim: tuple[float, float]
    """In inches."""
    spine: float | None = None
    """The width of the spine in inches, if the vendor has stated it."""


def create_print_job(vendor: Vendor, paper: str | None, stock: str | None, spine: float | None) -> PrintJob:
    """Return the print job for *vendor*; *spine* is in inches.

    Raises UsageError for a *paper* size or a *stock* that the vendor does not offer.
    """
    size = parse_paper(paper or DEFAULT_TRIM)
    return PrintJob(
        vendor, vendor.stock(stock), vendor.trim(size.width / MM_PER_INCH, size.height / MM_PER_INCH), spine
    )


def make_print_editions(
    publication: Publication, stylesheet: Stylesheet, fallbacks: tuple[Fallback, ...],
    missing: frozenset[str], job: PrintJob, cache: Cache | None,
) -> list[Edition]:  # fmt: skip
    """Return the interior and the wraparound cover of *publication* for *job*.

    *missing* are the characters that no font has. Layouts are kept in *cache*.
    """
    vendor, info = job.vendor, _document_info(publication)
    publication = _without_standards(publication)
    paper = Paper(*(side * MM_PER_INCH for side in job.trim))
    laid_out, binding = _lay_out(publication, stylesheet, missing, job, paper, cache)
    page = page_layout(paper, read_page_settings(stylesheet))
    shift = 0.0 if has_facing_pages(stylesheet.text) else binding.shift(page) * PT_PER_MM
    interior_file = finish_interior(
        laid_out.data, vendor, job.stock, shift, info,
        right_to_left=direction(publication.metadata.language) == "rtl",
    )  # fmt: skip
    where, pages = Where(publication.source), interior_file.pages
    findings = (*_ink_findings(interior_file, where), *_page_count_findings(pages, job, where))
    interior = replace(
        laid_out, data=interior_file.data, pages=pages, suffix=f"-{vendor.name}",
        findings=(*laid_out.findings, *findings),
    )  # fmt: skip
    return [interior, _make_cover(publication, fallbacks, job, pages, info)]


def _make_cover(
    publication: Publication, fallbacks: tuple[Fallback, ...], job: PrintJob, pages: int, info: DocumentInfo
) -> Edition:
    """Return the wraparound cover for an interior of *pages* pages."""
    vendor, where = job.vendor, Where(publication.source)
    findings = []
    spine = job.spine
    if spine is None:
        spine = vendor.spine_width(pages, job.stock)
        if job.stock.estimated:
            findings.append(found("spine-estimated", where, vendor=vendor.title, width=f"{spine:.3f}"))
    sheet, layout_findings = lay_out_wraparound(publication, fallbacks, vendor, job.trim, spine, pages)
    cover = finish_cover(draw_cover_sheet(sheet, publication.metadata.language), vendor, info)
    findings += [*layout_findings, *_ink_findings(cover, where)]
    return Edition("pdf", cover.data, 1, tuple(findings), suffix=f"-{vendor.name}-cover")


def _lay_out(
    publication: Publication, stylesheet: Stylesheet, missing: frozenset[str], job: PrintJob, paper: Paper,
    cache: Cache | None,
) -> tuple[Edition, Binding]:  # fmt: skip
    """Lay out *publication* until its inner margin is the one required for its number of pages.

    A wider margin makes more pages. If one margin gives too many pages for itself and the next gives too few,
    the wider is used.
    """
    vendor, tried = job.vendor, set()
    estimate = publication.words() / (paper.width * paper.height / _MM2_PER_WORD)
    inside = vendor.inside_margin(round(estimate))
    for _ in range(_MAX_LAYOUTS):
        binding = Binding((inside + _EXTRA_MARGIN) * MM_PER_INCH, vendor.outside_margin * MM_PER_INCH)
        edition = bind_pdf(publication, stylesheet, paper, missing=missing, cache=cache, binding=binding)
        pages = edition.pages + vendor.requires_blank_last_page
        required = vendor.inside_margin(pages + pages % 2)
        if required == inside or (required < inside and required in tried):
            break
        tried.add(inside)
        inside = required
    return edition, binding


def _without_standards(publication: Publication) -> Publication:
    """Return *publication* with a colophon that does not name the standards of the other editions."""
    sections = []
    for section in publication.sections:
        if section.role == "colophon" and STANDARDS in section.body.itertext():
            section = replace(section, body=copy.deepcopy(section.body))
            for element in section.body.iter():
                element.text = _PROGRAM if element.text == STANDARDS else element.text
        sections.append(section)
    return replace(publication, sections=tuple(sections))


def _document_info(publication: Publication) -> DocumentInfo:
    metadata = publication.metadata
    return DocumentInfo(metadata.title, ", ".join(metadata.authors), modification_date(metadata))


def _page_count_findings(pages: int, job: PrintJob, where: Where) -> list[Finding]:
    """Return a finding if the stock does not allow as few or as many *pages* but another stock does.

    The preflight reports numbers that no stock allows; it reads the file and does not know the stock.
    """
    vendor, stock = job.vendor, job.stock
    least, most = stock.min_pages, vendor.max_pages(stock, job.trim)
    allowed = ""
    if min(other.min_pages for other in vendor.stocks) <= pages < least:
        allowed = f"at least {least} pages on `{stock.name}`"
    elif most < pages <= max(vendor.max_pages(other, job.trim) for other in vendor.stocks):
        allowed = f"at most {most} pages on `{stock.name}`"
    if not allowed:
        return []
    return [found("press-count", where, pages=pages, vendor=vendor.title, wanted=allowed)]


def _ink_findings(file: PressFile, where: Where) -> list[Finding]:
    """Return findings for what could not be converted to the inks of the press."""
    return [found("ink-impossible", where, what=what) for what in file.unconverted]
