"""Lays out tables that are too wide for a portrait page on landscape pages.

Where a table has no room for its words, its text is laid out again with the table deferred to a page of its
own (`floats/placement.py`). The width and height of such a page are exchanged, its margins with them. It is
drawn rotated to the left, with the header of the table at the left edge, so that all pages of a file have one
size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine.box_facts import box_facts, set_box_facts
from bifolio.pdf.engine.boxes import Box, page_box_of
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.floats.fit import copy_style
from bifolio.pdf.print_html.roles import LANDSCAPE
from bifolio.pdf.writing.content_streams import SCALE

_TABLE_STYLE = "margin-top: 0; margin-bottom: 0"
_ROTATED_SIDES = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
"""The side of the drawn page that each side of a landscape page becomes."""
_EDGES = ("margin", "padding", "bleed")


def mark_landscape_tables(narrow: Iterable[Element], pages: Sequence[Any], root: Element) -> bool:
    """Mark the tables of *root* that are too *narrow* on *pages* as landscape; return whether any is new.

    Only direct children of a text in one column on portrait pages are marked.
    """
    if pages[0].width >= pages[0].height:
        return False
    unmarked = {table for table in narrow if LANDSCAPE not in table.attrib}
    excluded = _multicolumn_articles(pages) if unmarked else set()
    articles = (article for article in root.iter("article") if article not in excluded)
    tables = [child for article in articles for child in article if child in unmarked]
    for table in tables:
        table.attrib |= {LANDSCAPE: "", "style": _TABLE_STYLE}
    return bool(tables)


def landscape(has_deferred_table: Callable[[int, Sequence[tuple[Any, int]]], bool]) -> Layer:
    """Return the layer that makes a page landscape if it begins with a landscape table.

    *has_deferred_table* takes a page number and the path to the first content of that page: nested boxes,
    each with the index of its first child on the page. It returns whether such a table is deferred to it.
    """

    def make_page(
        following: Callable[..., Any], context: Any, root: Any, page_type: Any, resume_at: Any,
        page_number: int, *rest: Any,
    ) -> Any:  # fmt: skip
        path = list(_path_to_start(root, resume_at))
        has_table = is_landscape_table(path[-1][0])
        styles = context.style_for.get_computed_styles()
        style = styles[page_type, None]
        width, height = style["size"]
        if page_type.blank or width >= height or not (has_table or has_deferred_table(page_number, path)):
            return following(context, root, page_type, resume_at, page_number, *rest)
        styles[page_type, None] = _landscape_style(style)
        try:
            result = following(context, root, page_type, resume_at, page_number, *rest)
        finally:
            styles[page_type, None] = style
        set_box_facts(result[0], is_landscape=True)
        return result

    return Layer("landscape", {"weasyprint.layout.page.make_page": make_page})


def is_landscape_table(box: Any) -> bool:
    """Return whether *box* is a table that is laid out on landscape pages of its own."""
    return box.element is not None and LANDSCAPE in box.element.attrib


def is_landscape(page: Any) -> bool:
    """Return whether the page box *page* is landscape, so that it is drawn rotated."""
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
        f"{edge}_{side}": style[f"{edge}_{rotated}"]
        for edge in _EDGES
        for side, rotated in _ROTATED_SIDES.items()
    }
    return copy_style(style, size=(height, width), **edges)


def _path_to_start(box: Any, resume_at: Any) -> Iterator[tuple[Any, int]]:
    """Yield *box* and the boxes in it that a page begins with at *resume_at*.

    Each comes with the index of its first child on the page. The path ends at a landscape table.
    """
    while isinstance(box, Box):
        ((index, resume_at),) = resume_at.items() if resume_at else ((0, None),)
        yield box, index
        children = getattr(box, "children", ())
        if index >= len(children) or is_landscape_table(box):
            return
        box = children[index]


def _multicolumn_articles(pages: Sequence[Any]) -> set[Element]:
    return {
        box.element
        for page in pages
        for box in page_box_of(page).descendants()
        if box.element is not None
        and box.element.tag == "article"
        and (box.style["column_count"] != "auto" or box.style["column_width"] != "auto")
    }
