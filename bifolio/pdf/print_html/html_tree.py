"""Builds the HTML tree that is laid out, with page references, footnotes, formulas and printed URLs."""

from __future__ import annotations

import copy
from collections.abc import Container, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

import tinycss2

from bifolio.model.localized_strings import direction, terms
from bifolio.model.publication import FILE, LINE, Metadata, Publication, Section
from bifolio.pdf.engine.fetcher import image_url
from bifolio.pdf.print_html.footnotes import insert_footnotes
from bifolio.pdf.print_html.link_urls import print_link_urls
from bifolio.pdf.print_html.math import SVG, Drawings, insert_drawings
from bifolio.pdf.print_html.page_references import insert_page_references, section_anchor
from bifolio.pdf.print_html.roles import CALL, NOTE, ROLE, URL_NOTE

ORIGIN = "{bifolio}origin"
"""The attribute that holds the origin of an element, as index and section: `12 name-of-section`."""


def html_tree(
    publication: Publication,
    sections: Sequence[Section],
    drawings: Drawings,
    labels: Mapping[str, str],
    recto_sections: Container[str] = (),
    link_urls: str = "text",
) -> Element:
    """Return the HTML tree of *sections*, with *drawings* for the formulas.

    *labels* are the page labels by anchor; *recto_sections* the names of the sections that start on a
    right-hand page; *link_urls* is where URLs are printed: `text`, `notes` or `none`.
    """
    metadata = publication.metadata
    root = html_tree_without_text(metadata)
    body = SubElement(root, "body")
    for section in sections:
        attributes = {"class": "text"}
        if len(publication.sections) > 1:
            attributes = _section_attributes(section, is_recto=section.name in recto_sections)
        article = SubElement(body, "article", attributes)
        content = copy.deepcopy(section.body)
        for index, element in enumerate(content.iter()):
            element.set(ORIGIN, f"{index} {section.name}")
        article.set(ORIGIN, content.get(ORIGIN, ""))
        article.text = content.text
        article.extend(content)
        notes = {note.number: note for note in section.notes}
        insert_footnotes(article, notes, at_end=section.role == "endnotes")
        _adapt_to_print(article, section, metadata, labels)
        print_link_urls(article, section.name, link_urls)
    # Last, since the titles of headings are read from the TeX.
    insert_drawings(root, drawings)
    return root


def html_tree_without_text(metadata: Metadata) -> Element:
    """Return an HTML tree with the head for *metadata*, and no body."""
    root = Element("html", {"lang": metadata.language, "dir": direction(metadata.language)})
    _append_head(root, metadata)
    return root


def apply_named_styles(root: Element, variants: Sequence[str]) -> Element:
    """Set the named styles *variants* on *root*, as classes; return it."""
    if variants:
        root.set("class", " ".join(variants))
    return root


def _section_attributes(section: Section, *, is_recto: bool) -> dict[str, str]:
    """Return the attributes of the article of *section*, which starts on a right-hand page if *is_recto*."""
    names = f"text {section.role} {section.matter}-matter depth-{section.depth}"
    attributes = {"class": names, "id": section_anchor(section)}
    if section.language:
        attributes |= {"lang": section.language, "dir": direction(section.language)}
    if is_recto:
        attributes["style"] = "break-before: recto"
    return attributes


def _adapt_to_print(
    article: Element, section: Section, metadata: Metadata, labels: Mapping[str, str]
) -> None:
    """Add to *article* what only print needs: page numbers, and the text of running heads."""
    page_term = terms(section.language or metadata.language).page
    for element in list(article.iter()):
        element.attrib.pop(LINE, None)
        element.attrib.pop(FILE, None)
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            # For running heads and bookmarks: the content of the heading may include footnotes.
            element.set("data-title", _heading_text(element))
        if element.tag == "h1":
            element.set("data-short-title", metadata.short_title or metadata.title)
        if element.tag == "table":
            _ensure_table_body(element)
        if element.tag == "img":
            element.set("src", image_url(element.get("src", "")))
        if element.tag.startswith(f"{{{SVG}}}"):
            _style_to_attributes(element)
        insert_page_references(element, labels, page_term)


def _ensure_table_body(table: Element) -> None:
    """Turn the head of *table* into its body if it has only a head (ISO 32000-1, 14.8.4.3.4)."""
    head = table.find("thead")
    if head is not None and table.find("tbody") is None and table.find("tr") is None:
        head.tag = "tbody"


def _style_to_attributes(part: Element) -> None:
    """Turn `style` into attributes in *part* of an SVG image: WeasyPrint applies it as CSS of the text."""
    for child in part:
        for rule in tinycss2.parse_blocks_contents(child.attrib.pop("style", "")):
            if rule.type == "declaration":
                child.set(rule.lower_name, tinycss2.serialize(rule.value).strip())


def _append_head(root: Element, metadata: Metadata) -> None:
    head = SubElement(root, "head")
    SubElement(head, "title").text = metadata.title
    for author in metadata.authors:
        SubElement(head, "meta", {"name": "author", "content": author})
    for name, content in (
        ("description", metadata.description),
        ("keywords", ", ".join(metadata.keywords)),
        ("generator", "Bifolio"),
        ("dcterms.created", metadata.date),
        ("dcterms.modified", metadata.modified or metadata.date),
    ):
        if content:
            SubElement(head, "meta", {"name": name, "content": content})


def _heading_text(heading: Element) -> str:
    """Return the text of *heading* without footnotes and their calls."""

    def text(element: Element) -> str:
        if element.get(ROLE) in (CALL, NOTE, URL_NOTE):
            return ""
        return (element.text or "") + "".join(text(child) + (child.tail or "") for child in element)

    return " ".join(text(heading).split())
