"""Citations and the list of works, set into the tree of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from bifolio.manuscript.citations.bibliography import Bibliography
from bifolio.manuscript.citations.rich_text import SUPERSCRIPT, append_rich_text
from bifolio.manuscript.html.tree import locate, parent_map, unwrap, walk
from bifolio.manuscript.markdown.dialect.citations import CITATION, CITE, PREFIX, SUFFIX, UNKNOWN
from bifolio.manuscript.markdown.dialect.notes import LABEL, NOTE
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.localized_strings import terms
from bifolio.model.publication import GENERATED, NOTE_CALL, text_of, words_of

if TYPE_CHECKING:
    from bifolio.manuscript.citations.format import BibliographyEntry, CitationFormatter

_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_NOT_IN_NAME = re.compile(r"[^\w.-]")


def insert_citations(root: Element, source: SourceFile, library: Bibliography) -> list[Finding]:
    """Set every citation of *root* and, at its end or in its div `#refs`, the works that it cites.

    *library* has the works. A citation of what is not in it stays as it was typed, and a finding tells.
    """
    findings: list[Finding] = []
    above = parent_map(root)
    unknown = [(e, line) for e, line in walk(root) if e.tag == CITATION and UNKNOWN in e.attrib]
    for element, line in unknown:
        for key in element.get(UNKNOWN, "").split():
            where = locate(source, line, f"@{key}", f"@{{{key}}}")
            findings.append(found("citation-unknown", where, key=key))
        above |= dict.fromkeys(element, above[element])
        unwrap(above[element], element)
    citations = list(_in_order(root))
    keys = [cite.get("key", "") for citation in citations for cite in citation.iter(CITE)]
    keys += _uncited(library, findings)
    if keys:
        style = _style(library, list(dict.fromkeys(keys)), findings)
        entries = style.entries()
        anchors = _name(entries)
        above = parent_map(root)
        for citation in citations:
            _set(citation, style, anchors)
            if citation[0].tag == "sup" and not citation.text and not citation[0].text:
                _close_up(citation, above[citation])
        _list(root, entries, library, anchors)
        for key, why in style.failed.items():
            findings.append(found("work-unset", library.works[key].where, key=key, why=why))
    return findings


def _in_order(root: Element) -> Iterator[Element]:
    """Give the citations of *root* as a reader meets them: those of a note where it is cited first."""
    notes: dict[str, Element] = {}
    for note in root.iter(NOTE):
        notes.setdefault(note.get(LABEL, "").casefold(), note)
    pending = [root]
    while True:
        while pending:
            element = pending.pop()
            if element.tag == CITATION:
                yield element
            elif element.tag == NOTE_CALL:
                pending.extend(reversed(notes.pop(element.get(LABEL, "").casefold(), Element("none"))))
                continue
            pending.extend(child for child in reversed(element) if child.tag != NOTE)
        if not notes:
            return
        pending.append(notes.pop(next(iter(notes))))  # one that nothing cites


def _uncited(library: Bibliography, findings: list[Finding]) -> list[str]:
    """Return the keys of what is to be listed without being cited."""
    keys: list[str] = []
    for written in library.uncited:
        key = written.removeprefix("@").strip("{}")
        if key == "*":
            keys += library.works
        elif key in library.works:
            keys.append(key)
        else:
            findings.append(found("citation-unknown", library.uncited_where, key=key))
    return keys


def _style(library: Bibliography, keys: Sequence[str], findings: list[Finding]) -> CitationFormatter:
    """Return the author's style, or our own where there is none or it cannot be used."""
    from bifolio.manuscript.citations.format import CitationFormatter
    from bifolio.manuscript.citations.load_style import DEFAULT_STYLE, UnusableStyle

    works = [library.works[key] for key in keys]
    if library.style:
        try:
            return CitationFormatter(library.style, library.language, works)
        except UnusableStyle as error:
            where, named = library.style_where, library.style_name
            findings.append(found("style-unusable", where, file=named, why=error))
    return CitationFormatter(DEFAULT_STYLE.read_text("utf-8"), library.language, works)


