"""The package: metadata, manifest and spine (EPUB 3.3, 5), bound by EbookLib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from ebooklib import epub

from bifolio.covers.front_cover import cover_image
from bifolio.epub.content.chapters import section_document, section_file, title_page_document
from bifolio.epub.content.split_chapters import split_long_sections
from bifolio.epub.package.accessibility import compute_accessibility
from bifolio.epub.package.dates import modification_date
from bifolio.epub.package.metadata import COVER, write_metadata
from bifolio.epub.package.navigation import navigation_document, ncx_document
from bifolio.epub.package.page_list import insert_page_markers
from bifolio.epub.resources.contrast import find_low_contrast
from bifolio.epub.resources.fonts import embed_fonts
from bifolio.epub.resources.images import ImageConverter, RasterizeSvg
from bifolio.epub.targets import TARGETS
from bifolio.epub.zip import write_reproducible_zip
from bifolio.fonts.coverage import Fallback
from bifolio.model.errors import EditionError
from bifolio.model.publication import NOTE_CALL, Edition, PageBreak, Picture, Publication, Section
from bifolio.runtime.background import BackgroundTask, in_background
from bifolio.runtime.cache import Cache
from bifolio.stylesheet import Stylesheet

_XHTML = "application/xhtml+xml"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the package."""

    uid: str
    name: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer; it does not say the language of the package itself, so we do."""

    def _write_opf_file(self, root: Any) -> None:
        root.set("{http://www.w3.org/XML/1998/namespace}lang", self.book.language)
        super()._write_opf_file(root)


def bind_epub(
    publication: Publication,
    stylesheet: Stylesheet,
    fallbacks: tuple[Fallback, ...] = (),
    page_breaks: Sequence[PageBreak] = (),
    *,
    destination: str = "",
    paint: RasterizeSvg | None = None,
    cache: Cache | None = None,
) -> Edition:
    """Bind *publication* into an EPUB 3.3, dressed by the screen view of *stylesheet*.

    *fallbacks* are the system fonts for what our own faces lack (`bifolio.fonts.coverage.find_fallbacks`).
    *page_breaks* are where the pages of the print edition begin, if there is one.
    *destination* is the place where it goes (`bifolio.model.destinations`), or empty for every reader.
    *paint* makes pixels of drawings in SVG where they may not stay; *cache* keeps pictures for the next time.
    Raises EditionError when the parts cannot be bound.
    """
    flavour = TARGETS[destination]
    darkroom = ImageConverter(flavour, publication.source, paint, cache)
    publication, large = split_long_sections(
        insert_page_markers(darkroom.convert_images(publication), page_breaks)
    )
    css, fonts, findings = embed_fonts(publication, stylesheet, fallbacks)
    with _covered(publication, fallbacks, cache) as cover:
        files = _files(publication, css)
        files.append(_cover(darkroom.convert_cover(cover.result())))
    faint = find_low_contrast(stylesheet, (file.data for file in files if file.media_type == _XHTML))
    access = compute_accessibility(publication, bool(faint))
    book = epub.EpubBook()
    write_metadata(book, publication.metadata, access)
    spine = [_spine_name(section) for section in publication.sections]
    if not publication.is_book:
        spine = ["title", *spine]
    for file in files:
        read = file.media_type == _XHTML and not (file.uid == "nav" and "nav" not in spine)
        data = _with_places(file.data) if flavour.spans and read else file.data
        item = epub.EpubItem(file.uid, file.name, file.media_type, data)
        item.properties = list(file.properties)
        book.add_item(item)
    for number, (name, data) in enumerate(fonts.items(), start=1):
        media_type = "font/otf" if name.endswith("otf") else "font/ttf"
        book.add_item(epub.EpubItem(f"font-{number}", name, media_type, data))
    book.spine = spine
    out = BytesIO()
    options = {
        "epub3_pages": False, "raise_exceptions": True, "mtime": modification_date(publication.metadata),
        "compresslevel": 0,  # it is packed when it is sealed
    }  # fmt: skip
    try:
        writer = _Writer(out, book, options)
        writer.process()
        writer.write()
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise EditionError(f"The EPUB cannot be bound: {error}.") from error
    findings += darkroom.findings + large
    return Edition("epub", write_reproducible_zip(out.getvalue()), 0, (*findings, *faint, *access.findings))


def _with_places(data: bytes) -> bytes:
    """Return the document *data* with spans that mark places; only one flavour wants them."""
    from bifolio.epub.content.kepub import add_kobo_spans

    return add_kobo_spans(data)


def _spine_name(section: Section) -> str:
    """Return the name of the file in which *section* is read; the contents are the nav itself."""
    return "nav" if section.role == "toc" else f"section-{section.name}"


def _files(publication: Publication, css: str) -> list[_File]:
    """Make every file of the package but the fonts and the cover."""
    anchors = {
        element.get("id", ""): section_file(section)
        for section in publication.sections
        for tree in section.trees()
        for element in tree.iter()
        if "id" in element.attrib
    }
    for section in publication.sections:
        anchors[f"section-{section.name}"] = section_file(section)
        anchors |= {f"note-{note.number}": section_file(section) for note in section.notes}
        anchors |= {
            f"call-{call.get('note')}-{call.get('nth')}": section_file(section)
            for tree in section.trees()
            for call in tree.iter(NOTE_CALL)
        }
    files = [
        _File("nav", "nav.xhtml", _XHTML, navigation_document(publication), ("nav",)),
        _File("ncx", "toc.ncx", "application/x-dtbncx+xml", ncx_document(publication)),
        _File("style", "style.css", "text/css", css.encode()),
    ]
    if not publication.is_book:
        files.append(_File("title", "title.xhtml", _XHTML, title_page_document(publication)))
    for section in publication.sections:
        if section.role == "toc":
            continue
        data = section_document(publication, section, anchors)
        properties = tuple(name for name, mark in (("svg", b"<svg"), ("mathml", b"<math")) if mark in data)
        name = f"section-{section.name}"
        files.append(_File(name, section_file(section), _XHTML, data, properties))
    inside = [picture for picture in publication.pictures if picture is not publication.cover]
    for number, picture in enumerate(inside, start=1):
        name = f"pictures/{picture.name}"
        files.append(_File(f"picture-{number}", name, picture.media_type, picture.data))
    return files


def _covered(
    publication: Publication, fallbacks: tuple[Fallback, ...], cache: Cache | None
) -> AbstractContextManager[BackgroundTask[Picture]]:
    """Give the author's cover, or one set from the metadata: of a book, while its chapters are written."""

    def work(_: Callable[[], Any]) -> Picture:
        return cover_image(publication, fallbacks, cache=cache)

    if publication.is_book and publication.cover is None:
        return in_background(work)
    return nullcontext(BackgroundTask(work, None, None))


def _cover(picture: Picture) -> _File:
    """Return the file of the cover, *picture*."""
    ending = picture.name.rpartition(".")[2]
    return _File(COVER, f"cover.{ending}", picture.media_type, picture.data, ("cover-image",))
