"""Inserts markers for the pages of the PDF, and lists them (EPUB Accessibility 1.1, 3.3.3)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from bifolio.epub.content.chapters import section_file
from bifolio.model.publication import INLINE, Metadata, PageBreak, Publication

PAGE_BREAK_ROLE = "doc-pagebreak"
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_AVOIDED = (
    INLINE | _TABLE_PARTS | frozenset("h1 h2 h3 h4 h5 h6 header hgroup caption th td summary details".split())
)
"""Elements that a marker is placed before rather than in, so that it is not part of a title or a link.

A paragraph is not among them: a marker between blocks would break adjacent-sibling selectors."""


@dataclass(frozen=True, slots=True)
class PageListEntry:
    """An entry of the page list."""

    label: str
    href: str


def insert_page_markers(publication: Publication, breaks: Iterable[PageBreak]) -> Publication:
    """Return *publication* with a marker at the start of each page (DPUB-ARIA 1.1, doc-pagebreak).

    A marker is an empty `<span>` with the role, the page number as its `aria-label`, and an `id`.
    """
    taken = {element.get("id", "") for tree, _ in publication.trees() for element in tree.iter()}
    by_section: dict[str, list[PageBreak]] = {}
    for page in breaks:
        by_section.setdefault(page.section, []).append(page)
    sections = []
    for section in publication.sections:
        if section.name in by_section:
            body = copy.deepcopy(section.body)
            elements = list(body.iter())
            parents = {child: parent for parent in elements for child in parent}
            for page in by_section[section.name]:
                _insert(_marker(page.label, taken), page, elements[page.element], parents)
            section = replace(section, body=body)
        sections.append(section)
    return replace(publication, sections=tuple(sections))


def list_pages(publication: Publication) -> list[PageListEntry]:
    """Return the pages that are marked in *publication*, in document order."""
    return [
        PageListEntry(marker.get("aria-label", ""), f"{section_file(section)}#{marker.get('id')}")
        for section in publication.sections
        for marker in page_markers(section.body)
    ]


def page_markers(tree: Element) -> Iterator[Element]:
    """Yield the page markers in *tree*."""
    return (element for element in tree.iter("span") if element.get("role") == PAGE_BREAK_ROLE)


def page_source(metadata: Metadata) -> str:
    """Return the identifier of the PDF, the source of the pages (EPUB Accessibility 1.1, 3.3.3.1).

    A PDF without its own identifier is described in words, as the identifier of the EPUB is not allowed.
    """
    described = (metadata.title, ", ".join(metadata.authors), "PDF", metadata.modified or metadata.date)
    return metadata.pdf_identifier or ". ".join(filter(None, described))


def _marker(label: str, taken: set[str]) -> Element:
    name = f"page-{label}"
    while name in taken:
        name += "-"
    taken.add(name)
    return Element("span", {"role": PAGE_BREAK_ROLE, "id": name, "aria-label": label})


def _insert(marker: Element, page: PageBreak, element: Element, parents: dict[Element, Element]) -> None:
    """Insert *marker* where *page* begins in *element*."""
    if page.offset is None:
        _insert_before(marker, element, parents)
        return
    text, child_index, offset = element.text or "", 0, page.offset
    while offset >= len(text) and child_index < len(element):
        offset -= len(text)
        text, child_index = element[child_index].tail or "", child_index + 1
    is_at_start = not child_index and not text[:offset].strip()
    if is_at_start and element.tag in _AVOIDED and _insert_before(marker, element, parents):
        return
    marker.tail = text[offset:]
    if child_index:
        element[child_index - 1].tail = text[:offset]
    else:
        element.text = text[:offset]
    element.insert(child_index, marker)
    parents[marker] = element


def _insert_before(marker: Element, element: Element, parents: dict[Element, Element]) -> bool:
    """Insert *marker* before *element* or an ancestor that begins with it; return whether that is valid."""
    position = None
    while element in parents:
        parent = parents[element]
        if parent.tag not in _TABLE_PARTS and parent.tag != "details":  # their content model forbids a span
            position = parent, element
        if parent.tag not in _AVOIDED or parent[0] is not element or (parent.text or "").strip():
            break
        element = parent
    if position is None:
        return False
    parent, element = position
    parent.insert(list(parent).index(element), marker)
    parents[marker] = parent
    return True