def _name(entries: Sequence[BibliographyEntry]) -> dict[str, str]:
    """Return an anchor for each of *entries*, by its key."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for entry in entries:
        name = wanted = f"ref-{_NOT_IN_NAME.sub('-', entry.key)}"
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        names[entry.key] = name
        taken.add(name)
    return names


def _set(citation: Element, style: CitationFormatter, anchors: dict[str, str]) -> None:
    """Make of *citation* what a reader sees of it: a span with a link for each work."""
    from bifolio.manuscript.citations.format import Cite

    written = list(citation)
    cites = [Cite(c.get("key", ""), c.get("label", ""), c.get("locator", "")) for c in written]
    texts = [style.cite(cite) for cite in cites]
    said = written[0].get("author") == "text"
    links = []
    for number in range(len(cites)) if said else style.in_order(cites):
        text = texts[number].rest if written[number].get("author") else texts[number].whole
        if text:
            links.append(_with_words(written[number], _link(text, cites[number].key, anchors)))
    tail = citation.tail
    citation.clear()
    citation.tag, citation.tail = "span", tail
    citation.attrib |= {"class": "citation", GENERATED: "citation"}
    names = texts[0].names or style.people(cites[0].key)
    around = style.around(len(links)) if links else ""
    if said and texts[0].rest:
        append_rich_text(citation, names if around.startswith(SUPERSCRIPT) else f"{names} ")
    elif not links or said:
        citation.append(_link(names, cites[0].key, anchors))
    if links:
        group = SubElement(citation, "span")
        append_rich_text(group, around, links)
        unwrap(citation, group)


def _close_up(citation: Element, parent: Element) -> None:
    """Take away the space before *citation*, which is raised, as a mark of a note is."""
    place = list(parent).index(citation)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "").rstrip() or None
    else:
        parent.text = (parent.text or "").rstrip() or None


def _link(text: str, key: str, anchors: dict[str, str]) -> Element:
    """Return the link to the work *key* that says *text*."""
    link = Element("span")
    if key in anchors:
        link = Element("a", {"href": f"#{anchors[key]}", "role": "doc-biblioref"})
    append_rich_text(link, text)
    for address in [inner for inner in link.iter("a") if inner is not link]:
        address.tag = "span"
        del address.attrib["href"]
    return link


def _with_words(cite: Element, link: Element) -> Element:
    """Return *link* with the words that stand before it and behind it in *cite*."""
    whole = Element("span")
    prefix, suffix = cite.find(PREFIX), cite.find(SUFFIX)
    if prefix is not None:
        words = text_of(prefix)
        prefix.text = (prefix.text or "").lstrip() or None
        prefix.tail = "" if words[-1:].isspace() else " "
        whole.append(prefix)
    whole.append(link)
    if suffix is not None:
        whole.append(suffix)
        last = suffix[-1] if len(suffix) else None
        if last is None:
            suffix.text = (suffix.text or "").rstrip()
        else:
            last.tail = (last.tail or "").rstrip()
    for part in (prefix, suffix):
        if part is not None:
            unwrap(whole, part)
    return whole if len(whole) > 1 or whole.text or link.tail else link


def _list(
    root: Element, entries: Sequence[BibliographyEntry], library: Bibliography, anchors: dict[str, str]
) -> None:
    """Put the list of works into *root*, under its heading."""
    if not entries:
        return
    title = terms(library.language).references
    div = next((element for element in root.iter("div") if element.get("id") == "refs"), None)
    holder = div if div is not None else root
    section = SubElement(
        holder, "section", {"class": "bibliography", "role": "doc-bibliography", GENERATED: "bibliography"}
    )
    named = div is not None or _ends_in_heading(root, section)
    if library.heading is not None or not named:
        SubElement(section, f"h{_level(root, library.title)}").text = library.heading or title
    else:
        section.set("aria-label", title)
    works = SubElement(section, "ul", {"class": "references"})
    for entry in entries:
        item = SubElement(works, "li", {"id": anchors[entry.key], "class": "reference", GENERATED: "work"})
        if entry.number:
            number = SubElement(item, "span", {"class": "reference-number"})
            append_rich_text(number, entry.number)
            number.tail = " "
        text = SubElement(item, "span")
        append_rich_text(text, entry.text, language=library.works[entry.key].texts.get("language", ""))
        unwrap(item, text)


def _ends_in_heading(root: Element, last: Element) -> bool:
    """Say whether the text of *root*, before its *last* element, ends in a heading, notes left out."""
    texts = [element for element in root if element.tag != NOTE and element is not last]
    return bool(texts) and texts[-1].tag in _HEADINGS and not (texts[-1].tail or "").strip()


def _level(root: Element, title: str) -> int:
    """Return the level of the highest headings of *root*; *title* is the title that its front matter gives.

    Where that gives none, or the same, a heading at the very beginning is the title and does not count.
    """
    headings = [element for element in root.iter() if element.tag in _HEADINGS]
    leads = bool(headings) and headings[0] is root[0] and title in ("", " ".join(words_of(headings[0])))
    levels = [int(heading.tag[1]) for heading in headings]
    return min(levels[leads:], default=min(levels[0] + 1, 6) if levels else 2)
