"""Landscape pages for tables that are too wide for the page.

Where a table has no room for its words, its text is laid out again, and the table waits for a page of its own
(`floats/placement.py`). Width, height and margins of such a page are exchanged. It is drawn rotated to the
left, with the header of the table at the left edge, so that all pages of a file have the same size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.document.roles import LANDSCAPE
from bifolio.pdf.engine.boxes import Box, page_box_of
from bifolio.pdf.engine.facts import box_facts, note_facts
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.floats.fit import copy_style
from bifolio.pdf.writing.content_streams import SCALE

_STYLE = "margin-top: 0; margin-bottom: 0"
_ROTATED_SIDES = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
"""The side of the drawn page that each side of a landscape page becomes."""
_EDGES = ("margin", "padding", "bleed")


def mark_landscape_tables(cramped: Iterable[Element], pages: Sequence[Any], root: Element) -> bool:
    """Mark the tables of *root* that are *cramped* on *pages* as landscape; return whether there are any.

    Only a child of the text itself is marked, in one column and on portrait pages.
    """
    if pages[0].width >= pages[0].height:
        return False
    wide = set(cramped)
    columns = _in_columns(pages) if wide else set()
    texts = (article for article in root.iter("article") if article not in columns)
    tables = [
        child for article in texts for child in article if child in wide and LANDSCAPE not in child.attrib
    ]
    for table in tables:
        table.attrib |= {LANDSCAPE: "", "style": _STYLE}
    return bool(tables)


def landscape(waits: Callable[[int, Sequence[tuple[Any, int]]], bool]) -> Layer:
    """Return the layer that makes landscape pages of those that begin with such a table.

    *waits* returns whether one has waited for the page with a number. It is given what begins that page:
    boxes in boxes, each with the index of the child that does.
    """

    def make_page(
        following: Callable[..., Any], context: Any, root: Any, page_type: Any, resume_at: Any, number: int,
        *rest: Any,
    ) -> Any:  # fmt: skip
        begins = list(_beginning(root, resume_at))
        table = begins[-1][0].element is not None and LANDSCAPE in begins[-1][0].element.attrib
        styles = context.style_for.get_computed_styles()
        style = styles[page_type, None]
        width, height = style["size"]
        if page_type.blank or width >= height or not (table or waits(number, begins)):
            return following(context, root, page_type, resume_at, number, *rest)
        styles[page_type, None] = _landscape_style(style)
        try:
            result = following(context, root, page_type, resume_at, number, *rest)
        finally:
            styles[page_type, None] = style
        note_facts(result[0], is_landscape=True)
        return result

    return Layer("landscape", {"weasyprint.layout.page.make_page": make_page})


def is_landscape(page: Any) -> bool:
    """Return whether the page box *page* is drawn rotated."""
    return box_facts(page).is_landscape


def rotation_operator(page: Any) -> bytes:
    """Return the operator that rotates the content of WeasyPrint's *page* to the left."""
    return b"0 1 -1 0 %.6g 0 cm" % (page.height * SCALE)


def rotate_point(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return *x*, *y* of WeasyPrint's *page* after rotation, in CSS px from the top left."""
    return y, page.width - x


def rotate_box(page: Any, corners: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the *corners* (left, top, right, bottom) of a box of *page* after rotation, in CSS px."""
    left, top, right, bottom = corners
    (x, bottom), (right, y) = rotate_point(page, left, top), rotate_point(page, right, bottom)
    return x, y, right, bottom


def rotate_sides(sides: dict[str, float]) -> dict[str, float]:
    """Return the values of the *sides* of a page after rotation."""
    return {_ROTATED_SIDES[side]: value for side, value in sides.items()}


def _landscape_style(style: Any) -> Any:
    """Return the *style* of a page with width and height exchanged."""
    width, height = style["size"]
    edges = {
        f"{edge}_{side}": style[f"{edge}_{there}"]
        for edge in _EDGES
        for side, there in _ROTATED_SIDES.items()
    }
    return copy_style(style, size=(height, width), **edges)


def _beginning(box: Any, resume_at: Any) -> Iterator[tuple[Any, int]]:
    """Give *box* and those in it that begin from *resume_at* on, each with the number of the child that does.

    A landscape table is the last.
    """
    while isinstance(box, Box):
        ((place, resume_at),) = resume_at.items() if resume_at else ((0, None),)
        yield box, place
        children = getattr(box, "children", ())
        if place >= len(children) or (box.element is not None and LANDSCAPE in box.element.attrib):
            return
        box = children[place]


def _in_columns(pages: Sequence[Any]) -> set[Element]:
    return {
        box.element
        for page in pages
        for box in page_box_of(page).descendants()
        if box.element is not None
        and box.element.tag == "article"
        and (box.style["column_count"] != "auto" or box.style["column_width"] != "auto")
    }
