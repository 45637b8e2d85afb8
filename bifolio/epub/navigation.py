"""The ways into the text: nav (EPUB 3.3, 7), landmarks, and the NCX for old readers (OPF 2.0.1, 2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bifolio.epub.chapters import section_file
from bifolio.epub.xhtml import Node, document, node, serialise
from bifolio.publication import Publication
from bifolio.terms import terms

NCX = "http://www.daisy.org/z3986/2005/ncx/"
_NAMES: Any = {None: NCX}
_MARKED = frozenset({"titlepage", "toc", "loi", "lot", "endnotes", "bibliography", "glossary", "index"})
"""The sections that landmarks lead to."""


@dataclass(slots=True)
class Entry:
    """A line of the contents."""

    title: str
    href: str
    below: list[Entry] = field(default_factory=list)

    def depth(self) -> int:
        """Return how many levels the entry has, itself among them."""
        return 1 + max((entry.depth() for entry in self.below), default=0)


def contents(publication: Publication) -> list[Entry]:
    """Return the contents as a tree: sections, those of a part below it, and the headings in them."""
    entries: list[Entry] = []
    path: list[tuple[int, Entry]] = []
    for section in publication.sections:
        if section.role == "toc":
            continue
        file = section_file(section)
        top = Entry(section.title, file)
        _put(top, section.depth, path, entries)
        for heading in section.headings:
            _put(
                Entry(heading.title, f"{file}#{heading.anchor}"),
                section.depth + heading.level - 1,
                path,
                entries,
            )
    return entries


def _put(entry: Entry, depth: int, path: list[tuple[int, Entry]], top: list[Entry]) -> None:
    """Put *entry* below the last of *path* that stands higher than *depth*, or else to *top*."""
    while path and path[-1][0] >= depth:
        path.pop()
    (path[-1][1].below if path else top).append(entry)
    path.append((depth, entry))


def nav(publication: Publication) -> bytes:
    """Return the navigation document, with contents and landmarks."""
    metadata = publication.metadata
    words = terms(metadata.language)
    root, body = document(words.contents, metadata.language)
    toc = node(body, "nav", type_="toc", role="doc-toc", id="toc")
    toc.set("aria-labelledby", "contents")
    node(toc, "h1", words.contents, id="contents")
    _list(toc, _all(publication))
    marks = node(body, "nav", type_="landmarks", id="landmarks", hidden="hidden")
    marks.set("aria-label", words.landmarks)
    places = node(marks, "ol")
    for kind, title, href in _landmarks(publication):
        node(node(places, "li"), "a", title, type_=kind, href=href)
    return serialise(root)


def _all(publication: Publication) -> list[Entry]:
    """Return the contents, the title page of an article first."""
    entries = contents(publication)
    if publication.is_book:
        return entries
    return [Entry(terms(publication.metadata.language).title_page, "title.xhtml"), *entries]


def _landmarks(publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Give the landmarks (EPUB 3.3, 7.4): kind, title and file, each kind once."""
    words = terms(publication.metadata.language)
    if not publication.is_book:
        yield "titlepage", words.title_page, "title.xhtml"
    for section in publication.sections:
        if section.role in _MARKED:
            yield section.role, section.title, "nav.xhtml" if section.role == "toc" else section_file(section)
    body = next((s for s in publication.sections if s.matter == "body"), publication.sections[0])
    yield "bodymatter", words.text, section_file(body)


def _list(parent: Node, entries: Iterable[Entry]) -> None:
    items = node(parent, "ol")
    for entry in entries:
        item = node(items, "li")
        node(item, "a", entry.title or "\N{EM DASH}", href=entry.href)
        if entry.below:
            _list(item, entry.below)


def ncx(publication: Publication) -> bytes:
    """Return the NCX, the same contents for readers of EPUB 2."""
    metadata = publication.metadata
    entries = _all(publication)
    root = etree.Element(f"{{{NCX}}}ncx", version="2005-1", nsmap=_NAMES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", metadata.language)
    head = etree.SubElement(root, f"{{{NCX}}}head")
    depth = max(entry.depth() for entry in entries)
    for name, value in (
        ("dtb:uid", metadata.identifier),
        ("dtb:depth", str(depth)),
        ("dtb:totalPageCount", "0"),
        ("dtb:maxPageNumber", "0"),
    ):
        etree.SubElement(head, f"{{{NCX}}}meta", name=name, content=value)
    _label(etree.SubElement(root, f"{{{NCX}}}docTitle"), metadata.title)
    points = etree.SubElement(root, f"{{{NCX}}}navMap")
    _points(points, entries, 0)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _points(parent: Node, entries: Iterable[Entry], last: int) -> int:
    """Add *entries* to *parent*, numbered on from *last*; return the last number given."""
    for entry in entries:
        last += 1
        point = etree.SubElement(parent, f"{{{NCX}}}navPoint", id=f"point-{last}", playOrder=str(last))
        _label(etree.SubElement(point, f"{{{NCX}}}navLabel"), entry.title or "\N{EM DASH}")
        etree.SubElement(point, f"{{{NCX}}}content", src=entry.href)
        last = _points(point, entry.below, last)
    return last


def _label(parent: Node, text: str) -> None:
    etree.SubElement(parent, f"{{{NCX}}}text").text = text
