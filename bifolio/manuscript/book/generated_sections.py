"""Generates title page, colophon, table of contents, lists of figures and tables, and index."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from bifolio.manuscript.transforms.title_block import written_date
from bifolio.model.localized_strings import terms
from bifolio.model.publication import GENERATED, NOTE_CALL, Metadata, Section, words_of

INDEX_TERM = "index"
"""The class of a term that is listed in the index."""
CONTENTS_DEPTH = 2
"""The lowest level of heading in the table of contents; 1 is the title of the section itself."""


def title_page(metadata: Metadata, *, half: bool = False) -> Element:
    """Return the title page of a book; a *half* title page has the title only."""
    root, page = _new_section("half-title" if half else "title-page")
    SubElement(page, "p" if half else "h1", {"class": "book-title"}).text = metadata.title
    if half:
        return root
    if metadata.subtitle:
        SubElement(page, "p", {"class": "subtitle"}).text = metadata.subtitle
    if metadata.authors:
        SubElement(page, "p", {"class": "author"}).text = ", ".join(metadata.authors)
    for role, people in groupby(metadata.contributors, key=lambda person: person.role):
        line = SubElement(page, "p", {"class": "contributor"})
        line.text = f"{role.capitalize()}: {', '.join(person.name for person in people)}"
    if metadata.series:
        series = SubElement(page, "p", {"class": "series"})
        series.text = f"{metadata.series} {metadata.position}".strip()
    if metadata.publisher:
        SubElement(page, "p", {"class": "publisher"}).text = metadata.publisher
    return root


STANDARDS = "Bifolio \N{MIDDLE DOT} EPUB 3.3 \N{MIDDLE DOT} PDF/UA-1 \N{MIDDLE DOT} PDF/A-2a"
"""The line of the colophon about the formats of the standard editions."""


def colophon(metadata: Metadata) -> Element:
    """Return the page with the rights, the publisher, the identifiers and the formats of the book."""
    root, page = _new_section("colophon")
    when = written_date(metadata.date, metadata.language) if metadata.date else ""
    for text in (
        metadata.title,
        ", ".join(metadata.authors),
        metadata.edition,
        ", ".join(filter(None, (metadata.publisher, when))),
        metadata.rights,
        *_isbns(metadata),
        STANDARDS,
    ):
        if text:
            SubElement(page, "p").text = text
    return root


def _isbns(metadata: Metadata) -> list[str]:
    """Return one line per ISBN, or one line for both editions if they share it."""
    isbn = "urn:isbn:"
    kinds = (("EPUB", metadata.identifier), ("PDF", metadata.pdf_identifier))
    known = [(kind, name.removeprefix(isbn)) for kind, name in kinds if name.startswith(isbn)]
    if len(known) == 2 and known[0][1] == known[1][1]:
        return [f"ISBN {known[0][1]}"]
    return [f"ISBN {number} ({kind})" for kind, number in known]


def table_of_contents(sections: Sequence[Section], language: str) -> Element:
    """Return a nested list of links to *sections* and to the headings in them."""
    entries: list[tuple[int, str, str]] = []
    for section in sections:
        top = section.body.find(".//h1")
        if section.role in ("halftitlepage", "titlepage", "toc", "dedication", "epigraph", "colophon"):
            continue
        anchor = top.get("id", "") if top is not None else ""
        entries.append((section.depth, anchor or f"section-{section.name}", section.title))
        for heading in section.headings:
            if heading.level <= CONTENTS_DEPTH:
                entries.append((section.depth + heading.level - 1, heading.anchor, heading.title))
    return _link_list(entries, terms(language).contents, "made-contents")


def caption_list(sections: Iterable[Section], kind: str, title: str) -> Element:
    """Return a list of links to all elements of *kind*, `figure` or `table`, that have a caption.

    Elements without an `id` are given one.
    """
    entries = []
    for section in sections:
        for number, element in enumerate(section.body.iter(kind), start=1):
            caption = element.find("figcaption" if kind == "figure" else "caption")
            if caption is None or "listing" in element.get("class", "").split():
                continue
            if "id" not in element.attrib:
                element.set("id", f"{kind}-{section.name}-{number}")
            entries.append((0, element.get("id", ""), " ".join(words_of(_caption_text(caption)))))
    return _link_list(entries, title, f"made-{kind}s")


def _caption_text(caption: Element) -> Element:
    """Return *caption* without its credit and note calls."""
    text = Element("caption")
    text.text = caption.text
    for child in caption:
        if child.tag == NOTE_CALL or "credit" in child.get("class", "").split():
            continue
        text.append(child)
    return text


def _link_list(entries: Iterable[tuple[int, str, str]], title: str, anchor: str) -> Element:
    root = Element("div")
    nav = SubElement(root, "nav", {"class": "contents", GENERATED: "contents"})
    SubElement(nav, "h1", {"id": anchor}).text = title
    path: list[tuple[int, Element]] = []
    for depth, target, words in entries:
        while path and path[-1][0] > depth:
            path.pop()
        if not path or path[-1][0] < depth:
            above = path[-1][1][-1] if path and len(path[-1][1]) else nav
            path.append((depth, SubElement(above, "ol")))
        item = SubElement(path[-1][1], "li")
        SubElement(item, "a", {"href": f"#{target}"}).text = words or "\N{EM DASH}"
    if nav.find(".//li/ol") is not None:
        nav.set("class", "contents nested")  # `:has()` in the stylesheet would be slow in a large book
    return root


def index(sections: Iterable[Section], title: str) -> Element | None:
    """Return the index of the spans with the class `index`; None if there are none.

    Spans without an `id` are given one.
    """
    anchors: dict[str, list[str]] = {}
    number = 0
    for section in sections:
        for tree in section.trees():
            for term in tree.iter("span"):
                if INDEX_TERM not in term.get("class", "").split():
                    continue
                number += 1
                if "id" not in term.attrib:
                    term.set("id", f"index-{number}")
                anchors.setdefault(" ".join(words_of(term)), []).append(term.get("id", ""))
    if not anchors:
        return None
    root, page = _new_section("index")
    SubElement(page, "h1", {"id": "made-index"}).text = title
    for _, names in groupby(sorted(anchors, key=_sort_key), key=lambda name: _sort_key(name)[0][:1]):
        group = SubElement(page, "ul", {"class": "index-entries"})
        for name in names:
            item = SubElement(group, "li")
            item.text = f"{name} "
            for count, anchor in enumerate(anchors[name], start=1):
                link = SubElement(item, "a", {"href": f"#{anchor}", GENERATED: "locator"})
                link.text, link.tail = str(count), ", "
            item[-1].tail = None
    return root


def _sort_key(name: str) -> tuple[str, str]:
    """Return the sort key of a term: its text without case and accents, then as written."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return plain, name


def _new_section(class_: str) -> tuple[Element, Element]:
    root = Element("div")
    return root, SubElement(root, "section", {"class": class_, GENERATED: "matter"})
