"""Converts sections to XHTML content documents, each with its notes at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.epub.content.columns import CLASS, CROWDED_CLASS, SHARE_CLASS, column_widths
from bifolio.epub.content.xhtml import LANG, TYPE, XHTML, XhtmlElement, add_element, begin_document, serialize
from bifolio.model.localized_strings import Terms, terms
from bifolio.model.math import to_mathml
from bifolio.model.publication import FILE, GENERATED, LINE, MATH, NOTE_CALL, Note, Publication, Section

_EPUB_TYPES = {"doc-bibliography": "bibliography", "doc-biblioref": "biblioref", "doc-pagebreak": "pagebreak"}
"""`epub:type` by ARIA role (EPUB 3 Structural Semantics Vocabulary 1.1).

A bibliography entry has an `epub:type` but no role, as it is a list item (DPUB-ARIA 1.1, doc-biblioentry)."""
_MATTER = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}
_NO_ROLE = frozenset({"article", "halftitlepage", "titlepage", "frontmatter", "backmatter", "copyright-page",
                      "imprint", "loi", "lot", "endnotes"})  # fmt: skip
"""The roles of sections that have no counterpart in DPUB-ARIA 1.1."""

FileOf = Callable[[str], str]
"""A function that returns the file with an anchor, or an empty string if that is the current file."""


def _same_file(anchor: str) -> str:
    return ""


def section_file(section: Section) -> str:
    """Return the file name of *section*; the table of contents is the navigation document."""
    return "nav.xhtml" if section.role == "toc" else f"{section.name}.xhtml"


def title_page_document(publication: Publication) -> bytes:
    """Return the title page as an XHTML file (EPUB 3 Structural Semantics Vocabulary 1.1, titlepage)."""
    metadata = publication.metadata
    root, body = begin_document(metadata.title, metadata.language, "frontmatter")
    page = add_element(body, "section", type_="titlepage", class_="title-page")
    page.set("aria-label", terms(metadata.language).title_page)
    header = publication.sections[0].body.find("header[@class='title-block']")
    if header is not None:
        # The plain title: its notes are cited in the text itself.
        add_element(page, "h1", metadata.title, type_="title")
        for child in header[1:]:
            _convert(child, page, _same_file)
    if metadata.publisher:
        add_element(page, "p", metadata.publisher, class_="publisher")
    if metadata.rights:
        add_element(page, "p", metadata.rights, class_="rights")
    return serialize(root)


def section_document(publication: Publication, section: Section, anchors: Mapping[str, str]) -> bytes:
    """Return *section* with its notes as an XHTML file.

    Elements have their types and roles (EPUB 3 Structural Semantics Vocabulary 1.1, DPUB-ARIA 1.1).
    *anchors* maps every anchor in the publication to its file.
    """
    language = section.language or publication.metadata.language
    root, body = begin_document(section.title, language, _MATTER[section.matter])
    current_file = section_file(section)

    def file_of(anchor: str) -> str:
        file = anchors.get(anchor, "")
        return "" if file == current_file else file

    container = _add_container(body, section)
    _convert_into(section.body, container, file_of)
    if section.notes:
        _add_notes(section.notes, body, file_of, terms(language))
    return serialize(root)


def _add_container(body: XhtmlElement, section: Section) -> XhtmlElement:
    """Add the element that contains *section*, with its type, role and label."""
    if section.continues:
        container = add_element(body, "section", class_=f"text {section.role}")
    elif section.role == "article":
        container = add_element(body, "article", class_="text")
    else:
        container = add_element(body, "section", class_=f"text {section.role}", type_=section.role)
        if section.role not in _NO_ROLE:
            container.set("role", f"doc-{section.role}")
        container.set("id", f"section-{section.name}")
    title = section.body.find(".//h1")
    if title is not None and "id" in title.attrib:
        container.set("aria-labelledby", title.get("id", ""))
    elif title is None:
        container.set("aria-label", section.title)
    return container


def estimate_size(element: Element) -> int:
    """Return the approximate size of *element* as XHTML, in bytes, without the file names in links."""
    parent = add_element(None, "div")
    empty_size = len(etree.tostring(parent, encoding="utf-8"))
    _convert(element, parent, _same_file)
    return len(etree.tostring(parent, encoding="utf-8")) - empty_size


def _add_notes(notes: Iterable[Note], body: XhtmlElement, file_of: FileOf, words: Terms) -> None:
    """Add *notes* in the form that e-readers show as pop-ups (EPUB 3 SSV 1.1, footnote; DPUB-ARIA 1.1)."""
    section = add_element(body, "section", class_="notes", role="doc-endnotes", type_="footnotes")
    # No heading: readers that show notes only as pop-ups would leave it with nothing below it.
    section.set("aria-label", words.notes)
    for note in notes:
        name = f"note-{note.number}"
        aside = add_element(section, "aside", class_="note", type_="footnote", role="doc-footnote", id=name)
        _convert_into(note.body, aside, file_of)
        first = _paragraph_at(aside, 0)
        number = _back_link(note, 1, note.sign, words, file_of(f"call-{note.number}-1"))
        number.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, number)
        last = _paragraph_at(aside, -1)
        for nth in range(2, note.calls + 1):
            file = file_of(f"call-{note.number}-{nth}")
            _append_text(last, " ")
            last.append(_back_link(note, nth, "\N{UPWARDS ARROW}", words, file))


def _back_link(note: Note, nth: int, text: str, words: Terms, file: str) -> XhtmlElement:
    link = add_element(None, "a", text, href=f"{file}#call-{note.number}-{nth}", role="doc-backlink")
    link.set("class", "note-number" if nth == 1 else "note-back")
    link.set("aria-label", f"{words.note} {note.sign}. {words.back_link}" + (f" ({nth})" if nth > 1 else ""))
    return link


def _paragraph_at(aside: XhtmlElement, index: int) -> XhtmlElement:
    """Return the paragraph at *index* (0 or -1) of a note, added if there is none."""
    tag = f"{{{XHTML}}}p"
    if len(aside) and aside[index].tag == tag:
        return aside[index]
    paragraph = add_element(None, "p")
    aside.insert(0 if index == 0 else len(aside), paragraph)
    return paragraph


def _append_text(element: XhtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _convert_into(source: Element, target: XhtmlElement, file_of: FileOf) -> None:
    """Append the content of *source* to *target*."""
    if source.text and source.text.strip():
        _append_text(target, source.text)
    for child in source:
        _convert(child, target, file_of)


def _convert(source: Element, parent: XhtmlElement, file_of: FileOf) -> XhtmlElement:
    """Append *source*, converted to XHTML, to *parent*; return the new element."""
    if source.tag == MATH:
        return _add_mathml(source, parent)
    copy = _add_start_tag(source, parent, file_of)
    copy.text = source.get("sign") if source.tag == NOTE_CALL else source.text
    copy.tail = source.tail
    if source.tag == "table":
        _add_column_widths(source, copy)
    for child in source:
        _convert(child, copy, file_of)
        if child.tag == "caption" and len(copy) == 2:
            copy.append(copy[0])  # the columns follow the caption (HTML, 4.9.1)
    return copy


def _add_column_widths(source: Element, table: XhtmlElement) -> None:
    """Add the column widths of *source* to *table*, its copy in the EPUB."""
    columns = column_widths(source)
    if columns.shares:
        classes = [*table.get("class", "").split(), CLASS, *([CROWDED_CLASS] if columns.crowded else [])]
        table.set("class", " ".join(dict.fromkeys(classes)))
        group = add_element(table, "colgroup")
        for share in columns.shares:
            add_element(group, "col", class_=f"{SHARE_CLASS}{share}")


def _add_mathml(source: Element, parent: XhtmlElement) -> XhtmlElement:
    """Append the formula *source* to *parent* as MathML (EPUB 3.3, 6.1.4)."""
    formula = etree.fromstring(to_mathml(source.text or "", "display" in source.attrib))
    for name, value in source.attrib.items():
        if name not in (LINE, "display"):
            formula.set(name, value)
    formula.tail = source.tail
    parent.append(formula)
    return formula


def _add_start_tag(element: Element, parent: XhtmlElement, file_of: FileOf) -> XhtmlElement:
    """Append *element*, converted to XHTML but without its content, to *parent*."""
    if element.tag == NOTE_CALL:
        number, nth = element.get("note", ""), element.get("nth", "")
        return add_element(
            parent, "a", class_="note-call", type_="noteref", role="doc-noteref",
            href=f"{file_of(f'note-{number}')}#note-{number}", id=f"call-{number}-{nth}",
        )  # fmt: skip
    copy = _add_empty(element, parent)
    for name, value in element.attrib.items():
        if name in (LINE, FILE):
            continue
        copy.set(name, value)
        if name == "lang":
            copy.set(LANG, value)
    if element.tag == "th" and "scope" not in element.attrib:
        copy.set("scope", "col")
    if element.get("role") in _EPUB_TYPES:
        copy.set(TYPE, _EPUB_TYPES[element.get("role", "")])
    elif element.get(GENERATED) == "work":
        copy.set(TYPE, "biblioentry")
    href = element.get("href", "")
    if element.tag == "a" and href.startswith("#"):
        copy.set("href", f"{file_of(href[1:])}{href}")
    if element.tag == "img":
        copy.set("src", f"pictures/{element.get('src')}")
        copy.set("alt", element.get("alt", ""))
    return copy


def _add_empty(element: Element, parent: XhtmlElement) -> XhtmlElement:
    """Append an element of the name and namespace of *element* to *parent*."""
    if element.tag.startswith("{"):
        nsmap: Any = {None: element.tag[1:].partition("}")[0]}
        return etree.SubElement(parent, element.tag, nsmap=nsmap)
    return add_element(parent, element.tag)
