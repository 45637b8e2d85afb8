"""The pages of the print edition, marked in the text (EPUB Accessibility 1.1, 3.3.3)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from bifolio.epub.content.chapters import section_file
from bifolio.model.publication import INLINE, Metadata, PageBreak, Publication

PAGE_BREAK_ROLE = "doc-pagebreak"
_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_LEFT = INLINE | _ROWS | frozenset("h1 h2 h3 h4 h5 h6 header hgroup caption th td summary details".split())
"""The elements that a marker stands before and not in, where it can: a title or a link would be named by it.

It stays in a paragraph, for rules of style that ask what follows what."""


@dataclass(frozen=True, slots=True)
class PageListEntry:
    """A line of the page list."""

    label: str
    href: str


def insert_page_markers(publication: Publication, breaks: Iterable[PageBreak]) -> Publication:
    """Return *publication* with a marker where each page begins (DPUB-ARIA 1.1, doc-pagebreak).

    A marker is an empty `<span>` with the role, the number of its page as its `aria-label`, and an `id`.
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
            above = {child: parent for parent in elements for child in parent}
            for page in by_section[section.name]:
                _set(_marker(page.label, taken), page, elements[page.element], above)
            section = replace(section, body=body)
        sections.append(section)
    return replace(publication, sections=tuple(sections))


def list_pages(publication: Publication) -> list[PageListEntry]:
    """Return the pages that are marked in *publication*, in the order of the text."""
    return [
        PageListEntry(marker.get("aria-label", ""), f"{section_file(section)}#{marker.get('id')}")
        for section in publication.sections
        for marker in page_markers(section.body)
    ]


def page_markers(tree: Element) -> Iterator[Element]:
    """Give the markers of pages in *tree*."""
    return (element for element in tree.iter("span") if element.get("role") == PAGE_BREAK_ROLE)


def page_source(metadata: Metadata) -> str:
    """Return what identifies the edition that the pages are those of (EPUB Accessibility 1.1, 3.3.3.1).

    That must not be the EPUB itself, so a PDF without an identifier of its own is described.
    """
    described = (metadata.title, ", ".join(metadata.authors), "PDF", metadata.modified or metadata.date)
    return metadata.pdf_identifier or ". ".join(filter(None, described))


def _marker(label: str, taken: set[str]) -> Element:
    name = f"page-{label}"
    while name in taken:
        name += "-"
    taken.add(name)
    return Element("span", {"role": PAGE_BREAK_ROLE, "id": name, "aria-label": label})


def _set(marker: Element, page: PageBreak, element: Element, above: dict[Element, Element]) -> None:
    """Put *marker* where *page* begins in *element*."""
    if page.offset is None:
        _set_before(marker, element, above)
        return
    text, child, place = element.text or "", 0, page.offset
    while place >= len(text) and child < len(element):
        place -= len(text)
        text, child = element[child].tail or "", child + 1
    begins = not child and not text[:place].strip()
    if begins and element.tag in _LEFT and _set_before(marker, element, above):
        return
    marker.tail = text[place:]
    if child:
        element[child - 1].tail = text[:place]
    else:
        element.text = text[:place]
    element.insert(child, marker)
    above[marker] = element


def _set_before(marker: Element, element: Element, above: dict[Element, Element]) -> bool:
    """Put *marker* before *element*, or before what begins with it; say whether it may stand there."""
    found = None
    while element in above:
        parent = above[element]
        if parent.tag not in _ROWS and parent.tag != "details":  # these begin with elements of their own
            found = parent, element
        if parent.tag not in _LEFT or parent[0] is not element or (parent.text or "").strip():
            break
        element = parent
    if found is None:
        return False
    parent, element = found
    parent.insert(list(parent).index(element), marker)
    above[marker] = parent
    return True
