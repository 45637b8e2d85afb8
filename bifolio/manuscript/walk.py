"""Walking a tree with the source line of each element."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bifolio.findings import Where
from bifolio.manuscript.files import SourceFile
from bifolio.publication import LINE


def walk(root: Element, line: int = 0) -> Iterator[tuple[Element, int]]:
    """Give every element of *root* in order, with its line or that of the block it stands in."""
    stack = [(root, line)]
    while stack:
        element, line = stack.pop()
        line = int(element.get(LINE, line))
        yield element, line
        stack.extend((child, line) for child in reversed(element))


def parents(root: Element) -> dict[Element, Element]:
    """Map every element in *root* to its parent."""
    return {child: parent for parent in root.iter() for child in parent}


def locate(source: SourceFile, line: int, *needles: str) -> Where:
    """Return the first place at or after *line* where one of *needles* is written.

    The inline parts of a block know the line of their block alone; the text tells the rest.
    """
    lines = source.body.split("\n")
    start = max(line - source.first_line, 0)
    for number in range(start, len(lines)):
        if any(needle and needle in lines[number] for needle in needles):
            return source.where(number + source.first_line)
    return source.where(line)


def replace(parent: Element, old: Element, new: list[Element], text: str = "") -> None:
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
    replace(parent, old, children, old.text or "")
