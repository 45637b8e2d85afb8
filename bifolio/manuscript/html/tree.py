"""Walking a tree with the source line of each element."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Where
from bifolio.model.publication import LINE

_SEARCH_WINDOW = 100_000
"""How many characters after the beginning of a block its parts are looked for."""


def walk(root: Element, line: int = 0) -> Iterator[tuple[Element, int]]:
    """Give every element of *root* in order, with its line or that of the block it stands in."""
    stack = [(root, line)]
    while stack:
        element, line = stack.pop()
        written = element.get(LINE)
        line = line if written is None else int(written)
        yield element, line
        if len(element):
            stack.extend([(child, line) for child in reversed(element)])


def find_all(root: Element, tag: str) -> list[tuple[Element, int]]:
    """Return every element of *root* that is called *tag*, in order, with its line as `walk` gives it."""
    hits = list(root.iter(tag))
    if all(LINE in element.attrib for element in hits):
        return [(element, int(element.attrib[LINE])) for element in hits]
    return [(element, line) for element, line in walk(root) if element.tag == tag]


def parent_map(root: Element) -> dict[Element, Element]:
    """Map every element in *root* to its parent."""
    return {child: parent for parent in root.iter() for child in parent}


def locate(source: SourceFile, line: int, *needles: str) -> Where:
    """Return the first place at or after *line* where one of *needles* is written.

    The inline parts of a block know the line of their block alone; the text tells the rest.
    """
    if not needles:
        return source.where(line)
    starts = _line_starts(source.body)
    first = starts[min(max(line - source.first_line, 0), len(starts) - 1)]
    places = [source.body.find(needle, first, first + _SEARCH_WINDOW) for needle in needles if needle]
    place = min((place for place in places if place >= 0), default=-1)
    if place < 0:
        return source.where(line)
    return source.where(bisect_right(starts, place) - 1 + source.first_line)


@lru_cache(maxsize=1)
def _line_starts(text: str) -> list[int]:
    """Return where each line of *text* begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def remove_children(parent: Element, gone: Container[Element]) -> None:
    """Take the children of *parent* that are in *gone* out of it; their tails stay."""
    kept: list[Element] = []
    for child in parent:
        if child not in gone:
            kept.append(child)
        elif child.tail:
            if kept:
                kept[-1].tail = (kept[-1].tail or "") + child.tail
            else:
                parent.text = (parent.text or "") + child.tail
            child.tail = None
    parent[:] = kept


def replace_element(parent: Element, old: Element, new: list[Element], text: str = "") -> None:
    """Put *text* and then *new* in the place of *old*, whose tail stays."""
    place = list(parent).index(old)
    tail = old.tail or ""
    old.tail = None
    parent.remove(old)
    if new:
        new[-1].tail = (new[-1].tail or "") + tail
    else:
        text += tail
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    for offset, element in enumerate(new):
        parent.insert(place + offset, element)


def unwrap(parent: Element, old: Element) -> None:
    """Put the content of *old* in its place."""
    children = list(old)
    for child in children:
        old.remove(child)
    replace_element(parent, old, children, old.text or "")
