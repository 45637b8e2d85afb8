"""Breaks the lines of justified paragraphs as planned, and justifies them.

WeasyPrint fills each line before it looks at the next. Here a paragraph is planned before its first line is
laid out, and again where it continues on another page; then each text box is split at the planned breakpoint,
spaces and glyphs shrink or stretch, and punctuation protrudes into the margin. A paragraph that cannot be
planned is left to WeasyPrint.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bifolio.pdf.engine.layout_snapshot import LayoutSnapshot
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.lines import font_expansion
from bifolio.pdf.lines.line_planner import LinePlanner, PlannedLine
from bifolio.pdf.lines.shaped_words import WordDrawer, shape_words
from bifolio.pdf.lines.text_metrics import metrics_of

_UNLIMITED = 2.0**20
"""The width, in CSS px, that a planned line may fill, so that nothing but the plan breaks it."""
_MAX_REPLANS = 4
"""How often a paragraph is planned again, so that its page does not end with a hyphen."""
Next = Callable[..., Any]
"""The next function of the chain of hooks."""


def justification() -> Layer:
    """Return the layer that breaks the lines of justified paragraphs as planned."""
    lines = _JustifiedLines()
    return Layer(
        "justification",
        {
            "weasyprint.layout.block._linebox_layout": lines.linebox_layout,
            "weasyprint.layout.inline.get_next_linebox": lines.get_next_linebox,
            "weasyprint.layout.inline.split_inline_box": lines.split_inline_box,
            "weasyprint.layout.inline.split_text_box": lines.split_text_box,
            "weasyprint.layout.inline.text_align": lines.text_align,
            "weasyprint.draw.text.draw_first_line": lines.draw_first_line,
        },
    )


class _JustifiedLines:
    """The hooks, named after the functions of WeasyPrint that they patch, and their state during a layout."""

    def __init__(self) -> None:
        self._planner = LinePlanner()
        self._drawer = WordDrawer()
        self._line: PlannedLine | None = None
        """The planned line that is being laid out; None where there is no plan."""

    def linebox_layout(
        self, following: Next, context: Any, box: Any, index: int, line: Any, new_children: list[Any],
        page_is_empty: bool, absolute_boxes: list[Any], fixed_boxes: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Plan the lines and lay them out; plan again if the last one of the page ends with a hyphen."""
        *_, skip_stack, first_letter_style, first_line_style, _, _ = rest

        def lay_out_lines() -> Any:
            return following(
                context, box, index, line, new_children, page_is_empty, absolute_boxes, fixed_boxes, *rest
            )

        if first_letter_style or first_line_style:
            return lay_out_lines()
        unhyphenated: frozenset[int] = frozenset()
        before = LayoutSnapshot(context, new_children, absolute_boxes, fixed_boxes)
        while True:
            self._planner.plan(context, box, line, skip_stack, unhyphenated)
            result = lay_out_lines()
            last = len(new_children) - before.line_count - 1
            ends_page = result[1] and last >= 0 and len(unhyphenated) < _MAX_REPLANS
            if not (ends_page and self._planner.is_hyphenated_before(line, new_children[-1].resume_at)):
                return result
            if not before.restore(context, result[4]):
                return result
            # Other lines may end the page elsewhere, so the new last line is checked too.
            unhyphenated |= {last}

    def get_next_linebox(
        self, following: Next, context: Any, line: Any, position_y: float, bottom_space: float,
        skip_stack: Any, *rest: Any,
    ) -> Any:  # fmt: skip
        """Lay out the next line, as planned unless there are floats beside it."""
        outer = self._line
        self._line = None if context.excluded_shapes else self._planner.line_at(line, skip_stack)
        try:
            return following(context, line, position_y, bottom_space, skip_stack, *rest)
        finally:
            self._line = outer

    def split_inline_box(
        self, following: Next, context: Any, box: Any, position_x: float, max_x: float, *rest: Any
    ) -> Any:
        """Give a planned line unlimited width."""
        added = 0.0 if self._line is None else _UNLIMITED
        return following(context, box, position_x, max_x + added, *rest)

    def split_text_box(
        self,
        following: Next,
        context: Any,
        box: Any,
        available_width: float | None,
        skip: int,
        is_line_start: bool = True,
    ) -> Any:
        """Split the text box where the planned line ends."""
        if self._line is None or available_width is None:
            return following(context, box, available_width, skip, is_line_start)
        text, split = box.text.encode(), self._line.split
        if split is None or split.box is not box:
            part, resume, hyphen = text[skip:], None, ""
        else:
            part, resume = text[skip : split.end], split.resume
            hyphen = box.style["hyphenate_character"] if split.has_hyphen else ""
        if not part:
            return None, resume, False
        line_text = part.decode() + hyphen
        if (shaped := shape_words(box, line_text, metrics_of(box.style))) is not None:
            return shaped, resume, False
        unshaped = box.copy_with_text(line_text)
        return following(context, unshaped, None, 0, is_line_start)[0], resume, False

    def text_align(self, following: Next, context: Any, line: Any, available_width: float, last: bool) -> Any:
        """Justify a planned line, and return its offset: to the left by its protrusion."""
        planned = self._line
        if planned is None:
            return following(context, line, available_width, last)
        width = available_width + planned.left_protrusion + planned.right_protrusion
        if last and line.width <= width:
            return following(context, line, available_width, last) - planned.left_protrusion
        font_expansion.justify_line(context, line, width, planned.expansion)
        return -planned.left_protrusion

    def draw_first_line(
        self, following: Next, stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any
    ) -> Any:
        """Draw a line of text from shaped words, its glyphs expanded."""
        draw = partial(self._drawer.draw_first_line, following)
        return font_expansion.draw_expanded(draw, stream, box, overflow, ellipsis, matrix)
