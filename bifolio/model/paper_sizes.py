"""Paper sizes by name, and the parser for `--paper`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bifolio.model.errors import UsageError
from bifolio.model.units import MM_PER_INCH

_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)")
_SMALLEST = 60.0
"""The shortest side that is accepted, in mm."""


@dataclass(frozen=True, slots=True)
class PaperSize:
    """A paper size. Sides are in mm."""

    name: str
    """As it is given to `--paper`."""
    width: float
    height: float


A3 = PaperSize("A3", 297.0, 420.0)
A4 = PaperSize("A4", 210.0, 297.0)
A5 = PaperSize("A5", 148.0, 210.0)
A6 = PaperSize("A6", 105.0, 148.0)
LETTER = PaperSize("letter", 215.9, 279.4)
LEGAL = PaperSize("legal", 215.9, 355.6)
TABLOID = PaperSize("tabloid", 279.4, 431.8)

_NAMED = {size.name.lower(): size for size in (A3, A4, A5, A6, LETTER, LEGAL, TABLOID)}


def parse_paper_size(text: str, largest: float = 1000.0) -> PaperSize:
    """Return the size that *text* names: `a4` or another name, `148x210mm`, or `6x9in`.

    *largest* is the longest side that is accepted, in mm. Raises UsageError when *text* is not a size, or
    when a side is out of range.
    """
    clean = text.strip().lower()
    if clean in _NAMED:
        return _NAMED[clean]
    match = _SIZE.fullmatch(clean)
    if not match:
        raise UsageError(
            f"`{text}` is not a paper size.",
            hint=f"Use {', '.join(_NAMED)}, or a width and a height such as 148x210mm or 6x9in.",
        )
    mm_per_unit = MM_PER_INCH if match.group(3) == "in" else 1.0
    size = PaperSize(clean, float(match.group(1)) * mm_per_unit, float(match.group(2)) * mm_per_unit)
    if not all(_SMALLEST <= side <= largest for side in (size.width, size.height)):
        raise UsageError(
            f"The paper size {text} is out of range.",
            hint=f"Use sides from {_SMALLEST:g} to {largest:g} mm.",
        )
    return size
