"""Inserts formatted citations and the bibliography into the element tree of a text."""

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


def insert_citations(root: Element, source: SourceFile, bibliography: Bibliography) -> list[Finding]:
    """Format every citation in *root*, and append the list of cited works to its div `#refs` or to *root*.

    A citation with a key that is not in *bibliography* stays as it was typed. Returns the findings.
    """
    findings = _unwrap_unknown(root, source)
    citations = list(_in_reading_order(root))
    keys = [cite.get("key", "") for citation in citations for cite in citation.iter(CITE)]
    keys += _nocite_keys(bibliography, findings)
    if keys:
        formatter = _formatter(bibliography, list(dict.fromkeys(keys)), findings)
        entries = formatter.entries()
        anchors = _anchors(entries)
        parent_of = parent_map(root)
        for citation in citations:
            _format_citation(citation, formatter, anchors)
            if citation[0].tag == "sup" and not citation.text and not citation[0].text:
                _strip_space_before(citation, parent_of[citation])
        _append_bibliography(root, entries, bibliography, anchors)
        for key, why in formatter.failed.items():
            findings.append(found("work-unset", bibliography.works[key].where, key=key, why=why))
    return findings


def _unwrap_unknown(root: Element, source: SourceFile) -> list[Finding]:
    """Turn citations with an unknown key back into text; return a finding for each key."""
    findings: list[Finding] = []
    parent_of = parent_map(root)
    unknown = [(e, line) for e, line in walk(root) if e.tag == CITATION and UNKNOWN in e.attrib]
    for element, line in unknown:
        for key in element.get(UNKNOWN, "").split():
            where = locate(source, line, f"@{key}", f"@{{{key}}}")
            findings.append(found("citation-unknown", where, key=key))
        parent_of |= dict.fromkeys(element, parent_of[element])
        unwrap(parent_of[element], element)
    return findings


def _in_reading_order(root: Element) -> Iterator[Element]:
    """Yield the citations in *root* in reading order: those of a note at its first call."""
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
        pending.append(notes.pop(next(iter(notes))))  # a note without a call


def _nocite_keys(bibliography: Bibliography, findings: list[Finding]) -> list[str]:
    """Return the keys of the works to list without a citation."""
    keys: list[str] = []
    for entry in bibliography.nocite:
        key = entry.removeprefix("@").strip("{}")
        if key == "*":
            keys += bibliography.works
        elif key in bibliography.works:
            keys.append(key)
        else:
            findings.append(found("citation-unknown", bibliography.nocite_where, key=key))
    return keys


def _formatter(bibliography: Bibliography, keys: Sequence[str], findings: list[Finding]) -> CitationFormatter:
    """Return a formatter with the style of *bibliography*, or with the default style if that is unusable."""
    from bifolio.manuscript.citations.format import CitationFormatter
    from bifolio.manuscript.citations.load_style import DEFAULT_STYLE, UnusableStyle

    works = [bibliography.works[key] for key in keys]
    if bibliography.style:
        try:
            return CitationFormatter(bibliography.style, bibliography.language, works)
        except UnusableStyle as error:
            where, name = bibliography.style_where, bibliography.style_name
            findings.append(found("style-unusable", where, file=name, why=error))
    return CitationFormatter(DEFAULT_STYLE.read_text("utf-8"), bibliography.language, works)


def _anchors(entries: Sequence[BibliographyEntry]) -> dict[str, str]:
    """Return a unique anchor for each of *entries*, by key."""
    anchors: dict[str, str] = {}
    taken: set[str] = set()
    for entry in entries:
        anchor = base = f"ref-{_NOT_IN_NAME.sub('-', entry.key)}"
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        anchors[entry.key] = anchor
        taken.add(anchor)
    return anchors


