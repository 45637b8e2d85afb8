"""Builds an EPUB: makes its files and metadata, and has EbookLib write the package (EPUB 3.3, 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from bifolio.epub.reading_systems import TARGETS
from bifolio.epub.resources.contrast import find_low_contrast
from bifolio.epub.resources.fonts import embed_fonts
from bifolio.epub.resources.images import ImageConverter, RasterizeSvg
from bifolio.epub.zip import write_reproducible_zip
from bifolio.fonts.coverage import Fallback
from bifolio.model.errors import EditionError
from bifolio.model.publication import NOTE_CALL, Edition, PageBreak, Picture, Publication, Section
from bifolio.runtime.background import BackgroundTask, in_background
from bifolio.runtime.cache import Cache
from bifolio.stylesheet import Stylesheet

_XHTML = "application/xhtml+xml"


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the manifest (EPUB 3.3, 5.6.2)."""

    id: str
    name: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer, which also sets `xml:lang` on the package element."""

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
    rasterize_svg: RasterizeSvg | None = None,
    cache: Cache | None = None,
) -> Edition:
    """Return *publication* as an EPUB 3.3, styled by the e-reader CSS of *stylesheet*.

    *fallbacks* are the system fonts for what the bundled faces lack
    (`bifolio.fonts.coverage.find_fallbacks`). *page_breaks* are the page breaks of the PDF, if there is one.
    *destination* is a key of `bifolio.model.destinations`, or empty for the general EPUB. *rasterize_svg* is
    called for SVG images where the target does not take them. Converted images and a generated cover are
    kept in *cache*. Raises EditionError if EbookLib cannot write the package.
    """
    target = TARGETS[destination]
    converter = ImageConverter(target, publication.source, rasterize_svg, cache)
    publication = insert_page_markers(converter.convert_images(publication), page_breaks)
    publication, oversized = split_long_sections(publication)
    css, fonts, font_findings = embed_fonts(publication, stylesheet, fallbacks)
    with _start_cover(publication, fallbacks, cache) as cover:
        items = [*_package_items(publication, css), *_section_items(publication), *_image_items(publication)]
        items.append(_cover_item(converter.convert_cover(cover.result())))
    documents = (item.data for item in items if item.media_type == _XHTML)
    low_contrast = find_low_contrast(stylesheet, documents)
    accessibility = compute_accessibility(publication, bool(low_contrast))
    spine = _spine(publication)
    if target.kobo_spans:
        items = [_with_kobo_spans(item) if _is_read(item, spine) else item for item in items]
    book = epub.EpubBook()
    write_metadata(book, publication.metadata, accessibility)
    _add_items(book, [*items, *_font_items(fonts)])
    book.spine = spine
    data = write_reproducible_zip(_write(book, publication))
    findings = (*font_findings, *converter.findings, *oversized, *low_contrast, *accessibility.findings)
    return Edition("epub", data, 0, findings)


def _add_items(book: epub.EpubBook, items: Sequence[_Item]) -> None:
    for each in items:
        item = epub.EpubItem(each.id, each.name, each.media_type, each.data)
        item.properties = list(each.properties)
        book.add_item(item)


def _write(book: epub.EpubBook, publication: Publication) -> bytes:
    """Return *book* as a ZIP file. Raises EditionError if that fails."""
    out = BytesIO()
    options = {
        "epub3_pages": False, "raise_exceptions": True, "mtime": modification_date(publication.metadata),
        "compresslevel": 0,  # `write_reproducible_zip` compresses
    }  # fmt: skip
    try:
        writer = _Writer(out, book, options)
        writer.process()
        writer.write()
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise EditionError(f"The EPUB cannot be written: {error}.") from error
    return out.getvalue()


def _spine(publication: Publication) -> list[str]:
    """Return the ids of the items in reading order; the table of contents is the navigation document."""
    sections = [
        "nav" if section.role == "toc" else f"section-{section.name}" for section in publication.sections
    ]
    return sections if publication.is_book else ["title", *sections]


def _is_read(item: _Item, spine: Sequence[str]) -> bool:
    """Return whether *item* is an XHTML document that is read as part of the text."""
    return item.media_type == _XHTML and (item.id != "nav" or "nav" in spine)


def _with_kobo_spans(item: _Item) -> _Item:
    from bifolio.epub.content.kepub import add_kobo_spans

    return _Item(item.id, item.name, item.media_type, add_kobo_spans(item.data), item.properties)


def _package_items(publication: Publication, css: str) -> list[_Item]:
    """Return the navigation, the stylesheet and, for an article, the title page."""
    items = [
        _Item("nav", "nav.xhtml", _XHTML, navigation_document(publication), ("nav",)),
        _Item("ncx", "toc.ncx", "application/x-dtbncx+xml", ncx_document(publication)),
        _Item("style", "style.css", "text/css", css.encode()),
    ]
    if not publication.is_book:
        items.append(_Item("title", "title.xhtml", _XHTML, title_page_document(publication)))
    return items


def _section_items(publication: Publication) -> list[_Item]:
    """Return a content document for each section except the table of contents."""
    anchors = _anchor_files(publication)
    items = []
    for section in publication.sections:
        if section.role == "toc":
            continue
        data = section_document(publication, section, anchors)
        properties = tuple(name for name, mark in (("svg", b"<svg"), ("mathml", b"<math")) if mark in data)
        items.append(_Item(f"section-{section.name}", section_file(section), _XHTML, data, properties))
    return items


def _anchor_files(publication: Publication) -> Mapping[str, str]:
    """Return the file of every anchor in *publication*: ids, sections, notes and note calls."""
    anchors = {anchor: section_file(s) for s in publication.sections for anchor in _element_ids(s)}
    for section in publication.sections:
        file = section_file(section)
        anchors[f"section-{section.name}"] = file
        anchors |= {f"note-{note.number}": file for note in section.notes}
        anchors |= {
            f"call-{call.get('note')}-{call.get('nth')}": file
            for tree in section.trees()
            for call in tree.iter(NOTE_CALL)
        }
    return anchors


def _element_ids(section: Section) -> list[str]:
    return [e.get("id", "") for tree in section.trees() for e in tree.iter() if "id" in e.attrib]


def _image_items(publication: Publication) -> list[_Item]:
    images = [picture for picture in publication.pictures if picture is not publication.cover]
    return [
        _Item(f"picture-{number}", f"pictures/{picture.name}", picture.media_type, picture.data)
        for number, picture in enumerate(images, start=1)
    ]


def _font_items(fonts: Mapping[str, bytes]) -> list[_Item]:
    return [
        _Item(f"font-{number}", name, "font/otf" if name.endswith("otf") else "font/ttf", data)
        for number, (name, data) in enumerate(fonts.items(), start=1)
    ]


def _cover_item(cover: Picture) -> _Item:
    extension = cover.name.rpartition(".")[2]
    return _Item(COVER, f"cover.{extension}", cover.media_type, cover.data, ("cover-image",))


def _start_cover(
    publication: Publication, fallbacks: tuple[Fallback, ...], cache: Cache | None
) -> AbstractContextManager[BackgroundTask[Picture]]:
    """Return a task that gives the cover; for a book it is generated while the chapters are written."""

    def work(_: Callable[[], Any]) -> Picture:
        return cover_image(publication, fallbacks, cache=cache)

    if publication.is_book and publication.cover is None:
        return in_background(work)
    return nullcontext(BackgroundTask(work, None, None))
