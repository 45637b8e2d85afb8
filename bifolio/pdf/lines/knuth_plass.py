"""Chooses the breakpoints of a paragraph by the algorithm of Knuth and Plass.

D. E. Knuth and M. F. Plass, Breaking paragraphs into lines (Software: Practice and Experience 11, 1981): of
all feasible sequences of lines, the one with the fewest demerits. The demerits of a line grow fast with its
adjustment ratio; more are added for hyphens in a row, a hyphen before the last line, a last line of a few
letters, and adjacent lines of different fitness. Glyphs stretch and shrink a little too: font expansion, by
the method of H. Zapf and P. Karow, as in pdfTeX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

_STRETCH, _SHRINK = 0.5, 0.23
"""The shares of its natural width by which a space stretches in a loose line, and shrinks at most."""
_EXPANSION = 0.02
"""The share of their width by which glyphs expand in a loose line, and contract in the tightest."""
_PASSES = ((False, 1.0), (True, 2.0), (True, inf))
"""Whether words may be hyphenated, and the tolerance: the greatest adjustment ratio. Tried in turn."""
_LINE_PENALTY = 10.0
_ADJACENT_DEMERITS = 3_000.0
_DOUBLE_HYPHEN_DEMERITS = 30_000.0
_FINAL_HYPHEN_DEMERITS = 5_000.0
_RUNT_DEMERITS = 50_000.0
_MAX_HYPHENS = 2
"""The most hyphenated lines in a row."""
_MIN_LETTERS = 5
"""The fewest letters of a last line that is no runt."""
_RIGID_RATIO = 100.0
"""The adjustment ratio of a line without stretch, for each CSS px that it is too short."""
_ROUNDING = 0.01
"""In CSS px: widths are sums of measured parts."""


class Breakpoint(NamedTuple):
    """A place where a line may end; positions are in CSS px from the start of the paragraph."""

    end: float
    """Where the line ends: after a hyphen, before the space at the break, without what protrudes."""
    end_glue: float
    """The natural width of all spaces before the end."""
    start: float
    """Where the next line starts, without what protrudes."""
    start_glue: float
    letters_after: int
    """How many letters follow; exact only near the end of the paragraph."""
    penalty: float
    """The least cost of a break here; 0 at a space."""
    is_hyphenated: bool
    position: Any = None
    """The position in the text, for the caller."""
    end_protrusion: float = 0.0
    """How far the end of the line protrudes into the margin, in CSS px."""
    start_protrusion: float = 0.0
    """How far the start of the next line protrudes into the margin, in CSS px."""


@dataclass(frozen=True, slots=True)
class LineWidths:
    """The widths of the first line and of the others, in CSS px."""

    first: float
    rest: float
    unhyphenated: frozenset[int] = frozenset()
    """The indices of lines that must not end with a hyphen, as the last of a page."""


class _Node(NamedTuple):
    """An active node: the best lines found up to a breakpoint."""

    demerits: float
    breakpoint_index: int
    line_count: int
    fitness: int
    """The fitness class of the last line: 0 tight, 1 normal, 2 loose, 3 very loose."""
    hyphens: int
    """How many of the last lines in a row are hyphenated."""
    previous: _Node | None


def choose_breakpoints(
    breakpoints: Callable[[bool], Sequence[Breakpoint]], widths: LineWidths
) -> list[Breakpoint] | None:
    """Return the best breakpoints of a paragraph, its end included; None where a line cannot be filled.

    *breakpoints* takes whether words may be hyphenated and returns all breakpoints in order: the first is the
    start of the text, and the last is its end.
    """
    for is_hyphenated, tolerance in _PASSES:
        feasible = breakpoints(is_hyphenated)
        if not feasible:
            return None
        node = _find_optimum(feasible, widths, tolerance)
        if node is not None:
            chosen = []
            while node.previous is not None:
                chosen.append(feasible[node.breakpoint_index])
                node = node.previous
            return chosen[::-1]
    return None


def _find_optimum(breakpoints: Sequence[Breakpoint], widths: LineWidths, tolerance: float) -> _Node | None:
    """Return the node of the best lines whose ratios do not exceed *tolerance*; None where there are none."""
    last = len(breakpoints) - 1
    start = breakpoints[0].start
    # Like its width, the stretch and shrink of a line are differences of sums at its two ends.
    stretch, shrink = _stretch_and_shrink(start, breakpoints[0].start_glue)
    active = [(start + widths.first, stretch, shrink, _Node(0.0, 0, 0, 1, 0, None))]
    for index in range(1, last + 1):
        here = breakpoints[index]
        end = here.end
        stretch, shrink = _stretch_and_shrink(end, here.end_glue)
        best: dict[tuple[int, int, int], _Node] = {}
        still_active = []
        for entry in active:
            room = entry[0] - end
            if room < entry[2] - shrink - _ROUNDING:
                continue
            still_active.append(entry)
            is_short = room > 0 and index == last
            ratio = 0.0 if is_short else _adjustment_ratio(room, stretch - entry[1], shrink - entry[2])
            if ratio > tolerance:
                continue
            node = _add_line(entry[3], index, here, ratio, widths)
            if node is None:
                continue
            key = node.fitness, node.hyphens, node.line_count if widths.unhyphenated else 0
            if key not in best or node.demerits < best[key].demerits:
                best[key] = node
        if index == last:
            return min(best.values(), key=lambda node: node.demerits, default=None)
        if best:
            stretch, shrink = _stretch_and_shrink(here.start, here.start_glue)
            limit = here.start + widths.rest
            still_active += [(limit, stretch, shrink, node) for node in best.values()]
        active = still_active
        if not active:
            return None
    return None


def _stretch_and_shrink(width: float, glue: float) -> tuple[float, float]:
    """Return by how much a line *width* CSS px wide, of which *glue* are spaces, may stretch and shrink."""
    expansion = _EXPANSION * (width - glue)
    return expansion + _STRETCH * glue, expansion + _SHRINK * glue


def _adjustment_ratio(room: float, stretch: float, shrink: float) -> float:
    """Return the adjustment ratio of a line that lacks *room*: 1 is loose, -1 the tightest. All in CSS px."""
    if room >= 0:
        return room / stretch if stretch > 0 else _RIGID_RATIO * room
    return room / shrink if shrink > 0 else 0.0


def font_expansion(before: Breakpoint, here: Breakpoint, width: float, *, is_last: bool) -> float:
    """Return the factor by which the glyphs of the line from *before* to *here* are expanded.

    The line is *width* CSS px wide. The last line of a paragraph is contracted at most, never expanded.
    """
    room = width - (here.end - before.start)
    if room > 0 and is_last:
        return 1.0
    stretch, shrink = _stretch_and_shrink(here.end - before.start, here.end_glue - before.start_glue)
    return 1.0 + _EXPANSION * max(-1.0, min(1.0, _adjustment_ratio(room, stretch, shrink)))


def _add_line(before: _Node, index: int, here: Breakpoint, ratio: float, widths: LineWidths) -> _Node | None:
    """Return the node after one more line, up to *here*; None where that line must not be hyphenated."""
    hyphens = before.hyphens + 1 if here.is_hyphenated else 0
    if hyphens and (hyphens > _MAX_HYPHENS or before.line_count in widths.unhyphenated):
        return None
    fitness = 0 if ratio < -0.5 else 1 if ratio <= 0.5 else 2 if ratio <= 1 else 3
    demerits = before.demerits + (_LINE_PENALTY + 100 * abs(ratio) ** 3) ** 2 + here.penalty**2
    if abs(fitness - before.fitness) > 1:
        demerits += _ADJACENT_DEMERITS
    if hyphens > 1:
        demerits += _DOUBLE_HYPHEN_DEMERITS
    if not here.letters_after and before.hyphens:
        demerits += _FINAL_HYPHEN_DEMERITS
    if 0 < here.letters_after < _MIN_LETTERS:
        demerits += _RUNT_DEMERITS
    return _Node(demerits, index, before.line_count + 1, fitness, hyphens, before)
