"""What may stand behind the text that follows it, if it does not fit, and what that text may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.signatures import Call
from bifolio.pdf.engine.text import strut
from bifolio.pdf.floats.fit import images_in, measure, page_height, shrink_to_fit
from bifolio.pdf.tables.landscape import is_landscape_table
from bifolio.pdf.tables.row_breaks import MAX_GAP, has_caption, is_unbreakable

_RUNNING = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre"})
"""What a figure may be set behind, unless it must stay together or goes with what follows it."""
_PICTURES = frozenset({"img", "{http://www.w3.org/2000/svg}svg"})
_ALMOST = 0.97
"""The greatest share of a landscape page that a table on one page may take: pages may differ a little."""
_BEHIND = 3
"""How many lines find room behind a picture that is no figure: they may be its caption."""


def is_single_column_text(call: Call) -> bool:
    """Say whether the box is a text as a whole, in one column."""
    element = call.box.element
    if element is None or element.tag != "article" or call.context.in_column:
        return False
    return "text" in element.get("class", "").split()


def is_float_candidate(call: Call) -> bool:
    """Say whether room is looked for: for a figure, a table with a caption, a lone picture in the text."""
    box, parent = call.child, call.box.element
    in_other = parent is not None and parent.tag in ("figure", "td", "th")
    is_wanted = is_table_wrapper(box) and (has_caption(box) or is_landscape_table(box))
    return _is_figure(box) or is_wanted or (_is_picture(box) and not in_other)


def is_table_wrapper(box: Any) -> bool:
    """Say whether *box* is a table, with its caption if it has one."""
    return bool(getattr(box, "is_table_wrapper", False))


def is_on_landscape_page(call: Call) -> bool:
    """Say whether the page that is laid out will be turned: only then it is wider than high."""
    page = call.context.current_footnote_area.page
    return bool(page.margin_width() > page.margin_height())


def can_fit_landscape_page(call: Call) -> bool:
    """Say whether the child, a table, fits on one page that is turned."""
    page = call.context.current_footnote_area.page
    wide = call.box.copy()
    wide.width = page.height
    return measure(call._replace(box=wide)).height <= float(_ALMOST * page.width)


def fit_to_page(call: Call, least: float) -> Call | None:
    """Return *call* for what fits, its pictures of the share *least* at least; None for none.

    A table stays as it is. A picture that is no figure fits with the first lines of what follows it.
    """
    if is_table_wrapper(call.child):
        return call if measure(call).lack <= 0 else None
    if _is_figure(call.child) or not any(following_in_flow(call)):
        return shrink_to_fit(call, least)
    room = _BEHIND * strut(call.child.style)[0]
    fit = shrink_to_fit(call._replace(bottom_space=call.bottom_space + room), least)
    return fit and call._replace(child=fit.child)


def can_float(call: Call, box: Any) -> bool:
    """Say whether *box*, a child in *call*, may stand behind what follows it.

    A figure of pictures and a caption may; so may a table with a caption that stays whole, if it fits a page.
    """
    if box.style["break_before"] != "auto" or box.style["break_after"] != "auto":
        return False
    if is_table_wrapper(box):
        whole = has_caption(box) and is_unbreakable(box.get_wrapped_table())
        return whole and _height(call, box) <= page_height(call.context)
    return (
        _is_figure(box)
        and {part.tag for part in box.element} >= {"figcaption"}
        and {part.tag for part in box.element} <= {"figcaption", *_PICTURES}
        and bool(images_in(box))
    )


def is_running_text(box: Any) -> bool:
    """Say whether *box* is running text, which fills a page to its foot."""
    style = box.style
    # A list stays with the words that lead to it, by WeasyPrint's own sheet.
    return (
        box.element is not None
        and box.element.tag in _RUNNING
        and style["break_before"] in ("auto", "avoid")
        and style["break_inside"] == style["break_after"] == "auto"
    )


def has_text_to_fill_page(call: Call) -> bool:
    """Say whether running text follows the child; for a table, which may break, enough to fill the page."""
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
    """Give the boxes that follow the child in its box."""
    return (box for box in call.box.children[call.child_index + 1 :] if box.is_in_normal_flow())


def _height(call: Call, box: Any) -> float:
    """Return how high *box*, a child in *call*, is in px."""
    box.position_x, box.position_y = call.child.position_x, call.child.position_y
    return measure(call._replace(child=box, skip_stack=None)).height


def _is_figure(box: Any) -> bool:
    return box.element is not None and box.element.tag == "figure" and box.style["break_inside"] == "avoid"


def _is_picture(box: Any) -> bool:
    """Say whether *box* is a line of pictures and nothing else."""
    if len(box.children) != 1 or not isinstance(box.children[0], boxes.LineBox):
        return False
    leaves = (part for part in box.children[0].descendants() if not isinstance(part, boxes.ParentBox))
    found = False
    for leaf in leaves:
        if isinstance(leaf, boxes.ReplacedBox) and leaf.element.tag == "img":
            found = True
        elif not isinstance(leaf, boxes.TextBox) or leaf.text.strip():
            return False
    return found
