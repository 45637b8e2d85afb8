"""Finds laid-out tables whose columns are too narrow for their words, and reports them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE, Publication
from bifolio.pdf.engine import boxes
from bifolio.pdf.laid_out import NarrowTable
from bifolio.pdf.lines.text_metrics import metrics_of
from bifolio.pdf.print_html.html_tree import ORIGIN
from bifolio.pdf.tables.column_widths import is_word_broken

_ROUNDING = 0.01
"""In CSS px: the tolerance of a cell's width."""


def find_narrow_tables(pages: Iterable[Any]) -> Iterator[tuple[Element, str]]:
    """Yield each table on *pages* in which a word is broken or overflows, with the widest such word."""
    found_tables: set[Element] = set()
    for page in pages:
        for table, width in _tables(boxes.page_box_of(page), 0.0):
            if table.element not in found_tables and (word := _widest_broken_word(table, width)):
                found_tables.add(table.element)
                yield table.element, word


def to_narrow_table(table: Element, word: str) -> NarrowTable:
    """Return the record that *word* has no room in *table*."""
    index, _, section = table.get(ORIGIN, "").partition(" ")
    return NarrowTable(section, int(index or 0), word)


def to_finding(table: NarrowTable, publication: Publication) -> Finding:
    """Return the finding for *table*, at the source line where the table begins."""
    where = Where(publication.source)
    for section in publication.sections:
        if section.name == table.section:
            where = _source_location(list(section.body.iter())[: table.element + 1], section.source)
    return found("table-narrow", where, word=table.word)


def _source_location(elements: list[Element], file: Path) -> Where:
    """Return the location of the last of *elements* that has a line, in *file* unless it names another."""
    located = next((element for element in reversed(elements) if LINE in element.attrib), None)
    if located is None:
        return Where(file)
    return Where(Path(located.get(FILE, file)), int(located.get(LINE, "0")))


def _tables(box: Any, width: float) -> Iterator[tuple[Any, float]]:
    """Yield the table boxes in *box*, outer ones first, each with its available width in CSS px."""
    if isinstance(box, boxes.TableBox):
        yield box, width
    # A table wrapper is as wide as its table, so it says nothing about the available width.
    inner = width if getattr(box, "is_table_wrapper", False) else box.width
    for child in box.children if isinstance(box, boxes.ParentBox) else ():
        if not isinstance(child, boxes.LineBox):
            yield from _tables(child, inner)


def _widest_broken_word(table: Any, available: float) -> str:
    """Return the widest word of *table* that has no room, or ""; the table may be *available* CSS px wide."""
    is_too_wide = table.width > available + 1
    widest: tuple[float, str] = (0.0, "")
    for cell in table.descendants():
        if not isinstance(cell, boxes.TableCellBox):
            continue
        styles = {part.element: part.style for part in cell.descendants() if isinstance(part, boxes.TextBox)}
        for element, style in styles.items():
            metrics = metrics_of(style)
            cell_width = 0.0 if is_too_wide else cell.width + _ROUNDING
            for word in _words(element):
                width = metrics.widths[word]
                if width > widest[0] and (
                    is_too_wide or (width > cell_width and is_word_broken(word, cell_width, style, metrics))
                ):
                    widest = width, word
    return widest[1]


def _words(element: Element) -> Iterator[str]:
    """Yield the words of the text that is directly in *element*."""
    for text in (element.text, *(child.tail for child in element)):
        yield from (text or "").split()
