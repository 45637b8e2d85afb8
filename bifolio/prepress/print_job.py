"""The two files that a vendor prints a book from: its pages, and the cover that wraps them."""

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
from bifolio.pdf.pages.page_settings import read_root_style
from bifolio.pdf.pages.page_size import Paper, page_on, parse_paper
from bifolio.prepress.finish import PressFile, finish_cover, finish_interior
from bifolio.prepress.pdfx import DocumentInfo
from bifolio.runtime.cache import Cache
from bifolio.stylesheet import Stylesheet, has_facing_pages

DEFAULT_TRIM = "6x9in"
_PROGRAM = "Bifolio"
_ROUNDS = 6
"""How often a book is set again until its margins are those of its number of pages."""
_BESIDE = 0.125
"""What the inner margin has beyond the least that a vendor asks for, in inches, so that it looks like one."""
_WORDS = 100.0
"""Square mm of a page for each hundred of its words, for a first guess."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """How a book is to be printed."""

    vendor: Vendor
    stock: Stock
    trim: tuple[float, float]
    """In inches."""
    spine: float | None = None
    """The width of the spine in inches, where the vendor has said it."""


def create_print_job(vendor: Vendor, paper: str | None, stock: str | None, spine: float | None) -> PrintJob:
    """Return the job for *vendor*. Raises UsageError for a size or a stock that it has not."""
    size = parse_paper(paper or DEFAULT_TRIM)
    return PrintJob(
        vendor, vendor.stock(stock), vendor.trim(size.width / MM_PER_INCH, size.height / MM_PER_INCH), spine
    )


def make_print_editions(
    publication: Publication, stylesheet: Stylesheet, fallbacks: tuple[Fallback, ...],
    missing: frozenset[str], job: PrintJob, cache: Cache | None,
) -> list[Edition]:  # fmt: skip
    """Return the pages of *publication* and their cover, as the vendor of *job* prints them."""
    vendor, facts = job.vendor, _facts(publication)
    publication = _for_press(publication)
    paper = Paper(*(side * MM_PER_INCH for side in job.trim))
    laid, binding = _laid_out(publication, stylesheet, missing, job, paper, cache)
    page = page_on(paper, read_root_style(stylesheet))
    shift = 0.0 if has_facing_pages(stylesheet.text) else binding.shift(page) * PT_PER_MM
    pages = finish_interior(
        laid.data, vendor, job.stock, shift, facts,
        right_to_left=direction(publication.metadata.language) == "rtl",
    )  # fmt: skip
    where = Where(publication.source)
    interior = replace(
        laid, data=pages.data, pages=pages.pages, suffix=f"-{vendor.name}",
        findings=(*laid.findings, *_unprintable(pages, where), *_counted(pages.pages, job, where)),
    )  # fmt: skip
    findings = []
    spine = job.spine
    if spine is None:
        spine = vendor.spine(pages.pages, job.stock)
        if job.stock.estimated:
            findings.append(found("spine-estimated", where, vendor=vendor.title, width=f"{spine:.3f}"))
    sheet, said = lay_out_wraparound(publication, fallbacks, vendor, job.trim, spine, pages.pages)
    cover = finish_cover(draw_cover_sheet(sheet, publication.metadata.language), vendor, facts)
    findings += [*said, *_unprintable(cover, where)]
    return [interior, Edition("pdf", cover.data, 1, tuple(findings), suffix=f"-{vendor.name}-cover")]


def _laid_out(
    publication: Publication, stylesheet: Stylesheet, missing: frozenset[str], job: PrintJob, paper: Paper,
    cache: Cache | None,
) -> tuple[Edition, Binding]:  # fmt: skip
    """Set *publication* until the inner margin is that for as many pages as it then has.

    A wider margin makes more pages. Where the narrower one makes too many for itself, and the wider fewer
    than it is for, the wider is kept.
    """
    vendor, tried = job.vendor, set()
    guess = publication.words() / (paper.width * paper.height / _WORDS)
    inside = vendor.inside(round(guess))
    for _ in range(_ROUNDS):
        binding = Binding((inside + _BESIDE) * MM_PER_INCH, vendor.outside * MM_PER_INCH)
        edition = bind_pdf(publication, stylesheet, paper, missing=missing, cache=cache, binding=binding)
        pages = edition.pages + vendor.last_blank
        wanted = vendor.inside(pages + pages % 2)
        if wanted == inside or (wanted < inside and wanted in tried):
            break
        tried.add(inside)
        inside = wanted
    return edition, binding


def _for_press(publication: Publication) -> Publication:
    """Return *publication* with a colophon that says nothing of the standards of other editions."""
    sections = []
    for section in publication.sections:
        if section.role == "colophon" and STANDARDS in section.body.itertext():
            section = replace(section, body=copy.deepcopy(section.body))
            for element in section.body.iter():
                element.text = _PROGRAM if element.text == STANDARDS else element.text
        sections.append(section)
    return replace(publication, sections=tuple(sections))


def _facts(publication: Publication) -> DocumentInfo:
    metadata = publication.metadata
    return DocumentInfo(metadata.title, ", ".join(metadata.authors), modification_date(metadata))


def _counted(pages: int, job: PrintJob, where: Where) -> list[Finding]:
    """Return a finding where there are too few or too many *pages* for the stock, if not for all stocks.

    What is wrong for all of them the preflight says: it sees the file, and not the paper.
    """
    vendor, stock = job.vendor, job.stock
    least, most = stock.least, vendor.most(stock, job.trim)
    wanted = ""
    if min(other.least for other in vendor.stocks) <= pages < least:
        wanted = f"at least {least} pages on `{stock.name}`"
    elif most < pages <= max(vendor.most(other, job.trim) for other in vendor.stocks):
        wanted = f"at most {most} pages on `{stock.name}`"
    return [found("press-count", where, pages=pages, vendor=vendor.title, wanted=wanted)] if wanted else []


def _unprintable(finished: PressFile, where: Where) -> list[Finding]:
    """Return what of a file could not be put into inks, as findings."""
    return [found("ink-impossible", where, what=what) for what in finished.left]
