"""Counts elements in an HTML tree: a document of an EPUB, or the rendering of a source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from bifolio.checks.counts.kinds import (
    CODE_BLOCKS,
    EXTERNAL_LINKS,
    IMAGES,
    NOTES,
    TABLE_ROWS,
    TABLES,
    Counts,
    heading_kind,
    list_item_kind,
)

_EXTERNAL_URL = re.compile(r"(?:https?|mailto|tel|ftp|doi|urn|xmpp):", re.IGNORECASE)
_ITEMS = frozenset({"li", "dt", "dd"})
_CONTINUED = {"dt": ("dt",), "dd": ("dt", "dd")}
"""The elements that an item continues: terms and their descriptions are counted as one item."""


def count_tree(root: Any, is_note: Callable[[Any], bool], is_silent: Callable[[Any], bool]) -> Counts:
    """Count the elements in the tree *root*, an element of lxml or ElementTree.

    Silent elements are not part of the text and are not counted. Neither are elements without visible
    content, such as a row of empty cells.
    """
    counts: Counts = Counter()
    stack: list[tuple[Any, int, str]] = [(root, 0, "")]
    while stack:
        element, depth, previous_tag = stack.pop()
        if not isinstance(element.tag, str) or is_silent(element):
            continue
        tag = _local_name(element)
        if is_note(element):
            counts[NOTES] += 1
            depth = 0
        elif tag in _ITEMS:
            depth += 1
            counts[list_item_kind(depth)] += previous_tag not in _CONTINUED.get(tag, ())
        kind = _kind(element, tag)
        if kind:
            counts[kind] += 1
        tags = ["", *map(_local_name, element)]
        stack.extend((child, depth, tag) for child, tag in zip(element, tags, strict=False))
    return counts


def _kind(element: Any, tag: str) -> str | None:
    if tag == "img":
        return IMAGES if element.get("alt", "").strip() else None
    if tag == "svg":
        return IMAGES if any(str(child.tag).endswith("}title") for child in element) else None
    if not _is_visible(element):
        return None
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return heading_kind(int(tag[1]))
    if tag == "a" and _EXTERNAL_URL.match(element.get("href", "").strip()):
        return EXTERNAL_LINKS
    if tag == "pre" and any(_local_name(child) == "code" for child in element):
        return CODE_BLOCKS
    return {"table": TABLES, "tr": TABLE_ROWS}.get(tag)


def _is_visible(element: Any) -> bool:
    """Say whether *element* has text or an image."""
    return bool("".join(element.itertext()).strip()) or any(
        _local_name(descendant) == "img" for descendant in element.iter()
    )


def _local_name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
