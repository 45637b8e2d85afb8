"""Justified paragraphs whose lines are broken as it was planned, while WeasyPrint lays a text out.

WeasyPrint fills each line before it looks at the next. Here a paragraph is planned before its first line is
set, and again where it goes on over a page; then each text in a line is cut where the plan says, spaces and
letters shrink or grow, and punctuation hangs in the margin. A paragraph that cannot be planned is left to
WeasyPrint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.layout import block, inline

from bifolio.pdf.engine.rollback import LayoutSnapshot
from bifolio.pdf.lines import font_expansion
from bifolio.pdf.lines.line_planner import Line, Planner
from bifolio.pdf.lines.shaped_words import Typesetter, set_words
from bifolio.pdf.lines.text_metrics import ruler_of
from bifolio.runtime.patching import patched

_AMPLE = 2.0**20
"""In px: the width that a planned line is given, so that nothing but the plan breaks it."""
_TRIES = 4
"""How often a paragraph is planned anew, so that its page does not end with a hyphen."""
_HOOKS = (
    (block, "_linebox_layout"),
    (inline, "get_next_linebox"),
    (inline, "split_inline_box"),
    (inline, "split_text_box"),
    (inline, "text_align"),
    (drawing, "draw_first_line"),
)
"""What is replaced in WeasyPrint."""


@contextmanager
def justification_hooks() -> Iterator[None]:
    """Let the layout break lines by plan meanwhile."""
    own = {name: getattr(room, name) for room, name in _HOOKS}
    compositor = _JustifiedLines(**own)
    with patched(*((room, name, getattr(compositor, name)) for room, name in _HOOKS)):
        yield


class _JustifiedLines:
    """Stands before the functions of WeasyPrint that have the same names."""

    def __init__(self, **own: Any) -> None:
        self._own = own
        self._planner = Planner()
        typesetter = Typesetter(own["draw_first_line"])
        self.draw_first_line = partial(font_expansion.draw, typesetter.draw_first_line)
        self._line: Line | None = None
        """Where the line ends that is being set; None where that is not planned."""

    def _linebox_layout(
        self, context: Any, box: Any, index: int, line: Any, done: list[Any], empty: bool,
        absolute: list[Any], fixed: list[Any], *rest: Any,
    ) -> Any:  # fmt: skip
        """Plan the lines, let them be set, and plan anew if the last of the page ends with a hyphen."""
        *_, skip, letter_style, line_style, _, _ = rest

        def set_lines() -> Any:
            return self._own["_linebox_layout"](
                context, box, index, line, done, empty, absolute, fixed, *rest
            )

        if letter_style or line_style:
            return set_lines()
        barred: frozenset[int] = frozenset()
        before = LayoutSnapshot(context, done, absolute, fixed)
        while True:
            self._planner.plan(context, box, line, skip, barred)
            result = set_lines()
            last = len(done) - before.lines - 1
            is_foot = result[1] and last >= 0 and len(barred) < _TRIES
            if not (is_foot and self._planner.ends_hyphenated(line, done[-1].resume_at)):
                return result
            # With other lines the page may end elsewhere; so it is looked at again.
            if not before.restore(context, result[4]):
                return result
            barred |= {last}

    def get_next_linebox(
        self, context: Any, line: Any, y: float, bottom: float, skip: Any, *rest: Any
    ) -> Any:
        """Set the next line, by plan where nothing floats beside it."""
        outer = self._line
        self._line = None if context.excluded_shapes else self._planner.planned(line, skip)
        try:
            return self._own["get_next_linebox"](context, line, y, bottom, skip, *rest)
        finally:
            self._line = outer

    def split_inline_box(self, context: Any, box: Any, x: float, right: float, *rest: Any) -> Any:
        """Let a planned line have all the room that it wants."""
        ample = 0.0 if self._line is None else _AMPLE
        return self._own["split_inline_box"](context, box, x, right + ample, *rest)

    def split_text_box(
        self, context: Any, box: Any, width: float | None, skip: int, is_line_start: bool = True
    ) -> Any:
        """Cut the text where the planned line ends."""
        split = self._own["split_text_box"]
        if self._line is None or width is None:
            return split(context, box, width, skip, is_line_start)
        text, stop = box.text.encode(), self._line.stop
        if stop is None or stop.box is not box:
            part, resume, mark = text[skip:], None, ""
        else:
            part, resume = text[skip : stop.end], stop.resume
            mark = box.style["hyphenate_character"] if stop.hyphen else ""
        if not part:
            return None, resume, False
        words = part.decode() + mark
        if (set_box := set_words(box, words, ruler_of(box.style))) is not None:
            return set_box, resume, False
        short = box.copy_with_text(words)
        return split(context, short, None, 0, is_line_start)[0], resume, False

    def text_align(self, context: Any, line: Any, width: float, last: bool) -> Any:
        """Fill a planned line, and move it to the left by what hangs there."""
        if self._line is None:
            return self._own["text_align"](context, line, width, last)
        room = width + self._line.left + self._line.right
        if last and line.width <= room:
            return self._own["text_align"](context, line, width, last) - self._line.left
        font_expansion.fill(context, line, room, self._line.letters)
        return -self._line.left
