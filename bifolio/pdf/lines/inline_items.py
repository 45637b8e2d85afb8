"""What stands in the lines of a paragraph, before they are broken: texts, and boxes that are no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import max_content_width, percentage

ATOMIC_INLINE = "\u2e80"
"""What the layout takes a picture in the line for: an ideograph."""
_OTHER_SCRIPTS = re.compile(
    "[\u0000-\u001f\u0085\u0590-\u109f\u1100-\u1dff\u200e\u200f\u2028-\u202e\u2066-\u2069\u2e80-\ua63f"
    "\ua800-\uf8ff\ufb07-\uffff]"
)
"""Scripts that are written or broken in another way, and characters of control."""


@dataclass(frozen=True, slots=True)
class InlineItem:
    """The text of a box in the line, or a box that is no text."""

    box: Any
    text: str
    """Of a box that is no text, the character that stands for it; nothing at the end of the paragraph."""
    before: float
    """The edges of the boxes that begin or end before it, in px."""
    width: float = 0.0
    """Of a box that is no text."""


def collect_inline_items(context: Any, line: Any, width: float) -> list[InlineItem] | None:
    """Return what stands in the box *line*, in a column of *width* px; None where that cannot be told.

    It cannot where something floats, where lines are broken by hand, and in scripts that are not written from
    left to right with spaces between words.
    """
    pieces: list[InlineItem] = []
    edge = 0.0
    for part in _walk(context, line, width):
        if part is None:
            return None
        if isinstance(part, float):
            edge += part
            continue
        pieces.append(InlineItem(part.box, part.text, edge, part.width))
        edge = 0.0
    if not pieces or pieces[0].text.startswith(" "):
        return None
    return [*pieces, InlineItem(None, "", edge)]


def _walk(context: Any, parent: Any, width: float) -> Iterator[InlineItem | float | None]:
    """Give each piece in *parent*, and each edge between them; None where they cannot be told."""
    for child in parent.children:
        if isinstance(child, boxes.TextBox):
            plain = child.style["white_space"] in ("normal", "nowrap") and child.style["font_size"]
            yield (
                InlineItem(child, child.text, 0.0)
                if plain and not _OTHER_SCRIPTS.search(child.text)
                else None
            )
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
    """Return the margin, border and padding of *box* on one *side*."""
    style = box.style
    margin, padding = (percentage(style[f"{edge}_{side}"], style, width) for edge in ("margin", "padding"))
    return float((0 if margin == "auto" else margin) + padding + style[f"border_{side}_width"])
