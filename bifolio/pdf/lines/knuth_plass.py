"""The best breaks of a paragraph: all its lines are weighed together, as a compositor would.

The method is that of D. E. Knuth and M. F. Plass, Breaking paragraphs into lines (Software: Practice and
Experience 11, 1981): of all ways to break, the one with the fewest demerits. A line's demerits grow fast with
how far its spaces are from their natural width; here also with hyphens in a row, with a hyphen before
the last line, with a last line of a few letters, and where a wide line follows a tight one. Letters may be a
little wider or narrower than they were drawn, by the method of H. Zapf and P. Karow, as in pdfTeX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

_STRETCH, _SHRINK = 0.5, 0.23
"""By which share of its width a space may grow before a line looks loose, and the most that it may shrink."""
_WIDER = 0.02
"""By which share of their width letters are wider in such a line, and narrower in the tightest."""
_PASSES = ((False, 1.0), (True, 2.0), (True, inf))
"""Whether words may be hyphenated, and how far a line may be stretched, beside a loose one; tried in turn."""
_LINE, _CONTRAST, _HYPHENS, _HYPHEN_BEFORE_LAST, _RUNT = 10.0, 3_000.0, 30_000.0, 5_000.0, 50_000.0
_MOST_HYPHENS = 2
"""In a row."""
_FEW = 5
"""A last line of fewer letters is a runt."""
_EMPTY = 100.0
"""How loose a line is that nothing stretches, for each px that it lacks."""
_ROUNDING = 0.01
"""In px: widths are sums of measured parts."""


class Breakpoint(NamedTuple):
    """A place where a line may end; widths in px from the start of the paragraph."""

    end: float
    """Where the line ends, a hyphen counted, but neither the space before the break nor what hangs."""
    end_glue: float
    """The natural width of all spaces up to there."""
    start: float
    """Where the next line starts, behind what hangs of it."""
    start_glue: float
    letters: int
    """How many letters follow."""
    cost: float
    """What breaking here costs at least; 0 at a space."""
    hyphen: bool
    mark: Any = None
    """What the caller knows it by."""
    end_hang: float = 0.0
    """How far the end of the line hangs in the margin, in px."""
    start_hang: float = 0.0
    """How far the start of the next line hangs in the margin."""


@dataclass(frozen=True, slots=True)
class LineWidths:
    """How long the lines are."""

    first: float
    rest: float
    barred: frozenset[int] = frozenset()
    """The numbers of lines, from 0, that may not end with a hyphen: one of them is the last of its page."""


class _Node(NamedTuple):
    """A way to break as far as *place*."""

    demerits: float
    place: int
    line: int
    """How many lines there are so far."""
    looseness: int
    hyphens: int
    """How many lines before end with one."""
    before: _Node | None


def choose_breakpoints(
    breaks: Callable[[bool], Sequence[Breakpoint]], measure: LineWidths
) -> list[Breakpoint] | None:
    """Return the best of *breaks*, the last of them too; None where no line can be filled.

    *breaks* gives the places in their order, those within words too where it is told True; the first of them
    is where the text begins, and the last is its end.
    """
    for hyphenated, most in _PASSES:
        places = breaks(hyphenated)
        if not places:
            return None
        node = _search(places, measure, most)
        if node is not None:
            found = []
            while node.before is not None:
                found.append(places[node.place])
                node = node.before
            return found[::-1]
    return None


def _search(places: Sequence[Breakpoint], measure: LineWidths, most: float) -> _Node | None:
    """Return the end of the best way to break with no line looser than *most*; None where there is none."""
    final = len(places) - 1
    start = places[0].start
    # How far a line stretches and shrinks is told like its width: by what has been added up at its two ends.
    stretch, shrink = _give(start, places[0].start_glue)
    active = [(start + measure.first, stretch, shrink, _Node(0.0, 0, 0, 1, 0, None))]
    for place in range(1, final + 1):
        here = places[place]
        end = here.end
        stretch, shrink = _give(end, here.end_glue)
        best: dict[tuple[int, int, int], _Node] = {}
        kept = []
        for way in active:
            room = way[0] - end
            if room < way[2] - shrink - _ROUNDING:
                continue
            kept.append(way)
            is_short = room > 0 and place == final
            ratio = 0.0 if is_short else _ratio(room, stretch - way[1], shrink - way[2])
            if ratio > most:
                continue
            node = _step(way[3], place, here, ratio, measure)
            if node is None:
                continue
            key = node.looseness, node.hyphens, node.line if measure.barred else 0
            if key not in best or node.demerits < best[key].demerits:
                best[key] = node
        if place == final:
            return min(best.values(), key=lambda node: node.demerits, default=None)
        if best:
            stretch, shrink = _give(here.start, here.start_glue)
            limit = here.start + measure.rest
            kept += [(limit, stretch, shrink, node) for node in best.values()]
        active = kept
        if not active:
            return None
    return None


def _give(x: float, glue: float) -> tuple[float, float]:
    """Return by how much a line of the width *x*, with spaces of the width *glue*, may stretch and shrink."""
    letters = _WIDER * (x - glue)
    return letters + _STRETCH * glue, letters + _SHRINK * glue


def _ratio(room: float, stretch: float, shrink: float) -> float:
    """Return how far a line is stretched to fill *room*: 1 is loose, -1 the tightest; all in px."""
    if room >= 0:
        return room / stretch if stretch > 0 else _EMPTY * room
    return room / shrink if shrink > 0 else 0.0


def expansion_of(before: Breakpoint, here: Breakpoint, length: float, *, last: bool) -> float:
    """Return how wide the letters of the line from *before* to *here* are, beside as they were drawn.

    *length* is that of the line, in px. The *last* line of a paragraph is narrowed only, and never widened.
    """
    room = length - (here.end - before.start)
    if room > 0 and last:
        return 1.0
    stretch, shrink = _give(here.end - before.start, here.end_glue - before.start_glue)
    return 1.0 + _WIDER * max(-1.0, min(1.0, _ratio(room, stretch, shrink)))


def _step(before: _Node, place: int, here: Breakpoint, ratio: float, measure: LineWidths) -> _Node | None:
    """Return *before* with a line more, to *here*; None where that line may not end so."""
    hyphens = before.hyphens + 1 if here.hyphen else 0
    if hyphens and (hyphens > _MOST_HYPHENS or before.line in measure.barred):
        return None
    looseness = 0 if ratio < -0.5 else 1 if ratio <= 0.5 else 2 if ratio <= 1 else 3
    demerits = before.demerits + (_LINE + 100 * abs(ratio) ** 3) ** 2 + here.cost**2
    if abs(looseness - before.looseness) > 1:
        demerits += _CONTRAST
    if hyphens > 1:
        demerits += _HYPHENS
    if not here.letters and before.hyphens:
        demerits += _HYPHEN_BEFORE_LAST
    if 0 < here.letters < _FEW:
        demerits += _RUNT
    return _Node(demerits, place, before.line + 1, looseness, hyphens, before)
