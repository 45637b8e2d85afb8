"""Collects the inline items of a paragraph, before its lines are broken: text and atomic inlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import max_content_width, percentage

ATOMIC_INLINE = "\u2e80"
"""The character that stands for an atomic inline, such as an image; as in WeasyPrint, an ideograph."""
_OTHER_SCRIPTS = re.compile(
    "[\u0000-\u001f\u0085\u0590-\u109f\u1100-\u1dff\u200e\u200f\u2028-\u202e\u2066-\u2069\u2e80-\ua63f"
    "\ua800-\uf8ff\ufb07-\uffff]"
)
"""Scripts that are written or broken in another way, and control characters."""


@dataclass(frozen=True, slots=True)
class InlineItem:
    """The text of a text box, or an atomic inline."""

    box: Any
    text: str
    """`ATOMIC_INLINE` for an atomic inline; empty at the end of the paragraph."""
    edges_before: float
    """The sum of the edges of inline boxes that begin or end before it, in CSS px."""
    width: float = 0.0
    """The width of an atomic inline, in CSS px."""


def collect_inline_items(context: Any, line: Any, width: float) -> list[InlineItem] | None:
    """Return the inline items in the line box *line*, in a column *width* CSS px wide.

    None where they cannot be planned: with floats, leaders and preserved line breaks, and in scripts that are
    not written from left to right with spaces between words.
    """
    items: list[InlineItem] = []
    edges = 0.0
    for part in _walk(context, line, width):
        if part is None:
            return None
        if isinstance(part, float):
            edges += part
            continue
        items.append(InlineItem(part.box, part.text, edges, part.width))
        edges = 0.0
    if not items or items[0].text.startswith(" "):
        return None
    return [*items, InlineItem(None, "", edges)]


def _walk(context: Any, parent: Any, width: float) -> Iterator[InlineItem | float | None]:
    """Yield each inline item in *parent* and the width of each edge between them; None for other content."""
    for child in parent.children:
        if isinstance(child, boxes.TextBox):
            is_plain = child.style["white_space"] in ("normal", "nowrap") and child.style["font_size"]
            is_plain = is_plain and not _OTHER_SCRIPTS.search(child.text)
            yield InlineItem(child, child.text, 0.0) if is_plain else None
        elif child.is_floated() or child.is_leader:
            yield None
        elif not child.is_in_normal_flow():
            continue
        elif isinstance(child, boxes.InlineBox):
            yield _edge(child, "left", width)
            yield from _walk(context, child, width)
            yield _edge(child, "right", width)
        elif isinstance(child, boxes.InlineReplacedBox | boxes.InlineBlockBox):
            yield InlineItem(child, ATOMIC_INLINE, 0.0, float(max_content_width(context, child)))
        else:
            yield None


def _edge(box: Any, side: str, width: float) -> float:
    """Return the margin, border and padding of *box* on one *side*, in CSS px."""
    style = box.style
    margin, padding = (percentage(style[f"{edge}_{side}"], style, width) for edge in ("margin", "padding"))
    return float((0 if margin == "auto" else margin) + padding + style[f"border_{side}_width"])
