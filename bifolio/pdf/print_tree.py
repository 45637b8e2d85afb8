"""The text as it is laid out: one HTML tree, notes where they are cited, addresses for paper readers."""

from __future__ import annotations

import copy
import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from bifolio.pdf.fetcher import address
from bifolio.pdf.formulas import Drawings, set_formulas
from bifolio.publication import (
    FILE,
    GENERATED,
    LINE,
    NOTE_CALL,
    Metadata,
    Note,
    Publication,
    text_of,
)
from bifolio.terms import direction, terms

ADDRESS = "address"
"""The class of the address that is printed behind a link."""
NOTE = "note"
"""The class of a note."""
LATE = "late-note"
"""The class of a note too long for the foot of a page."""
CALL = "note-call"
"""The class of the mark that cites a note."""
NUMBER = "note-number"
"""The class of a note's own number."""
PART = "{bifolio}part"
"""The attribute that says which of these an element is; an author may use the classes too."""


_ADDRESS_BREAKS = re.compile(r"(?<=/)|(?=[.?&=_#])")
"""Where an address may break: behind a slash, before other marks."""
_SPACES = re.compile(r"[ \t\n]+")


def print_tree(publication: Publication, drawings: Drawings, longest_note: int) -> Element:
    """Return the tree of the whole publication, to be laid out, with *drawings* for its formulas.

    A note of more than *longest_note* characters stands at the end of the text.
    """
    metadata = publication.metadata
    root = Element("html", {"lang": metadata.language, "dir": direction(metadata.language)})
    _head(root, metadata)
    body = SubElement(root, "body")
    for section in publication.sections:
        article = SubElement(body, "article", {"class": "text"})
        content = copy.deepcopy(section.body)
        article.text = content.text
        article.extend(content)
    _set_notes(root, publication.notes(), longest_note)
    printed: set[str] = set()
    for parent in list(root.iter()):
        parent.attrib.pop(LINE, None)
        parent.attrib.pop(FILE, None)
        if parent.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            # Running heads and bookmarks read it from here, for a note's number is in the text.
            parent.set("data-title", _title(parent))
        if parent.tag == "table":
            _give_body(parent)
        if parent.tag == "h1":
            parent.set("data-short-title", metadata.short_title or metadata.title)
        if parent.tag == "img":
            parent.set("src", address("picture", parent.get("src", "")))
        for link in [child for child in parent if child.tag == "a"]:
            if link.get(GENERATED) == "reference":
                _print_page(link, parent, terms(metadata.language).page)
            else:
                _print_address(link, parent, printed)
    # Last, for the titles of headings read the TeX.
    set_formulas(root, drawings)
    return root


def _give_body(table: Element) -> None:
    """Let the rows of *table* be its body where it has a head alone (ISO 32000-1, 14.8.4.3.4)."""
    head = table.find("thead")
    if head is not None and table.find("tbody") is None and table.find("tr") is None:
        head.tag = "tbody"


def _head(root: Element, metadata: Metadata) -> None:
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


def _title(heading: Element) -> str:
    def words(element: Element) -> str:
        inner = "" if element.get(PART) in (CALL, NOTE) else element.text or ""
        if element.get(PART) not in (CALL, NOTE):
            inner += "".join(words(child) + (child.tail or "") for child in element)
        return inner

    return " ".join(words(heading).split())


def _set_notes(root: Element, notes: tuple[Note, ...], longest: int) -> None:
    """Set each note behind the first mark that cites it, and turn the marks into links.

    A note of more than *longest* characters would leave the page empty that cites it, or run off it: such
    notes stand at the end of the text.
    """
    pending = [root]
    late: list[Element] = []
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
                    "class": CALL, PART: CALL, "href": f"#note-{number}", "id": f"call-{number}-{nth}",
                }  # fmt: skip
                if nth != "1":
                    continue
                note = _note(notes[number - 1])
                pending.append(note)
                if len(text_of(note)) > longest:
                    note.set("class", LATE)
                    late.append(note)
                else:
                    note.tail, mark.tail = mark.tail, None
                    parent.insert(place + 1, note)
    if late:
        end = SubElement(root[-1], "section", {"class": "late-notes"})
        end.extend(sorted(late, key=lambda note: int(note.get("id", "-0").rpartition("-")[2])))


def _note(note: Note) -> Element:
    """Return *note* as it stands at the foot of the page, its number a link back."""
    aside = Element("aside", {"class": NOTE, PART: NOTE, "id": f"note-{note.number}"})
    aside.extend(copy.deepcopy(note.body))
    if not len(aside) or aside[0].tag != "p":
        aside.insert(0, Element("p"))
    number = Element("a", {"class": NUMBER, PART: NUMBER, "href": f"#call-{note.number}-1"})
    # A space that does not stretch in a justified line.
    number.text, number.tail = note.sign, f"\N{EN SPACE}{(aside[0].text or '').lstrip()}"
    aside[0].text = None
    aside[0].insert(0, number)
    _fold_spaces(aside)
    return aside


def _fold_spaces(element: Element) -> None:
    """Make one space of each run of white space in *element*: the layout does so in the text alone."""
    if element.tag == "pre":
        return
    element.text = element.text and _SPACES.sub(" ", element.text)
    for child in element:
        _fold_spaces(child)
        child.tail = child.tail and _SPACES.sub(" ", child.tail)


def _print_page(link: Element, parent: Element, page: str) -> None:
    """Let the sheet print behind *link* the page that it leads to.

    *page* names a page, with `{}` for its number.
    """
    before, _, after = page.partition("{}")
    place = Element("span", {"class": "page-reference", GENERATED: "page"})
    place.set("data-target", link.get("href", ""))
    place.attrib |= {"data-before": f", {before}", "data-after": after}
    place.tail, link.tail = link.tail, None
    parent.insert(list(parent).index(link) + 1, place)


def _print_address(link: Element, parent: Element, printed: set[str]) -> None:
    """Print where *link* leads behind it, once for each address, unless its own text says it."""
    href = link.get("href", "")
    scheme, _, rest = href.partition(":")
    if scheme not in ("http", "https", "mailto", "ftp"):
        return
    written = unquote(rest).removeprefix("//").rstrip("/")
    text = text_of(link).strip().removeprefix(f"{scheme}:").removeprefix("//").rstrip("/")
    if text in (written, written.removeprefix("www.")) or written in printed:
        printed.add(written)
        return
    printed.add(written)
    span = Element("span", {"class": ADDRESS, PART: ADDRESS})
    parts: list[str] = _ADDRESS_BREAKS.split(f"({written})")
    span.text = f" {parts[0]}"
    for part in parts[1:]:
        SubElement(span, "wbr").tail = part
    span.tail, link.tail = link.tail, None
    parent.insert(list(parent).index(link) + 1, span)
