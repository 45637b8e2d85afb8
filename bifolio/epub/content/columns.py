"""How wide the columns of a table are, in shares of the screen.

Left alone, a reader makes no column narrower than its longest word, and where the text is large a table runs
off a telephone. With shares it keeps within the screen, and breaks a word only where that has no room; the
shares are chosen so that on a telephone, at the usual size, it has.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bifolio.model.publication import MATH, Publication, text_of

_LINE, _WIDE_LINE = 46.0, 54.0
"""How many letters a telephone has in a line of a table, and of one of many columns, in smaller type."""
_GAP = 1.6
"""How many letters the space between two columns is wide."""
_LONGEST = 60.0
"""More letters than this in a cell ask for no more room."""
_LEAST = 5
"""In percent."""
_BOLD = 1.12
_OTHER = frozenset({"img", "table", "pre", "ul", "ol", MATH, "{http://www.w3.org/2000/svg}svg"})
"""What has a width of its own, which is not known here."""

CLASS, CROWDED, SHARE = "columns", "wide", "share-"


@dataclass(frozen=True, slots=True)
class ColumnWidths:
    """How the columns of a table are set."""

    shares: tuple[int, ...]
    """The width of each in percent; empty where it is better left to the reader."""
    crowded: bool = False
    """Whether its words have room in smaller type alone."""


def column_widths(table: Element) -> ColumnWidths:
    """Return how the columns of *table* are to be set."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    if any("rowspan" in cell.attrib or element.tag in _OTHER for cell in cells for element in cell.iter()):
        return ColumnWidths(())
    number = max((sum(int(cell.get("colspan", "1")) for cell in row) for row in rows), default=0)
    whole = [row for row in rows if len(row) == number]
    if number < 2 or number > 100 / _LEAST or not whole:
        return ColumnWidths(())
    columns = list(zip(*whole, strict=True))
    least = [max(map(_longest_word, column)) + _GAP * bool(place) for place, column in enumerate(columns)]
    most = [
        max(min(max(map(_length, column)), _LONGEST), low) for column, low in zip(columns, least, strict=True)
    ]
    crowded = sum(least) > _LINE
    if crowded:
        return ColumnWidths(_percent(_squeezed(least, _WIDE_LINE)), crowded)
    spare, wanted = _LINE - sum(least), sum(most) - sum(least)
    asked = min(spare / wanted, 1.0) if wanted else 0.0
    over = (spare - asked * wanted) / number  # what no column asks for is room for all, in larger type
    return ColumnWidths(_percent([a + asked * (b - a) + over for a, b in zip(least, most, strict=True)]))


def _squeezed(widths: list[float], line: float) -> list[float]:
    """Return *widths* that together are no more than *line*: the widest give way first."""
    left, among = line, len(widths)
    for width in sorted(widths):
        if width > left / among:
            break
        left, among = left - width, among - 1
    return [min(width, left / among) if among else width for width in widths]


def column_width_css(publication: Publication) -> str:
    """Return the rules for the columns of every table in *publication*."""
    tables = (table for tree, _ in publication.trees() for table in tree.iter("table"))
    used = sorted({share for table in tables for share in column_widths(table).shares})
    if not used:
        return ""
    widths = [f".{SHARE}{share} {{\n  width: {share}%;\n}}" for share in used]
    return "\n".join([f".{CLASS} {{\n  table-layout: fixed;\n  word-wrap: break-word;\n}}", *widths, ""])


def _percent(widths: list[float]) -> tuple[int, ...]:
    """Return *widths* as whole shares of a hundred, none too small to be seen."""
    total = sum(widths) or 1.0
    rounded = [max(round(100 * width / total), _LEAST) for width in widths]
    rounded[rounded.index(max(rounded))] += 100 - sum(rounded)
    return tuple(rounded) if min(rounded) > 0 else ()


def _longest_word(cell: Element) -> float:
    """Return the width of the longest word in *cell*, in letters; Chinese may be broken at every one."""
    words = re.sub("([-/])", r"\1 ", text_of(cell)).split()
    return _weight(cell) * max((2.0 if _is_wide(word[0]) else _width(word) for word in words), default=1.0)


def _length(cell: Element) -> float:
    return _weight(cell) * _width(" ".join(text_of(cell).split()))


def _weight(cell: Element) -> float:
    """Return how much wider than plain letters those in *cell* are: in bold, or code."""
    return _BOLD if cell.tag == "th" or cell.find(".//code") is not None else 1.0


def _width(text: str) -> float:
    return float(sum(2 if _is_wide(letter) else 1 for letter in text))


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")
