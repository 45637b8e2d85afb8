"""Builds the HTML tree that is laid out, with page references, footnotes, formulas and printed URLs."""

from __future__ import annotations

import copy
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

import tinycss2

from bifolio.model.localized_strings import direction, terms
from bifolio.model.publication import (
    FILE,
    GENERATED,
    LINE,
    NOTE_CALL,
    Metadata,
    Note,
    Publication,
    Section,
)
from bifolio.pdf.engine.fetcher import image_url
from bifolio.pdf.print_html.link_urls import print_link_urls
from bifolio.pdf.print_html.math import SVG, Drawings, insert_drawings
from bifolio.pdf.print_html.roles import CALL, ENDNOTE, NOTE, NOTE_NUMBER, ROLE, URL_NOTE, number_class

CONTENTS = "contents"
"""The class of a list of contents, figures or tables."""
UNKNOWN_NUMBER = "00"
"""Replaces a page number that is not known yet; about as wide."""
ORIGIN = "{bifolio}origin"
"""The attribute that holds the origin of an element, as index and section: `12 name-of-section`."""

_SPACES = re.compile(r"[ \t\n]+")


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
    many = len(publication.sections) > 1
    for section in sections:
        article = SubElement(
            body,
            "article",
            _section_attributes(section, is_recto=section.name in recto_sections)
            if many
            else {"class": "text"},
        )
        content = copy.deepcopy(section.body)
        for index, element in enumerate(content.iter()):
            element.set(ORIGIN, f"{index} {section.name}")
        article.set(ORIGIN, content.get(ORIGIN, ""))
        article.text = content.text
        article.extend(content)
        notes = {note.number: note for note in section.notes}
        _insert_footnotes(article, notes, at_end=section.role == "endnotes")
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


def section_anchor(section: Section) -> str:
    """Return the anchor at the start of *section*, in a publication of several sections."""
    return f"section.{section.name}"


def page_reference_targets(section: Section) -> frozenset[str]:
    """Return the anchors whose page numbers *section* shows."""
    return frozenset(
        link.get("href", "")[1:]
        for tree in section.trees()
        for top in tree.iter()
        for link in _links_with_page(top)
    )


def _links_with_page(top: Element) -> Iterator[Element]:
    """Yield the links that show the page number of their target: *top* itself, or those of a list in it."""
    if top.tag == "a" and top.get(GENERATED) in ("reference", "locator"):
        yield top
    elif top.tag == "nav" and CONTENTS in top.get("class", "").split():
        yield from top.iter("a")


def _section_attributes(section: Section, *, is_recto: bool) -> dict[str, str]:
    """Return the attributes of the article of *section*, which starts on a right-hand page if *is_recto*."""
    names = f"text {section.role} {section.matter}-matter depth-{section.depth}"
    attributes = {"class": names, "id": section_anchor(section)}
    if section.language:
        attributes |= {"lang": section.language, "dir": direction(section.language)}
    if is_recto:
        attributes["style"] = "break-before: recto"
    return attributes


def _adapt_to_print(article: Element, section: Section, metadata: Metadata, pages: Mapping[str, str]) -> None:
    """Say in *article* what only paper needs said: pages, what running heads show."""
    for parent in list(article.iter()):
        parent.attrib.pop(LINE, None)
        parent.attrib.pop(FILE, None)
        if parent.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            # Running heads and bookmarks read it from here, for a note's number is in the text.
            parent.set("data-title", _heading_text(parent))
        if parent.tag == "table":
            _ensure_table_body(parent)
        if parent.tag == "h1":
            parent.set("data-short-title", metadata.short_title or metadata.title)
        if parent.tag == "img":
            parent.set("src", image_url(parent.get("src", "")))
        if parent.tag == "nav" and CONTENTS in parent.get("class", "").split():
            for item in parent.iter("li"):
                # Beside the link and not in it, or the dots would be a link of their own.
                item.insert(1, _page_reference(item[0], "{}", pages))
        _fill_locators(parent, pages)
        if parent.tag.startswith(f"{{{SVG}}}"):
            _style_to_attributes(parent)
        for link in [child for child in parent if child.tag == "a"]:
            if link.get(GENERATED) == "reference":
                place = _page_reference(link, f", {terms(section.language or metadata.language).page}", pages)
                place.tail, link.tail = link.tail, None
                parent.insert(list(parent).index(link) + 1, place)


