"""The size of the page, and the margins and type that go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bifolio.errors import UsageError

_NAMED = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "letter": (215.9, 279.4),
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)", re.IGNORECASE)
_UNITS = {"mm": 1.0, "in": 25.4}
_SMALLEST, _LARGEST = 60.0, 1000.0
_MM_PER_PT = 25.4 / 72
_MEASURE = 34.0
"""The longest line, in em: about seventy characters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A trimmed page, in mm."""

    width: float
    height: float

    @property
    def type_size(self) -> float:
        """The size of the text, in pt: smaller on a smaller page."""
        return 11.0 if self.width >= 170 else 10.0 if self.width >= 120 else 9.0


def longest_note(paper: Paper) -> int:
    """Return how many characters a note may have at the foot of *paper*: about two fifths of a page."""
    em = paper.type_size * 0.8 * _MM_PER_PT
    columns, lines = paper.width * 7 / 9 / (em * 0.46), paper.height * 0.785 / (em * 1.36)
    return round(min(columns, _MEASURE / 0.8 / 0.46) * lines * 0.4)


def full_page(paper: Paper) -> float:
    """Return about how many characters fill a page of text on *paper*."""
    return longest_note(paper) / 0.4 * 0.8**2 * 0.85


def parse_paper(written: str) -> Paper:
    """Return the paper that *written* names: `a4`, `a5`, `letter`, `148x210mm` or `6x9in`.

    Raises UsageError where it names none, or one that no text fits on.
    """
    match = _SIZE.fullmatch(written.strip())
    if match:
        unit = _UNITS[match.group(3).lower()]
        size = float(match.group(1)) * unit, float(match.group(2)) * unit
    elif written.strip().lower() in _NAMED:
        size = _NAMED[written.strip().lower()]
    else:
        raise UsageError(
            f"`{written}` is not a paper size.",
            hint="Write a4, a5, letter, or a width and a height such as 148x210mm or 6x9in.",
        )
    if not all(_SMALLEST <= side <= _LARGEST for side in size):
        raise UsageError(
            f"A page of {written} cannot be set.",
            hint=f"Each side may be from {_SMALLEST:g} to {_LARGEST:g} mm.",
        )
    return Paper(*size)


def page_style(paper: Paper) -> str:
    """Return the rules that set the page; the author's sheet comes after them and may say otherwise.

    The line is at most 34 em long, the side margins at least a ninth of the width; the foot is deeper
    than the head, as the eye wants it.
    """
    measure = _MEASURE * paper.type_size * _MM_PER_PT
    side = max(paper.width / 9, (paper.width - measure) / 2)
    head, foot = paper.height * 0.095, paper.height * 0.12
    return (
        f"@page {{ size: {paper.width:g}mm {paper.height:g}mm;"
        f" margin: {head:.2f}mm {side:.2f}mm {foot:.2f}mm }}\n"
        f"html {{ font-size: {paper.type_size:g}pt }}\n"
    )
