"""Writes the navigation document (EPUB 3.3, 7) and the NCX for EPUB 2 readers (OPF 2.0.1, 2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.epub.content.chapters import section_file
from bifolio.epub.content.xhtml import XhtmlElement, add_element, begin_document, serialize
from bifolio.epub.package.page_list import PAGE_BREAK_ROLE, PageListEntry, list_pages
from bifolio.model.localized_strings import terms
from bifolio.model.publication import Publication

NCX = "http://www.daisy.org/z3986/2005/ncx/"
_NSMAP: Any = {None: NCX}
_LANDMARKS = frozenset({"titlepage", "toc", "loi", "lot", "endnotes", "bibliography", "glossary", "index"})
"""The roles of sections that are landmarks."""


@dataclass(slots=True)
class TocEntry:
    """An entry of the table of contents."""

    title: str
    href: str
    anchor: str
    """The id that the printed table of contents links to."""
    children: list[TocEntry] = field(default_factory=list)

    def depth(self) -> int:
        """Return the number of levels, including this one."""
        return 1 + max((entry.depth() for entry in self.children), default=0)


def toc_entries(publication: Publication) -> list[TocEntry]:
    """Return the table of contents as a tree of parts, sections and headings."""
    entries: list[TocEntry] = []
    path: list[tuple[int, TocEntry]] = []
    for section in publication.sections:
        if section.role == "toc":
            continue
        file = section_file(section)
        title = section.body.find(".//h1")
        anchor = title.get("id", "") if title is not None else ""
        if not section.continues:
            entry = TocEntry(section.title, file, anchor or f"section-{section.name}")
            _append(entry, section.depth, path, entries)
        for heading in section.headings:
            entry = TocEntry(heading.title, f"{file}#{heading.anchor}", heading.anchor)
            _append(entry, section.depth + heading.level - 1, path, entries)
    return entries


def _append(entry: TocEntry, depth: int, path: list[tuple[int, TocEntry]], roots: list[TocEntry]) -> None:
    """Append *entry* to the last entry of *path* of a lower *depth*, or else to *roots*."""
    while path and path[-1][0] >= depth:
        path.pop()
    (path[-1][1].children if path else roots).append(entry)
    path.append((depth, entry))


def navigation_document(publication: Publication) -> bytes:
    """Return the navigation document, with the table of contents, landmarks and the page list."""
    metadata = publication.metadata
    words = terms(metadata.language)
    root, body = begin_document(words.contents, metadata.language)
    markers = _toc_page_markers(publication)
    for marker in markers.get("", ()):
        _add_page_marker(body, marker)
    toc = add_element(body, "nav", type_="toc", role="doc-toc", id="toc")
    toc.set("aria-labelledby", "contents")
    add_element(toc, "h1", words.contents, id="contents")
    _add_toc_list(toc, _toc_with_title_page(publication), markers)
    landmarks = add_element(body, "nav", type_="landmarks", id="landmarks", hidden="hidden")
    landmarks.set("aria-label", words.landmarks)
    items = add_element(landmarks, "ol")
    for type_, title, href in _landmarks(publication):
        add_element(add_element(items, "li"), "a", title, type_=type_, href=href)
    _add_page_list(body, publication)
    return serialize(root)


def _add_page_list(body: XhtmlElement, publication: Publication) -> None:
    """Add the page list (EPUB 3.3, 7.4.3) if any pages are marked."""
    pages = list_pages(publication)
    if not pages:
        return
    nav = add_element(body, "nav", type_="page-list", role="doc-pagelist", id="page-list", hidden="hidden")
    nav.set("aria-label", terms(publication.metadata.language).pages)
    items = add_element(nav, "ol")
    for page in pages:
        add_element(add_element(items, "li"), "a", page.label, href=page.href)


def _toc_page_markers(publication: Publication) -> dict[str, list[Element]]:
    """Return the markers of pages that begin in the table of contents, by the anchor of the next entry.

    Those before the first entry have an empty key.
    """
    markers: dict[str, list[Element]] = {}
    pending: list[Element] = []
    entries = 0
    trees = (section.body for section in publication.sections if section.role == "toc")
    for element in (element for tree in trees for element in tree.iter()):
        if element.get("role") == PAGE_BREAK_ROLE:
            pending.append(element)
        elif element.tag == "a":
            markers[element.get("href", "")[1:] if entries else ""] = pending
            pending, entries = [], entries + 1
    return markers


def _add_page_marker(parent: XhtmlElement, marker: Element) -> XhtmlElement:
    """Add a copy of the page *marker* to *parent*."""
    copy = add_element(parent, "span", type_="pagebreak", role=PAGE_BREAK_ROLE, id=marker.get("id", ""))
    copy.set("aria-label", marker.get("aria-label", ""))
    return copy


def _toc_with_title_page(publication: Publication) -> list[TocEntry]:
    """Return the table of contents; that of an article starts with its title page."""
    entries = toc_entries(publication)
    if publication.is_book:
        return entries
    return [TocEntry(terms(publication.metadata.language).title_page, "title.xhtml", "title"), *entries]


def _landmarks(publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Yield the landmarks (EPUB 3.3, 7.4): type, title and file, each type once."""
    words = terms(publication.metadata.language)
    if not publication.is_book:
        yield "titlepage", words.title_page, "title.xhtml"
    for section in publication.sections:
        if section.role in _LANDMARKS and not section.continues:
            yield section.role, section.title, section_file(section)
    body = next((s for s in publication.sections if s.matter == "body"), publication.sections[0])
    yield "bodymatter", words.text, section_file(body)


