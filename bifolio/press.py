"""From a source to finished editions: read, bind, proof, put in place. The only room that knows them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from bifolio.cache import Cache, user_cache
from bifolio.destinations import Destination, destination
from bifolio.errors import BifolioError, EditionError, UsageError
from bifolio.findings import Finding, Where, in_order
from bifolio.ledger import remembered
from bifolio.placing import beside, put_in_place
from bifolio.vendors import VENDORS

# The rest is imported when there is work to do: most of an unchanged build would be importing.
if TYPE_CHECKING:
    from bifolio.fonts import Fallback
    from bifolio.publication import Edition, PageBreak, Picture, Publication
    from bifolio.stylesheet import Stylesheet

KINDS = ("epub", "pdf")
_LISTS = frozenset({"book.toml", "SUMMARY.md", "Book.txt"})
"""What a section without a file of its own is from."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """An edition in its place."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """0 where the edition has no pages of its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a build has made."""

    files: tuple[MadeFile, ...]
    words: int
    """Those of the source, the notes among them."""
    findings: tuple[Finding, ...]
    failures: tuple[BifolioError, ...] = ()
    """What could not be made of a collection, while the rest was."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is wanted of a source, and how."""

    only: str | None
    paper: str | None
    style: Path | None
    variants: tuple[str, ...]
    onix: bool
    cover: bool
    destinations: tuple[Destination, ...]
    stock: str | None
    spine: float | None
    cache: Cache | None
    on_stage: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Dress:
    """What both editions wear: the sheet, and the system fonts that the text needs."""

    stylesheet: Stylesheet
    fallbacks: tuple[Fallback, ...]
    missing: frozenset[str]
    """The characters that no font has."""
    findings: tuple[Finding, ...]


