"""Justified paragraphs whose lines break where the planner says, while WeasyPrint lays a text out.

WeasyPrint fills each line before it looks at the next. Here a paragraph is planned before its first line is
laid out, and again where it continues on another page; then each text in a line is cut at the planned
breakpoint, spaces and letters shrink or stretch, and punctuation protrudes into the margin. A paragraph that
cannot be planned is left to WeasyPrint.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.rollback import LayoutSnapshot
from bifolio.pdf.lines import font_expansion
from bifolio.pdf.lines.line_planner import LinePlanner, PlannedLine
from bifolio.pdf.lines.shaped_words import WordDrawer, shape_words
from bifolio.pdf.lines.text_metrics import metrics_of

_AMPLE = 2.0**20
"""The width, in CSS px, that a planned line may fill, so that nothing but the plan breaks it."""
_TRIES = 4
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
        self._typesetter = WordDrawer()
        self._line: PlannedLine | None = None
        """The planned line that is laid out; None where it is not planned."""

    def linebox_layout(
        self, following: Next, context: Any, box: Any, index: int, line: Any, done: list[Any], empty: bool,
        absolute: list[Any], fixed: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Plan the lines and lay them out; plan again if the last one of the page ends with a hyphen."""
        *_, skip, letter_style, line_style, _, _ = rest

        def lay_out_lines() -> Any:
            return following(context, box, index, line, done, empty, absolute, fixed, *rest)

        if letter_style or line_style:
            return lay_out_lines()
        barred: frozenset[int] = frozenset()
        before = LayoutSnapshot(context, done, absolute, fixed)
        while True:
            self._planner.plan(context, box, line, skip, barred)
            result = lay_out_lines()
            last = len(done) - before.lines - 1
            is_foot = result[1] and last >= 0 and len(barred) < _TRIES
            if not (is_foot and self._planner.ends_hyphenated(line, done[-1].resume_at)):
                return result
            # With other lines the page may end elsewhere; so it is looked at again.
            if not before.restore(context, result[4]):
                return result
            barred |= {last}

    def get_next_linebox(
        self, following: Next, context: Any, line: Any, y: float, bottom: float, skip: Any, *rest: Any
    ) -> Any:
        """Lay out the next line, as planned where nothing floats beside it."""
        outer = self._line
        self._line = None if context.excluded_shapes else self._planner.planned(line, skip)
        try:
            return following(context, line, y, bottom, skip, *rest)
        finally:
            self._line = outer

    def split_inline_box(
        self, following: Next, context: Any, box: Any, x: float, right: float, *rest: Any
    ) -> Any:
        """Give a planned line all the room that it needs."""
        ample = 0.0 if self._line is None else _AMPLE
        return following(context, box, x, right + ample, *rest)

    def split_text_box(
        self,
        following: Next,
        context: Any,
        box: Any,
        width: float | None,
        skip: int,
        is_line_start: bool = True,
    ) -> Any:
        """Cut the text where the planned line ends."""
        if self._line is None or width is None:
            return following(context, box, width, skip, is_line_start)
        text, stop = box.text.encode(), self._line.stop
        if stop is None or stop.box is not box:
            part, resume, mark = text[skip:], None, ""
        else:
            part, resume = text[skip : stop.end], stop.resume
            mark = box.style["hyphenate_character"] if stop.hyphen else ""
        if not part:
            return None, resume, False
        words = part.decode() + mark
        if (set_box := shape_words(box, words, metrics_of(box.style))) is not None:
            return set_box, resume, False
        short = box.copy_with_text(words)
        return following(context, short, None, 0, is_line_start)[0], resume, False

    def text_align(self, following: Next, context: Any, line: Any, width: float, last: bool) -> Any:
        """Justify a planned line, and move it to the left by its protrusion."""
        if self._line is None:
            return following(context, line, width, last)
        room = width + self._line.left + self._line.right
        if last and line.width <= room:
            return following(context, line, width, last) - self._line.left
        font_expansion.justify_line(context, line, room, self._line.letters)
        return -self._line.left

    def draw_first_line(
        self, following: Next, stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any
    ) -> Any:
        """Draw a line of text from shaped words, its letters expanded."""
        draw = partial(self._typesetter.draw_first_line, following)
        return font_expansion.draw_expanded(draw, stream, box, overflow, ellipsis, matrix)
