"""The ways into the text: nav (EPUB 3.3, 7), pages, and the NCX for old readers (OPF 2.0.1, 2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.epub.content.chapters import section_file
from bifolio.epub.content.xhtml import XhtmlElement, add_element, begin_document, serialize
from bifolio.epub.package.page_list import PAGE_BREAK_ROLE as PAGE_BREAK
from bifolio.epub.package.page_list import PageListEntry, list_pages
from bifolio.model.localized_strings import terms
from bifolio.model.publication import Publication

NCX = "http://www.daisy.org/z3986/2005/ncx/"
_NAMES: Any = {None: NCX}
_MARKED = frozenset({"titlepage", "toc", "loi", "lot", "endnotes", "bibliography", "glossary", "index"})
"""The sections that landmarks lead to."""


@dataclass(slots=True)
class TocEntry:
    """A line of the contents."""

    title: str
    href: str
    anchor: str
    """What the contents in the text lead to."""
    below: list[TocEntry] = field(default_factory=list)

    def depth(self) -> int:
        """Return how many levels the entry has, itself among them."""
        return 1 + max((entry.depth() for entry in self.below), default=0)


def toc_entries(publication: Publication) -> list[TocEntry]:
    """Return the contents as a tree: sections, those of a part below it, and the headings in them."""
    entries: list[TocEntry] = []
    path: list[tuple[int, TocEntry]] = []
    for section in publication.sections:
        if section.role == "toc":
            continue
        file = section_file(section)
        title = section.body.find(".//h1")
        anchor = title.get("id", "") if title is not None else ""
        if not section.continues:
            top = TocEntry(section.title, file, anchor or f"section-{section.name}")
            _put(top, section.depth, path, entries)
        for heading in section.headings:
            _put(
                TocEntry(heading.title, f"{file}#{heading.anchor}", heading.anchor),
                section.depth + heading.level - 1,
                path,
                entries,
            )
    return entries


def _put(entry: TocEntry, depth: int, path: list[tuple[int, TocEntry]], top: list[TocEntry]) -> None:
    """Put *entry* below the last of *path* that stands higher than *depth*, or else to *top*."""
    while path and path[-1][0] >= depth:
        path.pop()
    (path[-1][1].below if path else top).append(entry)
    path.append((depth, entry))


def navigation_document(publication: Publication) -> bytes:
    """Return the navigation document, with contents, landmarks and the pages of the print edition."""
    metadata = publication.metadata
    words = terms(metadata.language)
    root, body = begin_document(words.contents, metadata.language)
    begun = _pages_of_contents(publication)
    for marker in begun.get("", ()):
        _mark(body, marker)
    toc = add_element(body, "nav", type_="toc", role="doc-toc", id="toc")
    toc.set("aria-labelledby", "contents")
    add_element(toc, "h1", words.contents, id="contents")
    _list(toc, _all(publication), begun)
    marks = add_element(body, "nav", type_="landmarks", id="landmarks", hidden="hidden")
    marks.set("aria-label", words.landmarks)
    places = add_element(marks, "ol")
    for kind, title, href in _landmarks(publication):
        add_element(add_element(places, "li"), "a", title, type_=kind, href=href)
    _page_list(body, publication)
    return serialize(root)


def _page_list(body: XhtmlElement, publication: Publication) -> None:
    """Add the list of the pages that are marked (EPUB 3.3, 7.4.3), if there are any."""
    pages = list_pages(publication)
    if not pages:
        return
    listed = add_element(body, "nav", type_="page-list", role="doc-pagelist", id="page-list", hidden="hidden")
    listed.set("aria-label", terms(publication.metadata.language).pages)
    items = add_element(listed, "ol")
    for page in pages:
        add_element(add_element(items, "li"), "a", page.label, href=page.href)


def _pages_of_contents(publication: Publication) -> dict[str, list[Element]]:
    """Return the markers of the pages that begin in the contents, by what the entry behind them leads to.

    Those before the first entry are under the empty name.
    """
    begun: dict[str, list[Element]] = {}
    met: list[Element] = []
    entries = 0
    trees = (section.body for section in publication.sections if section.role == "toc")
    for element in (element for tree in trees for element in tree.iter()):
        if element.get("role") == PAGE_BREAK:
            met.append(element)
        elif element.tag == "a":
            begun[element.get("href", "")[1:] if entries else ""] = met
            met, entries = [], entries + 1
    return begun


def _mark(parent: XhtmlElement, marker: Element) -> XhtmlElement:
    """Add the *marker* of a page to *parent*."""
    mark = add_element(parent, "span", type_="pagebreak", role=PAGE_BREAK, id=marker.get("id", ""))
    mark.set("aria-label", marker.get("aria-label", ""))
    return mark


def _all(publication: Publication) -> list[TocEntry]:
    """Return the contents, the title page of an article first."""
    entries = toc_entries(publication)
    if publication.is_book:
        return entries
    return [TocEntry(terms(publication.metadata.language).title_page, "title.xhtml", "title"), *entries]


def _landmarks(publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Give the landmarks (EPUB 3.3, 7.4): kind, title and file, each kind once."""
    words = terms(publication.metadata.language)
    if not publication.is_book:
        yield "titlepage", words.title_page, "title.xhtml"
    for section in publication.sections:
        if section.role in _MARKED and not section.continues:
            yield section.role, section.title, section_file(section)
    body = next((s for s in publication.sections if s.matter == "body"), publication.sections[0])
    yield "bodymatter", words.text, section_file(body)


