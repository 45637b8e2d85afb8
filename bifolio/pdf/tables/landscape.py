"""Tables too wide for the page, each on pages of its own that are turned a quarter.

A text is laid out, and where a table has no room for its words, it is laid out anew, and that table waits for
a page of its own (`figures.py`). Such a page has its width for its height, and its margins go with it. It is
drawn turned to the left, the head of the table at the left edge, so that all pages of a file have one size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.document.roles import TURNED
from bifolio.pdf.engine.boxes import Box, page_box_of
from bifolio.pdf.engine.facts import box_facts, note_facts
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.floats.fit import styled
from bifolio.pdf.writing.content_streams import SCALE

_STYLE = "margin-top: 0; margin-bottom: 0"
_TURNS = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}
"""Where each side of a turned page stands when it is drawn."""
_EDGES = ("margin", "padding", "bleed")


def turn_tables(cramped: Iterable[Element], pages: Sequence[Any], root: Element) -> bool:
    """Let those tables of *root* be turned that are *cramped* on *pages*; say whether there are any.

    Only what stands in a text itself is turned, where it is set in one column on pages higher than wide.
    """
    if pages[0].width >= pages[0].height:
        return False
    wide = set(cramped)
    columns = _in_columns(pages) if wide else set()
    texts = (article for article in root.iter("article") if article not in columns)
    tables = [child for article in texts for child in article if child in wide and TURNED not in child.attrib]
    for table in tables:
        table.attrib |= {TURNED: "", "style": _STYLE}
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
        table = begins[-1][0].element is not None and TURNED in begins[-1][0].element.attrib
        styles = context.style_for.get_computed_styles()
        style = styles[page_type, None]
        width, height = style["size"]
        if page_type.blank or width >= height or not (table or waits(number, begins)):
            return following(context, root, page_type, resume_at, number, *rest)
        styles[page_type, None] = _turned(style)
        try:
            result = following(context, root, page_type, resume_at, number, *rest)
        finally:
            styles[page_type, None] = style
        note_facts(result[0], is_landscape=True)
        return result

    return Layer("landscape", {"weasyprint.layout.page.make_page": make_page})


def is_turned(page: Any) -> bool:
    """Say whether the box *page* is turned."""
    return box_facts(page).is_landscape


def quarter(page: Any) -> bytes:
    """Return the operator that turns what is drawn on WeasyPrint's *page* to the left."""
    return b"0 1 -1 0 %.6g 0 cm" % (page.height * SCALE)


def turned_point(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return where *x*, *y* of WeasyPrint's *page* is when that is turned; in px from the top left."""
    return y, page.width - x


def turned_box(page: Any, corners: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the *corners* (left, top, right, bottom) of a part of *page* when that is turned."""
    left, top, right, bottom = corners
    (x, bottom), (right, y) = turned_point(page, left, top), turned_point(page, right, bottom)
    return x, y, right, bottom


def turned_sides(sides: dict[str, float]) -> dict[str, float]:
    """Return what there is on the *sides* of a page when that is turned."""
    return {_TURNS[side]: value for side, value in sides.items()}


def _turned(style: Any) -> Any:
    """Return the *style* of a page with its width for its height."""
    width, height = style["size"]
    edges = {f"{edge}_{side}": style[f"{edge}_{there}"] for edge in _EDGES for side, there in _TURNS.items()}
    return styled(style, size=(height, width), **edges)


def _beginning(box: Any, resume_at: Any) -> Iterator[tuple[Any, int]]:
    """Give *box* and those in it that begin from *resume_at* on, each with the number of the child that does.

    A table that is turned is the last.
    """
    while isinstance(box, Box):
        ((place, resume_at),) = resume_at.items() if resume_at else ((0, None),)
        yield box, place
        children = getattr(box, "children", ())
        if place >= len(children) or (box.element is not None and TURNED in box.element.attrib):
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
