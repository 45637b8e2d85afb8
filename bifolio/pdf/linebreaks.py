"""The best breaks of a paragraph: all its lines are weighed together, as a compositor would.

The method is that of D. E. Knuth and M. F. Plass, Breaking paragraphs into lines (Software: Practice and
Experience 11, 1981): of all ways to break, the one with the fewest demerits. A line's demerits grow fast with
how far its spaces are from their natural width; here also with hyphens in a row, with a hyphen before
the last line, with a last line of a few letters, and where a wide line follows a tight one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

_STRETCH, _SHRINK = 0.5, 0.25
"""By which share of its width a space may grow before a line looks loose, and the most that it may shrink."""
_PASSES = ((False, 1.0), (True, 2.0), (True, inf))
"""Whether words may be hyphenated, and how far spaces may grow, in `_STRETCH`; tried in turn."""
_LINE, _CONTRAST, _HYPHENS, _HYPHEN_BEFORE_LAST, _RUNT = 10.0, 3_000.0, 30_000.0, 5_000.0, 50_000.0
_MOST_HYPHENS = 2
"""In a row."""
_FEW = 5
"""A last line of fewer letters is a runt."""
_NO_SPACE = 100.0
"""How loose a line without a space is, for each px that it lacks."""
_ROUNDING = 0.01
"""In px: widths are sums of measured parts."""


class Break(NamedTuple):
    """A place where a line may end; widths in px from the start of the paragraph."""

    end: float
    """Where the line ends, a hyphen counted, the space before the break not."""
    end_glue: float
    """The natural width of all spaces up to there."""
    start: float
    """Where the next line starts."""
    start_glue: float
    letters: int
    """How many letters follow."""
    cost: float
    """What breaking here costs at least; 0 at a space."""
    hyphen: bool
    mark: Any = None
    """What the caller knows it by."""


@dataclass(frozen=True, slots=True)
class Measure:
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


def fit(breaks: Callable[[bool], Sequence[Break]], measure: Measure) -> list[Break] | None:
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


def _search(places: Sequence[Break], measure: Measure, most: float) -> _Node | None:
    """Return the end of the best way to break with no line looser than *most*; None where there is none."""
    final, loosest = len(places) - 1, most * _STRETCH
    origin = _Node(0.0, 0, 0, 1, 0, None)
    active = [(places[0].start + measure.first, places[0].start_glue, origin)]
    for place in range(1, final + 1):
        here = places[place]
        end, glue = here.end, here.end_glue
        best: dict[tuple[int, int, int], _Node] = {}
        kept = []
        for way in active:
            room, space = way[0] - end, glue - way[1]
            if room < -_SHRINK * space - _ROUNDING:
                continue
            kept.append(way)
            if room > loosest * space and place != final:
                continue
            node = _step(
                way[2], place, here, 0.0 if room > 0 and place == final else _ratio(room, space), measure
            )
            if node is None:
                continue
            key = node.looseness, node.hyphens, node.line if measure.barred else 0
            if key not in best or node.demerits < best[key].demerits:
                best[key] = node
        if place == final:
            return min(best.values(), key=lambda node: node.demerits, default=None)
        active = kept + [(here.start + measure.rest, here.start_glue, node) for node in best.values()]
        if not active:
            return None
    return None


def _step(before: _Node, place: int, here: Break, ratio: float, measure: Measure) -> _Node | None:
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


def _ratio(slack: float, glue: float) -> float:
    """Return how far spaces of the width *glue* must grow to take up *slack*: 1 is loose, -1 the tightest."""
    if slack >= 0:
        return slack / (_STRETCH * glue) if glue else _NO_SPACE * slack
    return slack / (_SHRINK * glue) if glue else 0.0
