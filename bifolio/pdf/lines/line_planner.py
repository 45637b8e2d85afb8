"""Plans the lines of a justified paragraph, from its start or from where it continues on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import percentage
from bifolio.pdf.lines.breakpoints import LineSplit, Paragraph
from bifolio.pdf.lines.inline_items import collect_inline_items
from bifolio.pdf.lines.knuth_plass import Breakpoint, LineWidths, choose_breakpoints, font_expansion

_CACHE_SIZE = 16
"""The number of measured paragraphs to cache: one may be laid out more than once for the same page."""
TextPosition = tuple[Any, int] | None
"""A text box and an offset in bytes of its text; None for the start of the paragraph."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A planned line."""

    split: LineSplit | None
    """Where it ends; None for the last line."""
    is_hyphenated: bool
    expansion: float
    """The factor by which its glyphs are expanded."""
    left_protrusion: float
    """How far it protrudes into the left margin, in CSS px."""
    right_protrusion: float
    """How far it protrudes into the right margin, in CSS px."""


class LinePlanner:
    """Plans paragraphs, and caches the latest plans."""

    def __init__(self) -> None:
        self._paragraphs: dict[Any, Paragraph | None] = {}
        self._plans: dict[Any, dict[TextPosition, PlannedLine]] = {}
        """The planned lines of each paragraph, by where they begin."""

    def plan(
        self, context: Any, box: Any, line: Any, skip_stack: Any, unhyphenated: frozenset[int] = frozenset()
    ) -> None:
        """Plan the lines of *line*, the text of the block *box*, from *skip_stack* on.

        The lines with the indices *unhyphenated* must not end with a hyphen.
        """
        self._plans.pop(line, None)
        paragraph = self._paragraph(context, box, line)
        if paragraph is None:
            return
        position = text_position(line, skip_stack)
        indent = percentage(line.style["text_indent"], line.style, box.width) if skip_stack is None else 0
        start = _find_start(paragraph, position)
        if start is None:
            return
        # An indented line does not begin at the margin, so nothing protrudes.
        protrusion = 0.0 if indent else start.start_protrusion
        first_width = box.width - indent - (start.start_protrusion - protrusion)
        widths = LineWidths(first_width, box.width, unhyphenated)
        chosen = choose_breakpoints(_breakpoints_from(paragraph, start), widths)
        if chosen:
            lines = _make_lines(start._replace(start_protrusion=protrusion), chosen, widths)
            starts = [position, *((one.split.box, one.split.resume) for one in lines if one.split)]
            self._plans[line] = dict(zip(starts, lines, strict=True))

    def _paragraph(self, context: Any, box: Any, line: Any) -> Paragraph | None:
        """Return the measured paragraph of *line*, cached; None where it cannot be planned."""
        if line not in self._paragraphs:
            while len(self._paragraphs) >= _CACHE_SIZE:
                oldest = next(iter(self._paragraphs))
                del self._paragraphs[oldest]
                self._plans.pop(oldest, None)
            self._paragraphs[line] = self._measure(context, box, line)
        return self._paragraphs[line]

    def _measure(self, context: Any, box: Any, line: Any) -> Paragraph | None:
        style = line.style
        if style["text_align_all"] != "justify" or style["direction"] != "ltr":
            return None
        items = collect_inline_items(context, line, box.width)
        return None if items is None else Paragraph(items, style["lang"])

    def line_at(self, line: Any, skip_stack: Any) -> PlannedLine | None:
        """Return the planned line that begins at *skip_stack* in *line*; None where there is no plan."""
        lines = self._plans.get(line)
        return lines.get(text_position(line, skip_stack)) if lines else None

    def is_hyphenated_before(self, line: Any, resume_at: Any) -> bool:
        """Return whether the planned line of *line* that ends at *resume_at* is hyphenated."""
        position = text_position(line, resume_at)
        lines = self._plans.get(line, {})
        return any(
            one.is_hyphenated and (one.split.box, one.split.resume) == position
            for one in lines.values()
            if one.split
        )


def text_position(line: Any, skip_stack: Any) -> TextPosition:
    """Return the position in *line* that WeasyPrint's *skip_stack* leads to."""
    if skip_stack is None:
        return None
    box = line
    while skip_stack is not None:
        ((index, skip_stack),) = skip_stack.items()
        if isinstance(box, boxes.TextBox):
            return box, index
        box = box.children[index]
    return box, 0


def _find_start(paragraph: Paragraph, position: TextPosition) -> Breakpoint | None:
    """Return the breakpoint of *paragraph* at *position*; None where no line can begin there."""
    if position is None:
        return paragraph.breakpoints(False)[0]
    for one in paragraph.breakpoints(True):
        at = one.position
        if at and at.box is position[0] and at.to_line_split().resume == position[1]:
            return one
    return None


def _breakpoints_from(paragraph: Paragraph, start: Breakpoint) -> Callable[[bool], Sequence[Breakpoint]]:
    """Return the function that returns the breakpoints of *paragraph* from *start* on."""

    def breakpoints(is_hyphenated: bool) -> Sequence[Breakpoint]:
        every = paragraph.breakpoints(is_hyphenated)
        if start is every[0]:
            return every
        return [start, *(one for one in every if _line_start(one) > _line_start(start))]

    return breakpoints


def _line_start(breakpoint: Breakpoint) -> float:
    """Return where the line after *breakpoint* begins, with what protrudes, in CSS px."""
    return breakpoint.start - breakpoint.start_protrusion


def _make_lines(start: Breakpoint, chosen: Sequence[Breakpoint], widths: LineWidths) -> list[PlannedLine]:
    """Return the lines from *start* that end at the *chosen* breakpoints."""
    lines = []
    width = widths.first
    for before, here in pairwise([start, *chosen]):
        expansion = font_expansion(before, here, width, is_last=here is chosen[-1])
        split = here.position and here.position.to_line_split()
        lines.append(
            PlannedLine(split, here.is_hyphenated, expansion, before.start_protrusion, here.end_protrusion)
        )
        width = widths.rest
    return lines
