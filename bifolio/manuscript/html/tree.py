"""Walks and edits element trees, and finds the source line of an element."""

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
"""The number of characters after the start of a block in which its inline parts are searched."""


def walk(root: Element, line: int = 0) -> Iterator[tuple[Element, int]]:
    """Yield every element of *root* in document order, with the line of the nearest block that has one."""
    stack = [(root, line)]
    while stack:
        element, line = stack.pop()
        written = element.get(LINE)
        line = line if written is None else int(written)
        yield element, line
        if len(element):
            stack.extend([(child, line) for child in reversed(element)])


def find_all(root: Element, tag: str) -> list[tuple[Element, int]]:
    """Return every element of *root* with the tag *tag*, in document order, with its line as in `walk`."""
    hits = list(root.iter(tag))
    if all(LINE in element.attrib for element in hits):
        return [(element, int(element.attrib[LINE])) for element in hits]
    return [(element, line) for element, line in walk(root) if element.tag == tag]


def parent_map(root: Element) -> dict[Element, Element]:
    """Return the parent of every element in *root*."""
    return {child: parent for parent in root.iter() for child in parent}


def locate(source: SourceFile, line: int, *needles: str) -> Where:
    """Return the first position at or after *line* at which one of *needles* is written in *source*.

    Inline elements have only the line of their block, so their own line is found by searching the text.
    """
    if not needles:
        return source.where(line)
    starts = _line_starts(source.body)
    first = starts[min(max(line - source.first_line, 0), len(starts) - 1)]
    hits = [source.body.find(needle, first, first + _SEARCH_WINDOW) for needle in needles if needle]
    offset = min((hit for hit in hits if hit >= 0), default=-1)
    if offset < 0:
        return source.where(line)
    return source.where(bisect_right(starts, offset) - 1 + source.first_line)


@lru_cache(maxsize=1)
def _line_starts(text: str) -> list[int]:
    """Return the offset of the first character of each line of *text*."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def remove_children(parent: Element, removed: Container[Element]) -> None:
    """Remove the children of *parent* that are in *removed*; their tails stay."""
    kept: list[Element] = []
    for child in parent:
        if child not in removed:
            kept.append(child)
        elif child.tail:
            if kept:
                kept[-1].tail = (kept[-1].tail or "") + child.tail
            else:
                parent.text = (parent.text or "") + child.tail
            child.tail = None
    parent[:] = kept


def replace_element(parent: Element, old: Element, new: list[Element], text: str = "") -> None:
    """Replace *old*, a child of *parent*, by *text* followed by *new*; the tail of *old* stays."""
    index = list(parent).index(old)
    tail = old.tail or ""
    old.tail = None
    parent.remove(old)
    if new:
        new[-1].tail = (new[-1].tail or "") + tail
    else:
        text += tail
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    for offset, element in enumerate(new):
        parent.insert(index + offset, element)


def unwrap(parent: Element, old: Element) -> None:
    """Replace *old*, a child of *parent*, by its own content."""
    children = list(old)
    for child in children:
        old.remove(child)
    replace_element(parent, old, children, old.text or "")
