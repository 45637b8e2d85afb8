"""Font expansion: fills justified lines by slightly wider or narrower glyphs, so that spaces change less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.box_facts import box_facts, set_box_facts
from bifolio.pdf.engine.drawing import Matrix
from bifolio.pdf.engine.layout import count_expandable_spaces
from bifolio.pdf.engine.text import create_layout
from bifolio.pdf.lines.shaped_words import ShapedWords

_DECIMALS = 3
"""Of the expansion factor, as it is written to the file."""


def justify_line(context: Any, line: Any, width: float, expansion: float) -> None:
    """Make *line* *width* CSS px wide: expand its glyphs by the factor *expansion*, and fit its spaces."""
    expansion = round(expansion, _DECIMALS)
    spaces = count_expandable_spaces(line)
    rest = width - line.width - (expansion - 1) * _text_width(line)
    _expand(context, line, 0.0, expansion, rest / spaces if spaces else 0.0)


def _text_width(box: Any) -> float:
    """Return the width in CSS px of the text in *box*."""
    if isinstance(box, boxes.TextBox):
        return float(box.width)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(_text_width(child) for child in box.children if child.is_in_normal_flow())
    return 0.0


def _expand(context: Any, box: Any, shift: float, expansion: float, spacing: float) -> float:
    """Move *box* by *shift* and widen it; return the shift of what follows. In CSS px.

    *spacing* is added to each space.
    """
    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        spaces = count_expandable_spaces(box)
        added: float = box.width * (expansion - 1) + spacing * spaces
        set_box_facts(box, font_expansion=expansion)
        # The added spacing is drawn expanded with the glyphs.
        box.justification_spacing = spacing / expansion
        if spaces and not isinstance(box.pango_layout, ShapedWords):
            layout = create_layout(box.text, box.style, context, None, box.justification_spacing)
            layout.deactivate()
            box.pango_layout = layout
        box.width += added
        return shift + added
    if not isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.translate(shift, 0)
        return shift
    box.position_x += shift
    inner = shift
    for child in box.children:
        if child.is_in_normal_flow():
            inner = _expand(context, child, inner, expansion, spacing)
    box.width += inner - shift
    return inner


def draw_expanded(
    following: Callable[..., Any], stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any
) -> Any:
    """Draw the text *box* by *following* with expanded glyphs; return the images of glyphs."""
    expansion = box_facts(box).font_expansion
    images = following(stream, box, overflow, ellipsis, Matrix(a=expansion) @ matrix)
    return [[*image[:4], image[4] * expansion, *image[5:]] for image in images]
