"""The sheets of paper that a printer takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bifolio.model.errors import UsageError

PT_PER_MM = 72 / 25.4
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)", re.IGNORECASE)
_SMALLEST, _LARGEST = 60.0, 1500.0


@dataclass(frozen=True, slots=True)
class Stock:
    """A sheet before it is folded, upright. Sides are in mm."""

    name: str
    width: float
    height: float


A3, A4, A5 = Stock("A3", 297, 420), Stock("A4", 210, 297), Stock("A5", 148, 210)
LETTER, LEGAL, TABLOID = (
    Stock("letter", 215.9, 279.4),
    Stock("legal", 215.9, 355.6),
    Stock("tabloid", 279.4, 431.8),
)
AT_HOME = (A5, LETTER, A4)
"""What most home printers take, the smaller first."""
_NAMED = {stock.name.lower(): stock for stock in (A3, A4, A5, LETTER, LEGAL, TABLOID)}


def parse_stock(written: str) -> Stock:
    """Return the sheet that *written* names: `a4`, another name, or a size such as `210x297mm` or `9x12in`.

    Raises UsageError where it names none, or one that no printer takes.
    """
    clean = written.strip().lower()
    if clean in _NAMED:
        return _NAMED[clean]
    match = _SIZE.fullmatch(clean)
    if not match:
        raise UsageError(
            f"`{written}` is not a size of sheet.",
            hint=f"Write {', '.join(_NAMED)}, or a width and a height such as 210x297mm.",
        )
    unit = 25.4 if match.group(3) == "in" else 1.0
    width, height = sorted((float(match.group(1)) * unit, float(match.group(2)) * unit))
    if width < _SMALLEST or height > _LARGEST:
        raise UsageError(
            f"A sheet of {written} cannot be printed on.",
            hint=f"Each side may be from {_SMALLEST:g} to {_LARGEST:g} mm.",
        )
    return Stock(clean, width, height)