def _fill_locators(parent: Element, pages: Mapping[str, str]) -> None:
    """Let the locators in *parent*, of an index, say their pages, each page once."""
    last: Element | None = None
    for link in [child for child in parent if child.get(GENERATED) == "locator"]:
        link.text = pages.get(link.get("href", "")[1:], UNKNOWN_NUMBER)
        if last is not None and last.text == link.text:
            last.tail = link.tail
            parent.remove(link)
        else:
            last = link


def _ensure_table_body(table: Element) -> None:
    """Let the rows of *table* be its body where it has a head alone (ISO 32000-1, 14.8.4.3.4)."""
    head = table.find("thead")
    if head is not None and table.find("tbody") is None and table.find("tr") is None:
        head.tag = "tbody"


def _style_to_attributes(part: Element) -> None:
    """Say by attributes what `style` says in *part* of a drawing: the layout reads it as CSS of the text."""
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
    def words(element: Element) -> str:
        inner = "" if element.get(ROLE) in (CALL, NOTE, URL_NOTE) else element.text or ""
        if element.get(ROLE) not in (CALL, NOTE, URL_NOTE):
            inner += "".join(words(child) + (child.tail or "") for child in element)
        return inner

    return " ".join(words(heading).split())


def _insert_footnotes(article: Element, notes: Mapping[int, Note], *, at_end: bool = False) -> None:
    """Set each note behind the first mark that cites it, and turn the marks into links.

    The notes of a section that is nothing but notes stand at its end, if *at_end*.
    """
    late = [_footnote(note) for note in notes.values()] if at_end else []
    for note in late:
        note.set("class", ENDNOTE)
    pending = [article, *late]
    while pending:
        top = pending.pop(0)
        for parent in list(top.iter()):
            for place in reversed(range(len(parent))):
                mark = parent[place]
                if mark.tag != NOTE_CALL:
                    continue
                number, nth, sign = int(mark.get("note", "0")), mark.get("nth", ""), mark.get("sign", "")
                # The word joiner keeps the mark in the line of its word.
                mark.tag, mark.text = "a", f"\N{WORD JOINER}{sign}"
                mark.attrib.clear()
                mark.attrib |= {
                    "class": CALL, ROLE: CALL, "href": f"#note-{number}", "id": f"call-{number}-{nth}",
                }  # fmt: skip
                if nth != "1" or number not in notes or at_end:
                    continue
                note = _footnote(notes[number])
                pending.append(note)
                note.tail, mark.tail = mark.tail, None
                parent.insert(place + 1, note)
    if late:
        SubElement(article, "section", {"class": "late-notes"}).extend(late)


def _footnote(note: Note) -> Element:
    """Return *note* as it stands at the foot of the page, its number a link back."""
    aside = Element("aside", {"class": NOTE, ROLE: NOTE, "id": f"note-{note.number}"})
    aside.extend(copy.deepcopy(note.body))
    if not len(aside) or aside[0].tag != "p":
        aside.insert(0, Element("p"))
    number = Element(
        "a", {"class": number_class(note.sign), ROLE: NOTE_NUMBER, "href": f"#call-{note.number}-1"}
    )
    # A space that does not stretch in a justified line.
    number.text, number.tail = note.sign, f"\N{EN SPACE}{(aside[0].text or '').lstrip()}"
    aside[0].text = None
    aside[0].insert(0, number)
    _collapse_spaces(aside)
    return aside


def _collapse_spaces(element: Element) -> None:
    """Make one space of each run of white space in *element*: the layout does so in the text alone."""
    if element.tag == "pre":
        return
    element.text = element.text and _SPACES.sub(" ", element.text)
    for child in element:
        _collapse_spaces(child)
        child.tail = child.tail and _SPACES.sub(" ", child.tail)


def _page_reference(link: Element, named: str, pages: Mapping[str, str]) -> Element:
    """Return the place where the sheet prints the page that *link* leads to.

    *named* names a page, with `{}` for its number.
    """
    target = link.get("href", "")
    before, _, after = named.partition("{}")
    return Element("span", {
        "class": "page-reference", GENERATED: "page", "data-target": target, "data-before": before,
        "data-page": pages.get(target[1:], UNKNOWN_NUMBER), "data-after": after,
    })  # fmt: skip
