"""Decides which boxes may float, which text may precede them, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.call_signatures import Call
from bifolio.pdf.engine.text import strut
from bifolio.pdf.floats.fit import images_in, measure, page_height, shrink_to_fit
from bifolio.pdf.tables.landscape import is_landscape_table
from bifolio.pdf.tables.row_breaks import MAX_GAP, has_caption, is_unbreakable

_RUNNING_TEXT = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre"})
"""The elements that a float may follow, unless a break in or after them is restricted."""
_IMAGES = frozenset({"img", "{http://www.w3.org/2000/svg}svg"})
_MAX_LANDSCAPE_HEIGHT = 0.97
"""The share of a landscape page that a table on one page may take: page sizes may differ a little."""
_LINES_AFTER_IMAGE = 3
"""The lines that must fit below an image without a figure: they may be its caption."""


def is_single_column_text(call: Call) -> bool:
    """Return whether the box is the article of a text in one column."""
    element = call.box.element
    if element is None or element.tag != "article" or call.context.in_column:
        return False
    return "text" in element.get("class", "").split()


def is_float_candidate(call: Call) -> bool:
    """Return whether the child is a figure, a table with a caption or on landscape pages, or a lone image."""
    box, parent = call.child, call.box.element
    is_nested = parent is not None and parent.tag in ("figure", "td", "th")
    is_floating_table = is_table_wrapper(box) and (has_caption(box) or is_landscape_table(box))
    return _is_figure(box) or is_floating_table or (_is_image_block(box) and not is_nested)


def is_table_wrapper(box: Any) -> bool:
    """Return whether *box* is the wrapper of a table and its caption (CSS 2.2, 17.4)."""
    return bool(getattr(box, "is_table_wrapper", False))


def is_on_landscape_page(call: Call) -> bool:
    """Return whether the current page is landscape."""
    page = call.context.current_footnote_area.page
    return bool(page.margin_width() > page.margin_height())


def can_fit_landscape_page(call: Call) -> bool:
    """Return whether the child, a table, fits on one landscape page."""
    page = call.context.current_footnote_area.page
    wide = call.box.copy()
    wide.width = page.height
    return measure(call._replace(box=wide)).height <= float(_MAX_LANDSCAPE_HEIGHT * page.width)


def fit_to_page(call: Call, min_scale: float) -> Call | None:
    """Return *call* for a child that fits, its images scaled to *min_scale* or more; None if it cannot fit.

    A table is not scaled. An image without a figure fits if the first lines of the text after it do.
    """
    if is_table_wrapper(call.child):
        return call if measure(call).overflow <= 0 else None
    if _is_figure(call.child) or not any(following_in_flow(call)):
        return shrink_to_fit(call, min_scale)
    space = _LINES_AFTER_IMAGE * strut(call.child.style)[0]
    fit = shrink_to_fit(call._replace(bottom_space=call.bottom_space + space), min_scale)
    return fit and call._replace(child=fit.child)


def can_float(call: Call, box: Any) -> bool:
    """Return whether *box*, a child in *call*, may be placed after the text that follows it.

    A figure of images and a caption may; so may an unbreakable table with a caption that fits a page.
    """
    if box.style["break_before"] != "auto" or box.style["break_after"] != "auto":
        return False
    if is_table_wrapper(box):
        is_whole = has_caption(box) and is_unbreakable(box.get_wrapped_table())
        return is_whole and _height(call, box) <= page_height(call.context)
    return (
        _is_figure(box)
        and {part.tag for part in box.element} >= {"figcaption"}
        and {part.tag for part in box.element} <= {"figcaption", *_IMAGES}
        and bool(images_in(box))
    )


def is_running_text(box: Any) -> bool:
    """Return whether *box* is running text, which fills a page to its bottom."""
    style = box.style
    # WeasyPrint's user agent stylesheet keeps a list with the paragraph before it.
    return (
        box.element is not None
        and box.element.tag in _RUNNING_TEXT
        and style["break_before"] in ("auto", "avoid")
        and style["break_inside"] == style["break_after"] == "auto"
    )


def has_text_to_fill_page(call: Call) -> bool:
    """Return whether running text follows the child.

    After a table, which may break instead, the text must be enough to fill the page.
    """
    wanted = 0.0
    if is_table_wrapper(call.child):
        room = call.context.page_bottom - call.bottom_space - call.child.position_y
        wanted = room - MAX_GAP * page_height(call.context)
    for box in following_in_flow(call):
        if can_float(call, box):
            continue
        if not is_running_text(box):
            return False
        wanted -= _height(call, box) if wanted > 0 else 0
        if wanted <= 0:
            return True
    return False


def following_in_flow(call: Call) -> Iterator[Any]:
    """Yield the in-flow boxes that follow the child in its box."""
    return (box for box in call.box.children[call.child_index + 1 :] if box.is_in_normal_flow())


def _height(call: Call, box: Any) -> float:
    """Return the height in CSS px of *box*, a child in *call*."""
    box.position_x, box.position_y = call.child.position_x, call.child.position_y
    return measure(call._replace(child=box, skip_stack=None)).height


def _is_figure(box: Any) -> bool:
    return box.element is not None and box.element.tag == "figure" and box.style["break_inside"] == "avoid"


def _is_image_block(box: Any) -> bool:
    """Return whether *box* holds nothing but a line of images."""
    if len(box.children) != 1 or not isinstance(box.children[0], boxes.LineBox):
        return False
    leaves = (part for part in box.children[0].descendants() if not isinstance(part, boxes.ParentBox))
    has_image = False
    for leaf in leaves:
        if isinstance(leaf, boxes.ReplacedBox) and leaf.element.tag == "img":
            has_image = True
        elif not isinstance(leaf, boxes.TextBox) or leaf.text.strip():
            return False
    return has_image