def _list(parent: XhtmlElement, entries: Iterable[TocEntry], begun: Mapping[str, Iterable[Element]]) -> None:
    """Add *entries* to *parent* as a list; *begun* are the markers of pages, by the anchor of an entry."""
    items = add_element(parent, "ol")
    for entry in entries:
        item = add_element(items, "li")
        title = entry.title or "\N{EM DASH}"
        link = add_element(item, "a", title, href=entry.href)
        for marker in begun.get(entry.anchor, ()):  # an item holds nothing but its link
            link.text, _mark(link, marker).tail = None, title
        if entry.below:
            _list(item, entry.below, begun)


def ncx_document(publication: Publication) -> bytes:
    """Return the NCX, the same contents and pages for readers of EPUB 2."""
    metadata = publication.metadata
    entries = _all(publication)
    root = etree.Element(f"{{{NCX}}}ncx", version="2005-1", nsmap=_NAMES)
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
    _label(etree.SubElement(root, f"{{{NCX}}}docTitle"), metadata.title)
    points = etree.SubElement(root, f"{{{NCX}}}navMap")
    _points(points, entries)
    if pages:
        _targets(etree.SubElement(root, f"{{{NCX}}}pageList"), pages)
    _number(root, publication)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _points(parent: XhtmlElement, entries: Iterable[TocEntry]) -> None:
    """Add *entries* to *parent*."""
    for entry in entries:
        point = etree.SubElement(parent, f"{{{NCX}}}navPoint")
        _label(etree.SubElement(point, f"{{{NCX}}}navLabel"), entry.title or "\N{EM DASH}")
        etree.SubElement(point, f"{{{NCX}}}content", src=entry.href)
        _points(point, entry.below)


def _targets(parent: XhtmlElement, pages: Iterable[PageListEntry]) -> None:
    """Add *pages* to *parent*: those of front matter have numerals of their own (Z39.86, 8.4.5)."""
    for page in pages:
        target = etree.SubElement(parent, f"{{{NCX}}}pageTarget", type="front")
        if page.label.isdecimal():
            target.set("type", "normal")
            target.set("value", page.label)
        _label(etree.SubElement(target, f"{{{NCX}}}navLabel"), page.label)
        etree.SubElement(target, f"{{{NCX}}}content", src=page.href)


def _number(root: XhtmlElement, publication: Publication) -> None:
    """Give everything in the NCX *root* that leads to a place its number, in the order of the places."""
    order = ["title.xhtml"]
    for section in publication.sections:
        file = section_file(section)
        order += [file, *(f"{file}#{e.get('id')}" for e in section.body.iter() if "id" in e.attrib)]
    places = {href: place for place, href in enumerate(order)}
    leading = list(root.iter(f"{{{NCX}}}navPoint", f"{{{NCX}}}pageTarget"))
    targets = [str(element.find(f"{{{NCX}}}content").get("src")) for element in leading]  # type: ignore[union-attr]
    in_order = sorted(set(targets), key=lambda href: places.get(href, len(places)))
    played = {href: number for number, href in enumerate(in_order, start=1)}
    for number, (element, href) in enumerate(zip(leading, targets, strict=True), start=1):
        element.set("id", f"point-{number}")
        element.set("playOrder", str(played[href]))


def _label(parent: XhtmlElement, text: str) -> None:
    etree.SubElement(parent, f"{{{NCX}}}text").text = text
