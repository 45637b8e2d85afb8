"""Counting what stands in a tree of HTML, as an edition or the rendering of a source has it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

Counts = Counter[str]
"""How many there are of each kind of thing."""

EXTERNAL = re.compile(r"(?:https?|mailto|tel|ftp|doi|urn|xmpp):", re.IGNORECASE)
"""What a link that leads out of a text begins with."""
NOTES = "notes"
LINKS = "links to elsewhere"

_ITEMS = frozenset({"li", "dt", "dd"})
_BEGUN = {"dt": ("dt",), "dd": ("dt", "dd")}
"""What an item is one with where it stands behind it: terms and their meanings are one."""
_PLAIN = {"table": "tables", "tr": "rows of tables"}


def count_tree(root: Any, notes: Callable[[Any], bool], silent: Callable[[Any], bool]) -> Counts:
    """Count in the tree *root*: headings by level, items by depth, and what stands by itself.

    *notes* tells whether an element is a note, *silent* whether it is no part of the text. What shows
    nothing, such as a row of empty cells, does not count.
    """
    counts: Counts = Counter()
    stack: list[tuple[Any, int, str]] = [(root, 0, "")]
    while stack:
        element, depth, last = stack.pop()
        if not isinstance(element.tag, str) or silent(element):
            continue
        tag = element.tag.rpartition("}")[2]
        if notes(element):
            counts[NOTES] += 1
            depth = 0
        elif tag in _ITEMS:
            depth += 1
            counts[item_kind(depth)] += last not in _BEGUN.get(tag, ())
        kind = _kind(element, tag)
        if kind:
            counts[kind] += 1
        tags = ["", *(str(child.tag).rpartition("}")[2] for child in element)]
        stack.extend((child, depth, last) for child, last in zip(element, tags, strict=False))
    return counts


def heading_kind(level: int) -> str:
    """Return what headings of *level* are called."""
    return f"headings of level {level}"


def item_kind(depth: int) -> str:
    """Return what items of lists are called that stand in *depth* - 1 others."""
    return f"list items {depth} deep"


def _kind(element: Any, tag: str) -> str | None:
    if tag == "img":
        return "pictures" if element.get("alt", "").strip() else None
    if tag == "svg":
        return "pictures" if any(str(e.tag).endswith("}title") for e in element) else None
    if not _shows(element):
        return None
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return heading_kind(int(tag[1]))
    if tag == "a" and EXTERNAL.match(element.get("href", "").strip()):
        return LINKS
    if tag == "pre" and any(str(e.tag).rpartition("}")[2] == "code" for e in element):
        return "code blocks"
    return _PLAIN.get(tag)


def _shows(element: Any) -> bool:
    return bool("".join(element.itertext()).strip()) or any(
        str(e.tag).rpartition("}")[2] == "img" for e in element.iter()
    )
