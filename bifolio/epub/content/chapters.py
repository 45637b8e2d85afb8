"""The text as XHTML: one file a section, its notes at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.epub.content.columns import CLASS, CROWDED, SHARE, column_widths
from bifolio.epub.content.xhtml import LANG, TYPE, XHTML, XhtmlElement, add_element, begin_document, serialize
from bifolio.model.localized_strings import Terms, terms
from bifolio.model.math import to_mathml
from bifolio.model.publication import FILE, GENERATED, LINE, MATH, NOTE_CALL, Note, Publication, Section

_TYPES = {"doc-bibliography": "bibliography", "doc-biblioref": "biblioref", "doc-pagebreak": "pagebreak"}
"""The types of elements in EPUB, by their roles (EPUB 3 Structural Semantics Vocabulary 1.1).

An entry of a bibliography has its type alone: it is an item of a list (DPUB-ARIA 1.1, doc-biblioentry)."""


FileOf = Callable[[str], str]
"""Gives the file that holds an anchor, or nothing where that is the file that is being made."""


def _nowhere(anchor: str) -> str:
    return ""


def section_file(section: Section) -> str:
    """Return the name of the file that holds *section*; the contents are the nav itself."""
    return "nav.xhtml" if section.role == "toc" else f"{section.name}.xhtml"


def title_page_document(publication: Publication) -> bytes:
    """Return the title page (EPUB 3 Structural Semantics: titlepage)."""
    metadata = publication.metadata
    root, body = begin_document(metadata.title, metadata.language, "frontmatter")
    page = add_element(body, "section", type_="titlepage", class_="title-page")
    page.set("aria-label", terms(metadata.language).title_page)
    header = publication.sections[0].body.find("header[@class='title-block']")
    if header is not None:
        # The words of the title alone: its notes are cited in the text itself.
        add_element(page, "h1", metadata.title, type_="title")
        for child in header[1:]:
            _convert(child, page, _nowhere)
    if metadata.publisher:
        add_element(page, "p", metadata.publisher, class_="publisher")
    if metadata.rights:
        add_element(page, "p", metadata.rights, class_="rights")
    return serialize(root)


_MATTER = {"front": "frontmatter", "body": "bodymatter", "back": "backmatter"}
_NO_ROLE = frozenset({"article", "halftitlepage", "titlepage", "frontmatter", "backmatter", "copyright-page",
                      "imprint", "loi", "lot", "endnotes"})  # fmt: skip
"""What has no word of its own in DPUB-ARIA 1.1."""


def section_document(publication: Publication, section: Section, anchors: Mapping[str, str]) -> bytes:
    """Return *section* as a file, with the notes that it cites (EPUB 3 Structural Semantics; DPUB-ARIA 1.1).

    *anchors* gives the file of every anchor in the publication.
    """
    language = section.language or publication.metadata.language
    root, body = begin_document(section.title, language, _MATTER[section.matter])
    here = section_file(section)

    def file_of(anchor: str) -> str:
        file = anchors.get(anchor, "")
        return "" if file == here else file

    if section.continues:
        part = add_element(body, "section", class_=f"text {section.role}")
    elif section.role == "article":
        part = add_element(body, "article", class_="text")
    else:
        part = add_element(body, "section", class_=f"text {section.role}", type_=section.role)
        if section.role not in _NO_ROLE:
            part.set("role", f"doc-{section.role}")
        part.set("id", f"section-{section.name}")
    title = section.body.find(".//h1")
    if title is not None and "id" in title.attrib:
        part.set("aria-labelledby", title.get("id", ""))
    elif title is None:
        part.set("aria-label", section.title)
    _convert_into(section.body, part, file_of)
    if section.notes:
        _notes(section.notes, body, file_of, terms(language))
    return serialize(root)


def estimate_size(element: Element) -> int:
    """Return how many bytes *element* becomes in a file, about; links may add the names of files."""
    frame = add_element(None, "div")
    bare = len(etree.tostring(frame, encoding="utf-8"))
    _convert(element, frame, _nowhere)
    return len(etree.tostring(frame, encoding="utf-8")) - bare


def _notes(notes: Iterable[Note], body: XhtmlElement, file_of: FileOf, words: Terms) -> None:
    """Set the notes as pop-ups (EPUB 3.3, 6.2; DPUB-ARIA 1.1, doc-footnote)."""
    place = add_element(body, "section", class_="notes", role="doc-endnotes", type_="footnotes")
    # No heading: a reader that shows the notes as pop-ups alone would leave it standing empty.
    place.set("aria-label", words.notes)
    for note in notes:
        name = f"note-{note.number}"
        aside = add_element(place, "aside", class_="note", type_="footnote", role="doc-footnote", id=name)
        _convert_into(note.body, aside, file_of)
        first = _paragraph_at(aside, 0)
        place_of = file_of(f"call-{note.number}-1")
        number = _back_link(note, 1, note.sign, words, place_of)
        number.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, number)
        last = _paragraph_at(aside, -1)
        for nth in range(2, note.calls + 1):
            cited = file_of(f"call-{note.number}-{nth}")
            back = _back_link(note, nth, "\N{UPWARDS ARROW}", words, cited)
            _append_text(last, " ")
            last.append(back)


def _back_link(note: Note, nth: int, text: str, words: Terms, file: str) -> XhtmlElement:
    link = add_element(None, "a", text, href=f"{file}#call-{note.number}-{nth}", role="doc-backlink")
    link.set("class", "note-number" if nth == 1 else "note-back")
    link.set("aria-label", f"{words.note} {note.sign}. {words.back}" + (f" ({nth})" if nth > 1 else ""))
    return link


def _paragraph_at(aside: XhtmlElement, place: int) -> XhtmlElement:
    """Return the paragraph at *place* (0 or -1) of a note, one made for it where there is none."""
    tag = f"{{{XHTML}}}p"
    if len(aside) and aside[place].tag == tag:
        return aside[place]
    paragraph = add_element(None, "p")
    aside.insert(0 if place == 0 else len(aside), paragraph)
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
    """Append a copy of *source* to *parent*, in the names and attributes of XHTML; return it."""
    if source.tag == MATH:
        return _formula(source, parent)
    copy = _open(source, parent, file_of)
    copy.text = source.get("sign") if source.tag == NOTE_CALL else source.text
    copy.tail = source.tail
    if source.tag == "table":
        _share(source, copy)
    for child in source:
        _convert(child, copy, file_of)
        if child.tag == "caption" and len(copy) == 2:
            copy.append(copy[0])  # the columns stand behind the caption (HTML, 4.9.1)
    return copy


def _share(source: Element, table: XhtmlElement) -> None:
    """Give the columns of *table*, which is *source* in the EPUB, their widths."""
    columns = column_widths(source)
    if columns.shares:
        classes = [*table.get("class", "").split(), CLASS, *([CROWDED] if columns.crowded else [])]
        table.set("class", " ".join(dict.fromkeys(classes)))
        group = add_element(table, "colgroup")
        for share in columns.shares:
            add_element(group, "col", class_=f"{SHARE}{share}")


def _formula(source: Element, parent: XhtmlElement) -> XhtmlElement:
    """Append the formula *source* to *parent* as MathML (EPUB 3.3, 6.1.4)."""
    formula = etree.fromstring(to_mathml(source.text or "", "display" in source.attrib))
    for name, value in source.attrib.items():
        if name not in (LINE, "display"):
            formula.set(name, value)
    formula.tail = source.tail
    parent.append(formula)
    return formula


def _open(element: Element, above: XhtmlElement, file_of: FileOf) -> XhtmlElement:
    """Append to *above* the element that *element* is in an EPUB, without its content."""
    if element.tag == NOTE_CALL:
        number, nth = element.get("note", ""), element.get("nth", "")
        return add_element(
            above, "a", class_="note-call", type_="noteref", role="doc-noteref",
            href=f"{file_of(f'note-{number}')}#note-{number}", id=f"call-{number}-{nth}",
        )  # fmt: skip
    copy = _new(element, above)
    for name, value in element.attrib.items():
        if name in (LINE, FILE):
            continue
        copy.set(name, value)
        if name == "lang":
            copy.set(LANG, value)
    if element.tag == "th" and "scope" not in element.attrib:
        copy.set("scope", "col")
    if element.get("role") in _TYPES:
        copy.set(TYPE, _TYPES[element.get("role", "")])
    elif element.get(GENERATED) == "work":
        copy.set(TYPE, "biblioentry")
    href = element.get("href", "")
    if element.tag == "a" and href.startswith("#"):
        copy.set("href", f"{file_of(href[1:])}{href}")
    if element.tag == "img":
        copy.set("src", f"pictures/{element.get('src')}")
        copy.set("alt", element.get("alt", ""))
    return copy


def _new(element: Element, above: XhtmlElement) -> XhtmlElement:
    if element.tag.startswith("{"):
        names: Any = {None: element.tag[1:].partition("}")[0]}
        return etree.SubElement(above, element.tag, nsmap=names)
    return add_element(above, element.tag)