@remembered
def make(
    source: Path | None = None,
    into: Path = Path("build"),
    *,
    only: str | None = None,
    paper: str | None = None,
    style: Path | None = None,
    variants: Sequence[str] = (),
    fetch_pictures: bool = False,
    extensions: Sequence[str] = (),
    cache: bool = True,
    also_each: bool = False,
    onix: bool = False,
    cover: bool = False,
    destinations: Sequence[str] = (),
    stock: str | None = None,
    spine: float | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Made:
    """Read *source*, bind its editions into the folder *into*, and proof them against each other.

    *source* is a file, a folder with one file in it, or None for the folder `source`. *only* is `epub` or
    `pdf`; *paper* as `bifolio build --paper` takes it; *style* a stylesheet in the place of the project's,
    and *variants* the named styles of it that paper is to wear.
    *fetch_pictures* lets pictures on the web be fetched. *extensions* names extensions of Python-Markdown,
    whose code is run. *cache* uses what earlier builds have left, and leaves something for the next.
    *also_each* makes each article of a collection by itself too.
    *onix* writes what the book trade wants to know of the editions beside them.
    *cover* puts the cover before the first page of the PDF, too.
    *destinations* are the names of places that get an edition of their own, in the place of the usual two;
    *stock* is the paper of a book for print, and *spine* the width of its spine in inches.
    *on_stage* is told what is being done. Raises a BifolioError where nothing could be made; the files of
    an earlier build are then as they were.
    """
    from bifolio.manuscript import read

    places = _destinations(destinations, only=only, onix=onix, cover=cover)
    wants_pdf = any(each.kind == "pdf" for each in places) if places else only != "epub"
    importing = Thread(target=_import_layout, daemon=True) if wants_pdf else None
    if importing:
        importing.start()  # part of it passes while the source is read and the EPUB bound
    on_stage("Reading the source")
    reading = partial(read, fetch_pictures=fetch_pictures, extensions=extensions)
    publication = reading(source)
    if importing:
        importing.join()  # processes that are forked must find no thread at work
    order = _Order(
        only,
        paper or publication.paper or None,
        style or publication.style,
        tuple(variants) or publication.variants,
        onix,
        cover,
        places,
        stock,
        spine,
        user_cache() if cache else None,
        on_stage,
    )
    if also_each:
        return _make_all(publication, into, order, reading)
    return _make(publication, into, order)


def _make(publication: Publication, into: Path, order: _Order) -> Made:
    """Make the editions of *publication* alone."""
    dress = _dress(publication, order.style, order.variants)
    editions = _for_destinations(publication, dress, order) if order.destinations else []
    if not order.destinations:
        editions = _usual(publication, dress, order)
    order.on_stage("Proofing")
    findings = [*publication.findings, *dress.findings]
    for edition in editions:
        findings += edition.findings
    stem = _stem(publication.source)
    names = [f"{stem}{edition.suffix}.{edition.kind}" for edition in editions]
    contents = {name: edition.data for name, edition in zip(names, editions, strict=True)}
    if order.onix:
        from bifolio.onix import record

        contents[f"{stem}.onix.xml"] = record(publication, editions)
    with beside(into, contents) as parts:
        if not order.destinations:
            findings += _proof_parts(parts[: len(editions)], into, order.cache)
        for place in order.destinations:
            findings += _preflight_parts(parts, place, into)
        places = put_in_place(parts, into)
    pages = {name: edition.pages for name, edition in zip(names, editions, strict=True)}
    files = tuple(MadeFile(path, len(contents[path.name]), pages.get(path.name, 0)) for path in places)
    return Made(files, publication.words(), tuple(in_order(findings)))


def _usual(publication: Publication, dress: _Dress, order: _Order) -> list[Edition]:
    """Return the EPUB and the PDF, or the one of them that is wanted."""
    editions: list[Edition] = []
    if order.only != "epub":
        order.on_stage("Laying out the PDF")
        edition = _pdf(publication, dress, order.paper, order.cache)
        editions.append(_covered(edition, publication, dress) if order.cover else edition)
    if order.only != "pdf":
        # Last, for it says where each page of the PDF begins.
        order.on_stage("Binding the EPUB")
        breaks = editions[0].page_breaks if editions else ()
        editions.insert(0, _epub(publication, dress, breaks, order.cache))
    return editions


def _for_destinations(publication: Publication, dress: _Dress, order: _Order) -> list[Edition]:
    """Return what each destination gets: those on paper first, whose pages the EPUBs then list."""
    editions: list[Edition] = []
    for place in (each for each in order.destinations if each.kind == "pdf"):
        order.on_stage(f"Laying out the PDF for {place.title}")
        editions += _for_print(publication, dress, order, place)
    breaks = editions[0].page_breaks if editions else ()
    for place in (each for each in order.destinations if each.kind == "epub"):
        order.on_stage(f"Binding the EPUB for {place.title}")
        edition = _epub(publication, dress, breaks, order.cache, place.name)
        editions.append(replace(edition, suffix=place.suffix))
    return editions


def _for_print(publication: Publication, dress: _Dress, order: _Order, place: Destination) -> list[Edition]:
    """Return the pages and the cover that are printed at *place*."""
    _import_pdf()
    from bifolio.trade import job, make_for_print

    wanted = job(VENDORS[place.name], order.paper, order.stock, order.spine)
    return make_for_print(publication, dress.stylesheet, dress.fallbacks, dress.missing, wanted, order.cache)


def _destinations(
    names: Sequence[str], *, only: str | None, onix: bool, cover: bool
) -> tuple[Destination, ...]:
    """Return the destinations of *names*, each once. Raises UsageError for what does not go with them."""
    places = tuple(destination(name) for name in dict.fromkeys(names))
    for option, given in (("--only", only), ("--onix", onix), ("--cover", cover)):
        if places and given:
            raise UsageError(
                f"`{option}` does not go with `--for`.",
                hint="Build once with the one and once with the other.",
            )
    return places


def _make_all(book: Publication, into: Path, order: _Order, reading: Callable[[Path], Publication]) -> Made:
    """Make *book*, then each of its articles in a folder called as the book is, dressed alike.

    What cannot be made is told in the end and takes nothing else with it.
    """
    from bifolio.stylesheet import find_stylesheet

    order = replace(order, style=order.style or find_stylesheet(book.source))
    articles = list(_articles(book, into))
    if not articles:
        raise UsageError(
            "`--also-each` wants a book whose chapters are files of their own.", Where(book.source)
        )
    made: list[Made] = []
    failures: list[BifolioError] = []
    for path, folder in [(None, into), *articles]:
        try:
            made.append(_make(reading(path) if path else book, folder, order))
        except UsageError:
            raise  # the call is wrong for all of them
        except BifolioError as error:
            failures.append(error)
    return Made(
        tuple(file for each in made for file in each.files),
        book.words(),
        tuple(in_order([finding for each in made for finding in each.findings])),
        tuple(failures),
    )


def _articles(book: Publication, into: Path) -> Iterator[tuple[Path, Path]]:
    """Give each file of the text of *book* that is no part's, with the folder for its editions.

    Files that lie in folders of the book's lie in such folders again.
    """
    texts = [
        section.source for section in book.sections if section.matter == "body" and section.role != "part"
    ]
    paths = [path for path in dict.fromkeys(texts) if path != book.source and path.name not in _LISTS]
    if paths:
        common = Path(os.path.commonpath([path.parent for path in paths]))
        for path in paths:
            yield path, into / _stem(book.source) / path.parent.relative_to(common)


def bind_epub(
    publication: Publication, style: Path | None = None, page_breaks: Sequence[PageBreak] = ()
) -> Edition:
    """Bind *publication* into an EPUB, dressed by the sheet *style* or else the project's.

    *page_breaks* are those of a PDF of the same publication; the EPUB then has the list of its pages.
    """
    return _epub(publication, _dress(publication, style), page_breaks)


def bind_pdf(
    publication: Publication,
    style: Path | None = None,
    paper: str | None = None,
    variants: Sequence[str] = (),
) -> Edition:
    """Lay *publication* out as a PDF on *paper*, dressed by the sheet *style* or else the project's.

    *variants* are named styles of the sheet.
    """
    return _pdf(publication, _dress(publication, style, variants), paper, None)


def proof(files: Sequence[Path], destination: str | None = None) -> list[Finding]:
    """Let every judge that is here read the finished *files*, and compare them with each other.

    *files* are EPUB and PDF files, and the source if it is to be compared too. With a *destination* that
    prints books, they are held to what is printed there, and to nothing else.
    """
    if destination is not None:
        from bifolio.proofing.preflight import preflight, vendor_of

        return in_order(preflight(files, vendor_of(destination)))
    from bifolio.proofing import proof_files

    return in_order(proof_files(files))


def _import_layout() -> None:
    """Import what lays out the PDF; what stands in its way is told when it is needed."""
    with suppress(OSError):
        import_module("bifolio.pdf")


def _dress(publication: Publication, style: Path | None, variants: Sequence[str] = ()) -> _Dress:
    from bifolio.fonts import find_fallbacks
    from bifolio.stylesheet import find_stylesheet, read_stylesheet

    path = style or publication.style or find_stylesheet(publication.source)
    sheet = read_stylesheet(path, variants)
    fallbacks, missing, findings = find_fallbacks(publication)
    return _Dress(sheet, fallbacks, missing, (*sheet.findings, *findings))


def _epub(
    publication: Publication,
    dress: _Dress,
    page_breaks: Sequence[PageBreak],
    cache: Cache | None = None,
    place: str = "",
) -> Edition:
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


def _pdf(publication: Publication, dress: _Dress, paper: str | None, cache: Cache | None) -> Edition:
    from bifolio.pdf.paper import parse_paper

    size = parse_paper(paper) if paper else None
    _import_pdf()
    from bifolio.pdf import bind_pdf

    return bind_pdf(publication, dress.stylesheet, size, missing=dress.missing, cache=cache)


def _import_pdf() -> None:
    """Import what lays out the PDF. Raises EditionError where it is not all there."""
    try:
        import_module("bifolio.pdf")
    except OSError as error:
        raise EditionError(
            f"The PDF cannot be laid out: {str(error).splitlines()[0]}.",
            hint="A library is missing; `bifolio doctor` says which, and how to install it.",
        ) from error


def _covered(pdf: Edition, publication: Publication, dress: _Dress) -> Edition:
    """Return *pdf* with the cover of the EPUB as its first page, set anew in the shape of the page."""
    from bifolio.epub.cover import WIDTH, cover_of
    from bifolio.pdf.cover_page import put_cover, shape

    cover = cover_of(publication, dress.fallbacks, round(WIDTH * shape(pdf.data)))
    return replace(pdf, data=put_cover(pdf.data, cover), pages=pdf.pages + 1)


def _stem(source: Path) -> str:
    """Return what the editions of *source* are called: as the file, or the folder."""
    return source.resolve().name if source.is_dir() else source.stem


def _proof_parts(parts: Sequence[Path], into: Path, cache: Cache | None) -> list[Finding]:
    """Compare two editions before they are put in their places in *into*."""
    if len(parts) < len(KINDS):
        return []
    from bifolio.proofing.page_texts import page_texts
    from bifolio.proofing.twins import compare_files

    with page_texts(cache, into / parts[-1].name) as texts:
        return _placed(compare_files(parts, texts), into)


def _preflight_parts(parts: Sequence[Path], place: Destination, into: Path) -> list[Finding]:
    """Hold what was made for print at *place* to what is printed there, before it is put into *into*."""
    if place.name not in VENDORS:
        return []
    from bifolio.proofing.preflight import preflight

    ends = (f"-{place.name}.pdf", f"-{place.name}-cover.pdf")
    files = [part for part in parts if part.name.endswith(ends)]
    return _placed(preflight(files, VENDORS[place.name]), into)


def _placed(findings: Sequence[Finding], into: Path) -> list[Finding]:
    """Return *findings* on files that are yet to be put into *into* as they are to be told."""
    return [
        replace(finding, where=Where(into / finding.where.file.name) if finding.where else None)
        for finding in findings
    ]
