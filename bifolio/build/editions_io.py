"""Binds one publication into an edition in memory. Heavy packages are imported when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.model.errors import EditionError, EngineMismatch
from bifolio.model.findings import Finding
from bifolio.runtime.build_lock import build_lock
from bifolio.runtime.cache import Cache

if TYPE_CHECKING:
    from bifolio.fonts.coverage import Fallback
    from bifolio.model.publication import Edition, PageBreak, Picture, Publication
    from bifolio.stylesheet import Stylesheet


@dataclass(frozen=True, slots=True)
class Styling:
    """The stylesheet of both editions, and the system fonts that the text needs besides its own."""

    stylesheet: Stylesheet
    fallbacks: tuple[Fallback, ...]
    missing: frozenset[str]
    """The characters that no font has."""
    findings: tuple[Finding, ...]


def resolve_styling(
    publication: Publication, style: Path | None, variants: Sequence[str] = (), cache: Cache | None = None
) -> Styling:
    """Return the styling of *publication*: the stylesheet *style*, or else its own, or else the project's.

    *cache* holds the parsed stylesheet. Raises UsageError.
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
    """Bind *publication* into an EPUB with the stylesheet *style*, or else the project's.

    *page_breaks* are those of a PDF of the same publication; with them the EPUB has a page list
    (EPUB 3.3, 7.4). Raises BifolioError.
    """
    with build_lock():
        return bind_epub_styled(publication, resolve_styling(publication, style), page_breaks)


def bind_pdf(
    publication: Publication,
    style: Path | None = None,
    paper: str | None = None,
    variants: Sequence[str] = (),
) -> Edition:
    """Lay *publication* out as a PDF on *paper* with the stylesheet *style*, or else the project's.

    *variants* are named styles of the stylesheet. Raises BifolioError.
    """
    with build_lock():
        return bind_pdf_styled(publication, resolve_styling(publication, style, variants), paper, None)


def bind_epub_styled(
    publication: Publication,
    styling: Styling,
    page_breaks: Sequence[PageBreak],
    cache: Cache | None = None,
    target: str = "",
) -> Edition:
    """Bind *publication* with *styling* into an EPUB for the destination *target*; see `bind_epub`."""
    from bifolio.epub import bind_epub

    return bind_epub(
        publication, styling.stylesheet, styling.fallbacks, page_breaks,
        destination=target, rasterize_svg=_paint, cache=cache,
    )  # fmt: skip


def _paint(drawing: Picture) -> Picture:
    """Return the SVG image *drawing* as a raster image. Raises ValueError."""
    try:
        from bifolio.pdf.rasterize_svg import rasterize
    except OSError as error:
        raise ValueError("the library that draws is missing") from error
    return rasterize(drawing)


def bind_pdf_styled(
    publication: Publication,
    styling: Styling,
    paper: str | None,
    cache: Cache | None,
    send_breaks: Callable[[Sequence[PageBreak]], None] = lambda page_breaks: None,
) -> Edition:
    """Lay *publication* out with *styling* as a PDF; see `bind_pdf`. Raises EditionError and UsageError.

    *send_breaks* is called with the page breaks before the PDF is written.
    """
    from bifolio.pdf.pages.page_size import parse_paper

    size = parse_paper(paper) if paper else None
    import_pdf()
    from bifolio.pdf import bind_pdf

    return bind_pdf(
        publication,
        styling.stylesheet,
        size,
        missing=styling.missing,
        cache=cache,
        on_page_breaks=send_breaks,
    )


def with_cover(pdf: Edition, publication: Publication, styling: Styling, cache: Cache | None) -> Edition:
    """Return *pdf* with the cover of the EPUB as its first page, made again in the shape of that page."""
    from bifolio.covers.front_cover import WIDTH, cover_image
    from bifolio.covers.pdf_cover_page import insert_cover_page, page_aspect_ratio

    cover = cover_image(publication, styling.fallbacks, round(WIDTH * page_aspect_ratio(pdf.data)), cache)
    return replace(pdf, data=insert_cover_page(pdf.data, cover), pages=pdf.pages + 1)


def import_layout(cache: Cache | None) -> None:
    """Import the PDF layout and load its user-agent stylesheets, which *cache* holds.

    A missing library is reported later, when the layout is needed.
    """
    with suppress(OSError, EngineMismatch):
        import_module("bifolio.pdf.build")
        import_module("bifolio.pdf.engine.styles.user_agent").user_agent_stylesheets(cache)


def import_pdf() -> None:
    """Import the PDF layout. Raises EditionError if a library is missing."""
    try:
        import_module("bifolio.pdf.build")
    except OSError as error:
        raise EditionError(
            f"The PDF cannot be laid out: {str(error).splitlines()[0]}.",
            hint="A library is missing. Run `bifolio doctor` to see which, and how to install it.",
        ) from error
