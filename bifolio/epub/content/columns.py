"""Computes the column widths of tables, in percent of the screen.

With automatic table layout an e-reader makes no column narrower than its longest word, so a table in large
type overflows the screen of a phone. With fixed widths it stays within the screen, and words are broken only
if they do not fit. The widths are chosen so that on a phone, at the default type size, they fit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bifolio.model.publication import MATH, Publication, text_of

_LINE, _CROWDED_LINE = 46.0, 54.0
"""The width of a table on a phone, in characters; the second in the smaller type of crowded tables."""
_GAP = 1.6
"""The width of the space between two columns, in characters."""
_MAX_LENGTH = 60.0
"""The length of a cell, in characters, beyond which it does not get a wider column."""
_MIN_SHARE = 5
"""In percent."""
_BOLD = 1.12
"""The width of bold type or code relative to regular type."""
_UNMEASURED = frozenset({"img", "table", "pre", "ul", "ol", MATH, "{http://www.w3.org/2000/svg}svg"})
"""Elements whose width is not known here."""

CLASS, CROWDED_CLASS, SHARE_CLASS = "columns", "wide", "share-"
"""The classes of a table with fixed widths and of a crowded one, and the prefix of those of columns."""


@dataclass(frozen=True, slots=True)
class ColumnWidths:
    """The column widths of a table."""

    shares: tuple[int, ...]
    """The width of each column in percent; empty for automatic table layout."""
    crowded: bool = False
    """Whether its words fit in smaller type only."""


def column_widths(table: Element) -> ColumnWidths:
    """Return the column widths of *table*."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    has_unmeasured = any(e.tag in _UNMEASURED for cell in cells for e in cell.iter())
    if has_unmeasured or any("rowspan" in cell.attrib for cell in cells):
        return ColumnWidths(())
    count = max((sum(int(cell.get("colspan", "1")) for cell in row) for row in rows), default=0)
    full_rows = [row for row in rows if len(row) == count]
    if count < 2 or count > 100 / _MIN_SHARE or not full_rows:
        return ColumnWidths(())
    columns = list(zip(*full_rows, strict=True))
    least = [max(map(_longest_word, column)) + _GAP * bool(index) for index, column in enumerate(columns)]
    most = [
        max(min(max(map(_length, column)), _MAX_LENGTH), minimum)
        for column, minimum in zip(columns, least, strict=True)
    ]
    if sum(least) > _LINE:
        return ColumnWidths(_percent(_shrink(least, _CROWDED_LINE)), crowded=True)
    spare, wanted = _LINE - sum(least), sum(most) - sum(least)
    granted = min(spare / wanted, 1.0) if wanted else 0.0
    extra = (spare - granted * wanted) / count  # divided evenly, for larger type
    return ColumnWidths(_percent([a + granted * (b - a) + extra for a, b in zip(least, most, strict=True)]))


def _shrink(widths: list[float], total: float) -> list[float]:
    """Return *widths* reduced to *total*, the widest first."""
    left, count = total, len(widths)
    for width in sorted(widths):
        if width > left / count:
            break
        left, count = left - width, count - 1
    return [min(width, left / count) if count else width for width in widths]


def column_width_css(publication: Publication) -> str:
    """Return the CSS for the columns of every table in *publication*."""
    tables = (table for tree, _ in publication.trees() for table in tree.iter("table"))
    used = sorted({share for table in tables for share in column_widths(table).shares})
    if not used:
        return ""
    widths = [f".{SHARE_CLASS}{share} {{\n  width: {share}%;\n}}" for share in used]
    return "\n".join([f".{CLASS} {{\n  table-layout: fixed;\n  word-wrap: break-word;\n}}", *widths, ""])


def _percent(widths: list[float]) -> tuple[int, ...]:
    """Return *widths* as whole percentages of at least `_MIN_SHARE`, which add up to 100."""
    total = sum(widths) or 1.0
    rounded = [max(round(100 * width / total), _MIN_SHARE) for width in widths]
    rounded[rounded.index(max(rounded))] += 100 - sum(rounded)
    return tuple(rounded) if min(rounded) > 0 else ()


def _longest_word(cell: Element) -> float:
    """Return the width of the longest word in *cell*, in characters; CJK text breaks at each of them."""
    words = re.sub("([-/])", r"\1 ", text_of(cell)).split()
    return _weight(cell) * max((2.0 if _is_wide(word[0]) else _width(word) for word in words), default=1.0)


def _length(cell: Element) -> float:
    return _weight(cell) * _width(" ".join(text_of(cell).split()))


def _weight(cell: Element) -> float:
    """Return the width of the type in *cell* relative to regular type."""
    return _BOLD if cell.tag == "th" or cell.find(".//code") is not None else 1.0


def _width(text: str) -> float:
    return float(sum(2 if _is_wide(character) else 1 for character in text))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