def _add_toc_list(
    parent: XhtmlElement, entries: Iterable[TocEntry], markers: Mapping[str, Iterable[Element]]
) -> None:
    """Add *entries* to *parent* as a list; *markers* are page markers by the anchor of an entry."""
    items = add_element(parent, "ol")
    for entry in entries:
        item = add_element(items, "li")
        title = entry.title or "\N{EM DASH}"
        link = add_element(item, "a", title, href=entry.href)
        for marker in markers.get(entry.anchor, ()):  # EPUB 3.3, 7.3: an item contains only its link
            link.text, _add_page_marker(link, marker).tail = None, title
        if entry.children:
            _add_toc_list(item, entry.children, markers)


def ncx_document(publication: Publication) -> bytes:
    """Return the NCX, with the table of contents and the page list for EPUB 2 readers."""
    metadata = publication.metadata
    entries = _toc_with_title_page(publication)
    root = etree.Element(f"{{{NCX}}}ncx", version="2005-1", nsmap=_NSMAP)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", metadata.language)
    head = etree.SubElement(root, f"{{{NCX}}}head")
    pages = list_pages(publication)
    numbers = [int(page.label) for page in pages if page.label.isdecimal()]
    depth = max(entry.depth() for entry in entries)
    for name, value in (
        ("dtb:uid", metadata.identifier),
        ("dtb:depth", str(depth)),
        ("dtb:totalPageCount", str(len(pages))),
        ("dtb:maxPageNumber", str(max(numbers, default=0))),
    ):
        etree.SubElement(head, f"{{{NCX}}}meta", name=name, content=value)
    _add_text(etree.SubElement(root, f"{{{NCX}}}docTitle"), metadata.title)
    _add_nav_points(etree.SubElement(root, f"{{{NCX}}}navMap"), entries)
    if pages:
        _add_page_targets(etree.SubElement(root, f"{{{NCX}}}pageList"), pages)
    _set_play_order(root, publication)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _add_nav_points(parent: XhtmlElement, entries: Iterable[TocEntry]) -> None:
    for entry in entries:
        point = etree.SubElement(parent, f"{{{NCX}}}navPoint")
        _add_text(etree.SubElement(point, f"{{{NCX}}}navLabel"), entry.title or "\N{EM DASH}")
        etree.SubElement(point, f"{{{NCX}}}content", src=entry.href)
        _add_nav_points(point, entry.children)


def _add_page_targets(parent: XhtmlElement, pages: Iterable[PageListEntry]) -> None:
    """Add *pages* to *parent*; labels that are not decimal belong to front matter (Z39.86, 8.4.5)."""
    for page in pages:
        target = etree.SubElement(parent, f"{{{NCX}}}pageTarget", type="front")
        if page.label.isdecimal():
            target.set("type", "normal")
            target.set("value", page.label)
        _add_text(etree.SubElement(target, f"{{{NCX}}}navLabel"), page.label)
        etree.SubElement(target, f"{{{NCX}}}content", src=page.href)


def _set_play_order(root: XhtmlElement, publication: Publication) -> None:
    """Set `id` and `playOrder` of every entry of the NCX *root*, in document order of the targets."""
    hrefs = ["title.xhtml"]
    for section in publication.sections:
        file = section_file(section)
        hrefs += [file, *(f"{file}#{e.get('id')}" for e in section.body.iter() if "id" in e.attrib)]
    positions = {href: index for index, href in enumerate(hrefs)}
    entries = list(root.iter(f"{{{NCX}}}navPoint", f"{{{NCX}}}pageTarget"))
    targets = [str(entry.find(f"{{{NCX}}}content").get("src")) for entry in entries]  # type: ignore[union-attr]
    in_order = sorted(set(targets), key=lambda href: positions.get(href, len(positions)))
    play_order = {href: number for number, href in enumerate(in_order, start=1)}
    for number, (entry, href) in enumerate(zip(entries, targets, strict=True), start=1):
        entry.set("id", f"point-{number}")
        entry.set("playOrder", str(play_order[href]))


def _add_text(parent: XhtmlElement, text: str) -> None:
    etree.SubElement(parent, f"{{{NCX}}}text").text = text
