"""Marks lines of code that continue the line above, where a page is narrower than the code.

The marks are drawn in the margin of the code as artifacts, so that they are neither copied nor read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.drawing import get_color

_GENERATED = "::"
"""What the tag of a box with generated content contains."""


@dataclass(frozen=True, slots=True)
class ContinuationMark:
    """The mark at a line of code that continues the one above; lengths are in CSS px."""

    x: float
    """Where the line begins."""
    baseline: float
    font_size: float
    colour: Any


def find_continuation_marks(pages: Sequence[Any], root: Element) -> list[list[ContinuationMark]]:
    """Return for each page the marks at lines in code blocks of *root* that begin within a line of code."""
    blocks = {part: block for block in root.iter("pre") for part in block.iter()}
    starts = {block: _line_starts(block) for block in set(blocks.values())}
    passed = dict.fromkeys(starts, 0)
    found: list[list[ContinuationMark]] = []
    for page in pages:
        found.append([])
        for line in boxes.descendants_in_order(boxes.page_box_of(page)):
            block = blocks.get(line.element) if isinstance(line, boxes.LineBox) else None
            if block is None or _GENERATED in (line.element_tag or ""):
                continue
            font_size = line.style["font_size"]
            if passed[block] not in starts[block]:
                baseline = line.position_y + (line.baseline or line.height * 0.8)
                colour = get_color(line.style, "color")
                found[-1].append(ContinuationMark(line.position_x, baseline, font_size, colour))
            passed[block] += _count_characters("".join(_texts(line)))
    return found


def _count_characters(text: str) -> int:
    """Return the number of characters in *text* that line breaking does not remove."""
    return sum(not character.isspace() for character in text)


def _line_starts(block: Element) -> set[int]:
    """Return the number of characters before each line of *block*."""
    lines = "".join(block.itertext()).split("\n")
    return {0, *accumulate(map(_count_characters, lines))}


def _texts(line: Any) -> list[str]:
    return [
        box.text
        for box in line.descendants()
        if isinstance(box, boxes.TextBox) and _GENERATED not in (box.element_tag or "")
    ]


def draw_continuation_marks(stream: Any, marks: Sequence[ContinuationMark]) -> None:
    """Draw each of *marks* as a small arrow before its line: down from the line above, then right."""
    for mark in marks:
        em = mark.font_size
        left, right = mark.x - 0.5 * em, mark.x - 0.13 * em
        middle, tip = mark.baseline - 0.3 * em, 0.13 * em
        with stream.artifact(), stream.stacked():
            stream.set_color(mark.colour, stroke=True)
            stream.set_line_width(em * 0.06)
            stream.move_to(left, middle - 0.4 * em)
            stream.line_to(left, middle)
            stream.line_to(right, middle)
            stream.move_to(right - tip, middle - tip)
            stream.line_to(right, middle)
            stream.line_to(right - tip, middle + tip)
            stream.stroke()
