"""Lines filled by their letters too, drawn a little wider or narrower, so that spaces change less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.drawing import Matrix
from bifolio.pdf.engine.facts import box_facts, set_box_facts
from bifolio.pdf.engine.layout import count_expandable_spaces
from bifolio.pdf.engine.text import create_layout
from bifolio.pdf.lines.shaped_words import ShapedWords

_PLACES = 3
"""Decimals of the width of letters, as the file has them."""


def justify_line(context: Any, line: Any, width: float, letters: float) -> None:
    """Make *line* as wide as *width*, in px: letters of *letters* of their width, spaces as they must be."""
    letters = round(letters, _PLACES)
    spaces = count_expandable_spaces(line)
    rest = width - line.width - (letters - 1) * _width_of_texts(line)
    _spread(context, line, 0.0, letters, rest / spaces if spaces else 0.0)


def _width_of_texts(box: Any) -> float:
    if isinstance(box, boxes.TextBox):
        return float(box.width)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(_width_of_texts(child) for child in box.children if child.is_in_normal_flow())
    return 0.0


def _spread(context: Any, box: Any, x: float, letters: float, space: float) -> float:
    """Move *box* by *x* px, make it wider, and return by how much what follows is to be moved."""
    if isinstance(box, boxes.TextBox):
        box.position_x += x
        spaces = count_expandable_spaces(box)
        added: float = box.width * (letters - 1) + space * spaces
        set_box_facts(box, font_expansion=letters)
        # What is added to a space is drawn wider with the letters.
        box.justification_spacing = space / letters
        if spaces and not isinstance(box.pango_layout, ShapedWords):
            layout = create_layout(box.text, box.style, context, None, box.justification_spacing)
            layout.deactivate()
            box.pango_layout = layout
        box.width += added
        return x + added
    if not isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.translate(x, 0)
        return x
    box.position_x += x
    inner = x
    for child in box.children:
        if child.is_in_normal_flow():
            inner = _spread(context, child, inner, letters, space)
    box.width += inner - x
    return inner


def draw_expanded(
    own: Callable[..., Any], stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any
) -> Any:
    """Draw the text of *box* by WeasyPrint's *own* function, its letters as wide as they shall be."""
    letters = box_facts(box).font_expansion
    pictures = own(stream, box, overflow, ellipsis, Matrix(a=letters) @ matrix)
    return [[*picture[:4], picture[4] * letters, *picture[5:]] for picture in pictures]