def _format_citation(citation: Element, formatter: CitationFormatter, anchors: dict[str, str]) -> None:
    """Turn *citation* into a span with a link for each work."""
    from bifolio.manuscript.citations.format import Cite

    elements = list(citation)
    cites = [Cite(c.get("key", ""), c.get("label", ""), c.get("locator", "")) for c in elements]
    texts = [formatter.cite(cite) for cite in cites]
    is_textual = elements[0].get("author") == "text"
    links = []
    for index in range(len(cites)) if is_textual else formatter.sort(cites):
        text = texts[index].rest if elements[index].get("author") else texts[index].whole
        if text:
            links.append(_add_affixes(elements[index], _link(text, cites[index].key, anchors)))
    tail = citation.tail
    citation.clear()
    citation.tag, citation.tail = "span", tail
    citation.attrib |= {"class": "citation", GENERATED: "citation"}
    names = texts[0].names or formatter.names(cites[0].key)
    template = formatter.template(len(links)) if links else ""
    if is_textual and texts[0].rest:
        append_rich_text(citation, names if template.startswith(SUPERSCRIPT) else f"{names} ")
    elif not links or is_textual:
        citation.append(_link(names, cites[0].key, anchors))
    if links:
        group = SubElement(citation, "span")
        append_rich_text(group, template, links)
        unwrap(citation, group)


def _strip_space_before(citation: Element, parent: Element) -> None:
    """Remove the space before *citation*, a superscript, as before a note call."""
    index = list(parent).index(citation)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "").rstrip() or None
    else:
        parent.text = (parent.text or "").rstrip() or None


def _link(text: str, key: str, anchors: dict[str, str]) -> Element:
    """Return a link with *text* to the entry of the work *key*; a span if it has none."""
    link = Element("span")
    if key in anchors:
        link = Element("a", {"href": f"#{anchors[key]}", "role": "doc-biblioref"})
    append_rich_text(link, text)
    for nested in [inner for inner in link.iter("a") if inner is not link]:
        nested.tag = "span"
        del nested.attrib["href"]
    return link


def _add_affixes(cite: Element, link: Element) -> Element:
    """Return *link* with the prefix and suffix of *cite*."""
    holder = Element("span")
    prefix, suffix = cite.find(PREFIX), cite.find(SUFFIX)
    if prefix is not None:
        words = text_of(prefix)
        prefix.text = (prefix.text or "").lstrip() or None
        prefix.tail = "" if words[-1:].isspace() else " "
        holder.append(prefix)
    holder.append(link)
    if suffix is not None:
        holder.append(suffix)
        last = suffix[-1] if len(suffix) else None
        if last is None:
            suffix.text = (suffix.text or "").rstrip()
        else:
            last.tail = (last.tail or "").rstrip()
    for part in (prefix, suffix):
        if part is not None:
            unwrap(holder, part)
    return holder if len(holder) > 1 or holder.text or link.tail else link


def _append_bibliography(
    root: Element, entries: Sequence[BibliographyEntry], bibliography: Bibliography, anchors: dict[str, str]
) -> None:
    """Append the bibliography, with its heading, to *root* or its div `#refs`."""
    if not entries:
        return
    title = terms(bibliography.language).references
    div = next((element for element in root.iter("div") if element.get("id") == "refs"), None)
    holder = div if div is not None else root
    section = SubElement(
        holder, "section", {"class": "bibliography", "role": "doc-bibliography", GENERATED: "bibliography"}
    )
    has_heading = div is not None or _ends_in_heading(root, section)
    if bibliography.heading is not None or not has_heading:
        SubElement(section, f"h{_heading_level(root, bibliography.title)}").text = (
            bibliography.heading or title
        )
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
        append_rich_text(text, entry.text, language=bibliography.works[entry.key].texts.get("language", ""))
        unwrap(item, text)


def _ends_in_heading(root: Element, last: Element) -> bool:
    """Return whether the text of *root*, without notes and its *last* element, ends in a heading."""
    texts = [element for element in root if element.tag != NOTE and element is not last]
    return bool(texts) and texts[-1].tag in _HEADINGS and not (texts[-1].tail or "").strip()


def _heading_level(root: Element, title: str) -> int:
    """Return the level of the highest headings in *root*; *title* is the title in its front matter.

    A heading at the start of *root* is its title, and is ignored, if *title* is empty or the same.
    """
    headings = [element for element in root.iter() if element.tag in _HEADINGS]
    has_title = bool(headings) and headings[0] is root[0] and title in ("", " ".join(words_of(headings[0])))
    levels = [int(heading.tag[1]) for heading in headings]
    return min(levels[has_title:], default=min(levels[0] + 1, 6) if levels else 2)
