"""One publication bound, dressed by its sheet. What binds it is imported when there is work to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.model.errors import EditionError
from bifolio.model.findings import Finding
from bifolio.runtime.cache import Cache

if TYPE_CHECKING:
    from bifolio.fonts.coverage import Fallback
    from bifolio.model.publication import Edition, PageBreak, Picture, Publication
    from bifolio.stylesheet import Stylesheet


@dataclass(frozen=True, slots=True)
class Styling:
    """What both editions wear: the sheet, and the system fonts that the text needs."""

    stylesheet: Stylesheet
    fallbacks: tuple[Fallback, ...]
    missing: frozenset[str]
    """The characters that no font has."""
    findings: tuple[Finding, ...]


def resolve_styling(
    publication: Publication, style: Path | None, variants: Sequence[str] = (), cache: Cache | None = None
) -> Styling:
    """Return what *publication* wears: the sheet *style*, else its own or the project's, and its fonts.

    *cache* keeps the sheet as it was read.
    """
    from bifolio.fonts.coverage import find_fallbacks
    from bifolio.stylesheet import find_stylesheet, read_stylesheet

    path = style or publication.style or find_stylesheet(publication.source)
    sheet = read_stylesheet(path, variants, cache)
    fallbacks, missing, findings = find_fallbacks(publication)
    return Styling(sheet, fallbacks, missing, (*sheet.findings, *findings))


def bind_epub(
    publication: Publication, style: Path | None = None, page_breaks: Sequence[PageBreak] = ()
) -> Edition:
    """Bind *publication* into an EPUB, dressed by the sheet *style* or else the project's.

    *page_breaks* are those of a PDF of the same publication; the EPUB then has the list of its pages.
    """
    return bind_epub_styled(publication, resolve_styling(publication, style), page_breaks)


def bind_pdf(
    publication: Publication,
    style: Path | None = None,
    paper: str | None = None,
    variants: Sequence[str] = (),
) -> Edition:
    """Lay *publication* out as a PDF on *paper*, dressed by the sheet *style* or else the project's.

    *variants* are named styles of the sheet.
    """
    return bind_pdf_styled(publication, resolve_styling(publication, style, variants), paper, None)


def bind_epub_styled(
    publication: Publication,
    dress: Styling,
    page_breaks: Sequence[PageBreak],
    cache: Cache | None = None,
    place: str = "",
) -> Edition:
    """Bind *publication* in its *dress* into an EPUB for *place*; see `bind_epub`."""
    from bifolio.epub import bind_epub

    return bind_epub(
        publication, dress.stylesheet, dress.fallbacks, page_breaks,
        destination=place, paint=_paint, cache=cache,
    )  # fmt: skip


def _paint(drawing: Picture) -> Picture:
    """Return *drawing* in pixels, as the layout of the PDF draws it. Raises ValueError."""
    try:
        from bifolio.pdf import paint
    except OSError as error:
        raise ValueError("the library that draws is missing") from error
    return paint(drawing)


def bind_pdf_styled(
    publication: Publication,
    dress: Styling,
    paper: str | None,
    cache: Cache | None,
    tell: Callable[[Sequence[PageBreak]], None] = lambda pages: None,
) -> Edition:
    """Lay *publication* in its *dress* out as a PDF; see `bind_pdf`. Raises EditionError and UsageError.

    *tell* is told where its pages begin, before they are written.
    """
    from bifolio.pdf.pages.page_size import parse_paper

    size = parse_paper(paper) if paper else None
    import_pdf()
    from bifolio.pdf import bind_pdf

    return bind_pdf(publication, dress.stylesheet, size, missing=dress.missing, cache=cache, tell=tell)


def with_cover(pdf: Edition, publication: Publication, dress: Styling, cache: Cache | None) -> Edition:
    """Return *pdf* with the cover of the EPUB as its first page, set anew in the shape of the page."""
    from bifolio.covers.front_cover import WIDTH, cover_image
    from bifolio.covers.pdf_cover_page import insert_cover_page, page_aspect_ratio

    cover = cover_image(publication, dress.fallbacks, round(WIDTH * page_aspect_ratio(pdf.data)), cache)
    return replace(pdf, data=insert_cover_page(pdf.data, cover), pages=pdf.pages + 1)


def import_layout(cache: Cache | None) -> None:
    """Import what lays out the PDF, and have the sheets at hand that all HTML wears; *cache* keeps these.

    What stands in the way is told when the layout is needed.
    """
    with suppress(OSError):
        import_module("bifolio.pdf").own_sheets(cache)


def import_pdf() -> None:
    """Import what lays out the PDF. Raises EditionError where it is not all there."""
    try:
        import_module("bifolio.pdf")
    except OSError as error:
        raise EditionError(
            f"The PDF cannot be laid out: {str(error).splitlines()[0]}.",
            hint="A library is missing; `bifolio doctor` says which, and how to install it.",
        ) from error
