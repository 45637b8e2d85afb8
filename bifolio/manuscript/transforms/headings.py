"""Headings: the title of a file, empty headings, and levels without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.sanitise import SVG
from bifolio.manuscript.html.tree import locate, parent_map, replace_element, walk
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.publication import MATH, NOTE_CALL, Heading, text_of, words_of

LEVELS = {f"h{level}": level for level in range(1, 7)}
"""The level of each heading element."""
_NOT_TEXT = frozenset({"img", NOTE_CALL, MATH, f"{SVG}svg"})
"""Elements that make a heading visible although it has no words."""


def heading_text(heading: Element) -> str:
    """Return the words of *heading*, separated by single spaces."""
    return " ".join(words_of(heading))


def drop_empty_headings(root: Element, source: SourceFile) -> list[Finding]:
    """Remove headings without content from *root*; one that holds a link target becomes a `div`."""
    findings = []
    empty = {e for e in root.iter() if e.tag in LEVELS and not text_of(e).strip()}
    above = parent_map(root) if empty else {}
    for element, line in list(walk(root)) if empty else ():
        if element not in empty or any(inner.tag in _NOT_TEXT for inner in element.iter()):
            continue
        findings.append(found("heading-empty", locate(source, line)))
        if any("id" in inner.attrib for inner in element.iter()):
            element.tag = "div"
        else:
            replace_element(above[element], element, [])
    return findings


def extract_title(root: Element, listed_title: str = "") -> Element | None:
    """Remove the title heading from *root* and return it; None if *root* does not begin with a title.

    The title is the first element if it is a heading, and no other heading has the same or a higher rank.
    If its words are *listed_title*, the title in the table of contents, others may have the same rank.
    """
    levels = [LEVELS[element.tag] for element in root.iter() if element.tag in LEVELS]
    first = next((element for element in root if not _is_anchor(element)), None)
    if first is None or first.tag not in LEVELS or (root.text or "").strip():
        return None
    highest = min(levels[1:], default=7)
    is_listed = highest == levels[0] and _letters(listed_title) == _letters(heading_text(first))
    if first.tag != "h1" and highest <= levels[0] and not is_listed:
        return None
    replace_element(root, first, [])
    return first


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _is_anchor(element: Element) -> bool:
    """Return whether *element* is a link target without text."""
    return not "".join(element.itertext()).strip() and element.find(".//a[@id]") is not None


def shift_headings(root: Element, title: Element | None) -> None:
    """Shift the headings in *root* so that the title is the only one of level 1.

    *title* is the heading that `extract_title` returned. Other headings of its level become level 2.
    """
    up = LEVELS[title.tag] - 1 if title is not None else 0
    down = int(root.find(".//h1") is not None) - up
    highest = 2 if up else 1
    for element in root.iter():
        if element.tag in LEVELS:
            element.tag = f"h{max(highest, min(LEVELS[element.tag] + down, 6))}"


def outline(root: Element, source: SourceFile, findings: list[Finding]) -> Iterator[Heading]:
    """Yield the headings of *root* below level 1, closing gaps between levels.

    PDF/UA-1 (ISO 14289-1, 7.4.2) allows no skipped level. Each gap adds a finding to *findings*. Headings
    written at the same level below the same heading keep a common level.
    """
    above = [(1, 1)]  # the enclosing headings, each with its level as written and as it is now
    for element, line in walk(root):
        written = LEVELS.get(element.tag)
        if written is None or written == 1:
            continue
        while above[-1][0] >= written:
            above.pop()
        last, level = above[-1][0], above[-1][1] + 1
        if written > last + 1:
            fields = {"level": written, "last": last, "set": level}
            findings.append(found("heading-skipped", locate(source, line), **fields))
        element.tag = f"h{level}"
        above.append((written, level))
        yield Heading(level, element.get("id", ""), heading_text(element))
