"""Which lines a justified paragraph is to have, from where it begins or goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import percentage
from bifolio.pdf.lines.breakpoints import LineSplit, Paragraph
from bifolio.pdf.lines.inline_items import collect_inline_items
from bifolio.pdf.lines.knuth_plass import Breakpoint, LineWidths, choose_breakpoints, expansion_of

_KEPT = 16
"""How many measured paragraphs are kept: one may be laid out more than once for the same page."""
TextPosition = tuple[Any, int] | None
"""A box of text and how many bytes of it stand before; None for the start of the paragraph."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A planned line."""

    stop: LineSplit | None
    """Where it ends; None for the last line."""
    is_hyphenated: bool
    letters: float
    """How wide its letters are, beside as they were drawn."""
    left: float
    """How far it hangs in the margin, in px."""
    right: float


class LinePlanner:
    """Plans paragraphs, and keeps the plans of the latest."""

    def __init__(self) -> None:
        self._paragraphs: dict[Any, Paragraph | None] = {}
        self._lines: dict[Any, dict[TextPosition, PlannedLine]] = {}

    def plan(
        self, context: Any, box: Any, line: Any, skip: Any, barred: frozenset[int] = frozenset()
    ) -> None:
        """Plan the lines of *line*, the text of the block *box*, from *skip* on.

        The lines of the numbers *barred* shall not end with a hyphen.
        """
        self._lines.pop(line, None)
        paragraph = self._paragraph(context, box, line)
        if paragraph is None:
            return
        place = text_position(line, skip)
        indent = percentage(line.style["text_indent"], line.style, box.width) if skip is None else 0
        start = _start(paragraph, place)
        if start is None:
            return
        # What is indented hangs from no margin.
        hang = 0.0 if indent else start.start_hang
        first = box.width - indent - (start.start_hang - hang)
        found = choose_breakpoints(_from(paragraph, start), LineWidths(first, box.width, barred))
        if found:
            planned = _lines(start._replace(start_hang=hang), found, first, box.width)
            starts = [place, *((one.stop.box, one.stop.resume) for one in planned if one.stop)]
            self._lines[line] = dict(zip(starts, planned, strict=True))

    def _paragraph(self, context: Any, box: Any, line: Any) -> Paragraph | None:
        if line not in self._paragraphs:
            while len(self._paragraphs) >= _KEPT:
                first = next(iter(self._paragraphs))
                del self._paragraphs[first]
                self._lines.pop(first, None)
            self._paragraphs[line] = self._measured(context, box, line)
        return self._paragraphs[line]

    def _measured(self, context: Any, box: Any, line: Any) -> Paragraph | None:
        style = line.style
        if style["text_align_all"] != "justify" or style["direction"] != "ltr":
            return None
        pieces = collect_inline_items(context, line, box.width)
        return None if pieces is None else Paragraph(pieces, style["lang"])

    def planned(self, line: Any, skip: Any) -> PlannedLine | None:
        """Return where the line ends that begins at *skip* in *line*; None where that is not planned."""
        lines = self._lines.get(line)
        return lines.get(text_position(line, skip)) if lines else None

    def ends_hyphenated(self, line: Any, resume: Any) -> bool:
        """Say whether the line of *line* before *resume* ends with a hyphen."""
        place = text_position(line, resume)
        lines = self._lines.get(line, {})
        return any(
            one.is_hyphenated and (one.stop.box, one.stop.resume) == place
            for one in lines.values()
            if one.stop
        )


def text_position(line: Any, skip: Any) -> TextPosition:
    """Return the place in the boxes of *line* that WeasyPrint's stack *skip* leads to."""
    if skip is None:
        return None
    box = line
    while skip is not None:
        ((index, skip),) = skip.items()
        if isinstance(box, boxes.TextBox):
            return box, index
        box = box.children[index]
    return box, 0


def _start(paragraph: Paragraph, place: TextPosition) -> Breakpoint | None:
    """Return the break of *paragraph* behind which *place* is; None where no line can begin there."""
    if place is None:
        return paragraph.breaks(False)[0]
    for one in paragraph.breaks(True):
        if one.mark and one.mark.box is place[0] and one.mark.stop().resume == place[1]:
            return one
    return None


def _from(paragraph: Paragraph, start: Breakpoint) -> Callable[[bool], Sequence[Breakpoint]]:
    """Return what gives the breaks of *paragraph* from *start* on."""

    def breaks(hyphenated: bool) -> Sequence[Breakpoint]:
        places = paragraph.breaks(hyphenated)
        if start is places[0]:
            return places
        return [start, *(one for one in places if _begins(one) > _begins(start))]

    return breaks


def _begins(one: Breakpoint) -> float:
    """Return where the line behind *one* begins, with what hangs of it."""
    return one.start - one.start_hang


def _lines(start: Breakpoint, found: Sequence[Breakpoint], first: float, rest: float) -> list[PlannedLine]:
    """Return the lines that end at the breaks *found*, of the lengths *first* and *rest*."""
    lines = []
    length = first
    for before, here in pairwise([start, *found]):
        letters = expansion_of(before, here, length, last=here is found[-1])
        stop = here.mark and here.mark.stop()
        lines.append(PlannedLine(stop, here.hyphen, letters, before.start_hang, here.end_hang))
        length = rest
    return lines
