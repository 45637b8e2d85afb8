"""The ways into the text: nav (EPUB 3.3, 7), landmarks, and the NCX for old readers (OPF 2.0.1, 2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bifolio.epub.chapters import section_file
from bifolio.epub.xhtml import Node, document, node, serialise
from bifolio.publication import Publication
from bifolio.terms import terms

NCX = "http://www.daisy.org/z3986/2005/ncx/"
_NAMES: Any = {None: NCX}


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
    """Return the contents as a tree: sections, and the headings in them."""
    entries = []
    for section in publication.sections:
        file = section_file(section)
        top = Entry(section.title, file)
        path = [(1, top)]
        for heading in section.headings:
            while len(path) > 1 and path[-1][0] >= heading.level:
                path.pop()
            entry = Entry(heading.title, f"{file}#{heading.anchor}")
            path[-1][1].below.append(entry)
            path.append((heading.level, entry))
        entries.append(top)
    return entries


def nav(publication: Publication) -> bytes:
    """Return the navigation document, with contents and landmarks."""
    metadata = publication.metadata
    words = terms(metadata.language)
    root, body = document(words.contents, metadata.language)
    toc = node(body, "nav", type_="toc", role="doc-toc", id="toc")
    toc.set("aria-labelledby", "contents")
    node(toc, "h1", words.contents, id="contents")
    _list(toc, [Entry(words.title_page, "title.xhtml"), *contents(publication)])
    marks = node(body, "nav", type_="landmarks", id="landmarks", hidden="hidden")
    marks.set("aria-label", words.landmarks)
    places = node(marks, "ol")
    text = section_file(publication.sections[0])
    for kind, title, href in (
        ("titlepage", words.title_page, "title.xhtml"),
        ("bodymatter", words.text, text),
    ):
        node(node(places, "li"), "a", title, type_=kind, href=href)
    return serialise(root)


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
    entries = [Entry(terms(metadata.language).title_page, "title.xhtml"), *contents(publication)]
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
