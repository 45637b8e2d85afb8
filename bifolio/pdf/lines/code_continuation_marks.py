"""Marks at lines of code that go on from the line above, as a page is narrower than the code.

They are drawn in the margin of the code and are no text, so that nobody copies them or hears them read.
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


@dataclass(frozen=True, slots=True)
class ContinuationMark:
    """A line that goes on from the one above; lengths are in CSS px."""

    x: float
    """Where the line begins."""
    baseline: float
    size: float
    """That of its letters."""
    colour: Any


def find_continuation_marks(pages: Sequence[Any], root: Element) -> list[list[ContinuationMark]]:
    """Return by page the lines in code blocks of *root* that begin where no line of the code does."""
    code = {part: block for block in root.iter("pre") for part in block.iter()}
    starts = {block: _line_starts(block) for block in set(code.values())}
    passed = dict.fromkeys(starts, 0)
    found: list[list[ContinuationMark]] = []
    for page in pages:
        found.append([])
        for line in boxes.descendants_in_order(boxes.page_box_of(page)):
            block = code.get(line.element) if isinstance(line, boxes.LineBox) else None
            if block is None or _GENERATED in (line.element_tag or ""):
                continue
            size = line.style["font_size"]
            if passed[block] not in starts[block]:
                baseline = line.position_y + (line.baseline or line.height * 0.8)
                found[-1].append(
                    ContinuationMark(line.position_x, baseline, size, get_color(line.style, "color"))
                )
            passed[block] += _letters("".join(_words(line)))
    return found


def _letters(text: str) -> int:
    """Count what the layout keeps of *text* wherever it breaks it."""
    return sum(not character.isspace() for character in text)


def _line_starts(block: Element) -> set[int]:
    """Return how many letters stand before each line of *block*."""
    lines = "".join(block.itertext()).split("\n")
    return {0, *accumulate(map(_letters, lines))}


def _words(line: Any) -> list[str]:
    return [
        box.text
        for box in line.descendants()
        if isinstance(box, boxes.TextBox) and _GENERATED not in (box.element_tag or "")
    ]


def draw_continuation_marks(stream: Any, turnovers: Sequence[ContinuationMark]) -> None:
    """Draw a small arrow before each of *turnovers*: down from the line above, then on."""
    for turnover in turnovers:
        em = turnover.size
        left, right = turnover.x - 0.5 * em, turnover.x - 0.13 * em
        middle, tip = turnover.baseline - 0.3 * em, 0.13 * em
        with stream.artifact(), stream.stacked():
            stream.set_color(turnover.colour, stroke=True)
            stream.set_line_width(em * 0.06)
            stream.move_to(left, middle - 0.4 * em)
            stream.line_to(left, middle)
            stream.line_to(right, middle)
            stream.move_to(right - tip, middle - tip)
            stream.line_to(right, middle)
            stream.line_to(right - tip, middle + tip)
            stream.stroke()
