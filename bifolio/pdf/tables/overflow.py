"""Tables whose columns are too narrow for their words, told once they are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE, Publication
from bifolio.pdf.document.html_tree import ORIGIN
from bifolio.pdf.engine import boxes
from bifolio.pdf.laid_out import NarrowTable
from bifolio.pdf.lines.text_metrics import metrics_of
from bifolio.pdf.tables.column_widths import is_word_broken

_ROUNDING = 0.01
"""In px."""


def find_narrow_tables(pages: Iterable[Any]) -> Iterator[tuple[Element, str]]:
    """Give each table on *pages* in which a word has no room, with the longest such word."""
    told: set[Element] = set()
    for page in pages:
        for table, room in _tables(boxes.page_box_of(page), 0.0):
            if table.element not in told and (word := _cramped(table, room)):
                told.add(table.element)
                yield table.element, word


def to_narrow_table(table: Element, word: str) -> NarrowTable:
    """Return the record that *word* of *table* has no room."""
    index, _, section = table.get(ORIGIN, "").partition(" ")
    return NarrowTable(section, int(index or 0), word)


def to_finding(table: NarrowTable, publication: Publication) -> Finding:
    """Return the finding for *table*, at the line of the source where it begins."""
    where = Where(publication.source)
    for section in publication.sections:
        if section.name == table.section:
            where = _where(list(section.body.iter())[: table.element + 1], section.source)
    return found("table-narrow", where, word=table.word)


def _where(elements: list[Element], file: Path) -> Where:
    """Return the place of the last of *elements* that has one, in *file* unless it says another."""
    placed = next((element for element in reversed(elements) if LINE in element.attrib), None)
    if placed is None:
        return Where(file)
    return Where(Path(placed.get(FILE, file)), int(placed.get(LINE, "0")))


def _tables(box: Any, room: float) -> Iterator[tuple[Any, float]]:
    """Give the tables in *box*, outer ones first, with the room in px that each has."""
    if isinstance(box, boxes.TableBox):
        yield box, room
    # Between a table and what it stands in is a box that is as wide as the table.
    inner = room if getattr(box, "is_table_wrapper", False) else box.width
    for child in box.children if isinstance(box, boxes.ParentBox) else ():
        if not isinstance(child, boxes.LineBox):
            yield from _tables(child, inner)


def _cramped(table: Any, room: float) -> str:
    """Return the longest word of *table* that has no room, where the table has the width *room*; or none."""
    runs_off = table.width > room + 1
    widest: tuple[float, str] = (0.0, "")
    for cell in table.descendants():
        if not isinstance(cell, boxes.TableCellBox):
            continue
        styles = {part.element: part.style for part in cell.descendants() if isinstance(part, boxes.TextBox)}
        for element, style in styles.items():
            ruler = metrics_of(style)
            space = 0.0 if runs_off else cell.width + _ROUNDING
            for word in _words(element):
                width = ruler.widths[word]
                if width > widest[0] and (
                    runs_off or (width > space and is_word_broken(word, space, style, ruler))
                ):
                    widest = width, word
    return widest[1]


def _words(element: Element) -> Iterator[str]:
    """Give the words that stand in *element* itself."""
    for text in (element.text, *(child.tail for child in element)):
        yield from (text or "").split()
