"""The kinds of elements that are counted, by the names that messages give them."""

from __future__ import annotations

from collections import Counter

Counts = Counter[str]
"""The number of elements of each kind."""

CODE_BLOCKS = "code blocks"
EXTERNAL_LINKS = "external links"
HEADINGS = "headings"
IMAGES = "images"
NOTES = "notes"
TABLES = "tables"
TABLE_ROWS = "table rows"


def heading_kind(level: int) -> str:
    """Return the kind of a heading of *level*, from 1."""
    return f"headings of level {level}"


def list_item_kind(depth: int) -> str:
    """Return the kind of a list item at *depth*: 1 for the items of an outermost list."""
    return f"list items at depth {depth}"


HEADING_KINDS = frozenset(heading_kind(level) for level in range(1, 7))
