"""The faults of set text, found in the lines of a finished PDF.

The running text is what is set in the commonest type; its measure is where most of its lines begin and end. A
paragraph ends where a line is not full, or where the next one is indented or stands apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import fmean, median, pstdev

from lines import Line

_SLACK = 2.0
"""How far in pt a line may end from the margin and still be full."""
_FEW = 5
"""A last line of fewer letters is a runt."""
_LOOSE, _TIGHT = 1.5, 0.75
"""Word spaces wider than so many natural ones are loose; narrower ones are tight."""
_FOLIO, _LEADER = re.compile(r"\d+|[ivxlc]+"), "...."
_TITLE = 1.8
"""A page that begins with type so much larger opens a chapter, and the one before it may end early."""
_EVEN = 2.0
"""In pt: how far the lowest lines of two facing pages may be apart."""
_NEAR = 6.0
"""In lines: what stands far above the foot of its page has a picture below it, which is no line."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The type of the running text."""

    size: float
    font: str
    left: float
    right: float
    pitch: float
    """From one baseline to the next."""
    space: float
    """A word space where nothing is justified."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to be seen in a text, counted."""

    pages: int
    lines: int
    """Justified ones."""
    spread: float
    """The standard deviation of the word spaces of the justified lines, in natural ones."""
    loose: float
    """The share of lines whose spaces are wider than one and a half."""
    tight: float
    """The share of lines whose spaces are narrower than three quarters."""
    worst: float
    """The widest mean space of any line, in natural ones."""
    hyphens: float
    """The share of lines that end with a hyphen."""
    row: int
    """The most lines with a hyphen in a row."""
    across: int
    """Pages that end with a hyphen."""
    widows: int
    """Last lines alone at the head of a page."""
    orphans: int
    """First lines alone at the foot of a page."""
    stranded: int
    """Headings at the foot of a page."""
    overfull: int
    """Lines of the running text that stand out into the margin."""
    runts: int
    """Last lines of fewer than five letters."""
    spreads: int
    """Facing pages that are both full: the text goes on behind them."""
    uneven: float
    """The share of these whose lowest lines are more than 2 pt apart."""
    apart: float
    """How far they are apart in the median, in pt."""


def measure_of(lines: Sequence[Line]) -> Measure:
    """Return the type in which most of *lines* are set."""
    weights: Counter[tuple[str, float]] = Counter()
    for line in lines:
        weights[(line.font, line.size)] += len(line.glyphs)
    (font, size), _ = weights.most_common(1)[0]
    body = [line for line in lines if (line.font, line.size) == (font, size)]
    left = Counter(round(line.left, 1) for line in body).most_common(1)[0][0]
    right = median(_near(Counter(round(line.right, 1) for line in body)))
    pitch = Counter(
        round(one.base - two.base, 1) for one, two in pairwise(body) if one.page == two.page
    ).most_common(1)[0][0]
    ragged = [gap for line in body if line.right < right - 3 * size for gap in line.gaps]
    gaps = ragged or [gap for line in body for gap in line.gaps]
    space = Counter(round(gap, 2) for gap in gaps).most_common(1)[0][0]
    return Measure(size, font, left, right, pitch, space)


def _near(ends: Counter[float]) -> list[float]:
    """Return all that lies within half a point of the commonest of *ends*."""
    best = max(ends, key=lambda end: sum(ends[other] for other in ends if abs(other - end) <= 0.5))
    return [end for end in ends.elements() if abs(end - best) <= 0.5]


def paragraphs(lines: Sequence[Line], measure: Measure) -> Iterator[list[Line]]:
    """Give the paragraphs of the running text, over pages."""
    current: list[Line] = []
    for line in [line for line in lines if not _FOLIO.fullmatch(line.text)]:
        if not _has_text(line, measure):
            if line.size >= measure.size * 0.95 and current:
                yield current
                current = []
            continue
        if current and not _goes_on(current[-1], line, measure):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _is_text(line: Line, measure: Measure) -> bool:
    is_alike = abs(line.size - measure.size) < 0.03 * measure.size
    return is_alike and _family(line.font) == _family(measure.font) and _LEADER not in line.text


def _has_text(line: Line, measure: Measure) -> bool:
    """Say whether *line* is one of the running text, though most of it may be code."""
    return _LEADER not in line.text and any(
        abs(glyph.size - measure.size) < 0.03 * measure.size and _family(glyph.font) == _family(measure.font)
        for glyph in line.glyphs
    )


def _family(font: str) -> str:
    return re.split(r"[-,]?(?:Regular|Semi|Bold|It|Oblique)", font.replace("-", ""))[0]


def _goes_on(last: Line, line: Line, measure: Measure) -> bool:
    """Say whether *line* belongs to the paragraph of the line *last*."""
    if last.right < measure.right - _SLACK or line.left > last.left + 0.6 * measure.size:
        return False
    return last.page != line.page or 0 < last.base - line.base < 1.25 * measure.pitch


def _sticks_out(line: Line, measure: Measure) -> float:
    """Return how far *line* stands out into the margin; a point or a hyphen may hang there."""
    last = line.glyphs[-1]
    return (line.right if last.text.isalnum() else (last.left + last.right) / 2) - measure.right


def count(lines: Sequence[Line], measure: Measure) -> Faults:
    """Return what is to be seen in *lines*, of which those of the running text are set to *measure*."""
    texts = list(paragraphs(lines, measure))
    full = [
        line for text in texts for line in text[:-1]
        if _is_text(line, measure) and len(line.gaps) > 1 and _sticks_out(line, measure) <= _SLACK
    ]  # fmt: skip
    spaces = [fmean(line.gaps) / measure.space for line in full]
    runs = [len(list(run)) for text in texts for hyphen, run in groupby(text, _ends_in_hyphen) if hyphen]
    long = [text for text in texts if len(text) > 1]
    breaks = [(text, place) for text in long for place in _page_breaks(text)]
    steps = list(_steps(lines, measure))
    return Faults(
        pages=lines[-1].page + 1,
        lines=len(full),
        spread=pstdev(spaces or [1]),
        loose=_share(space > _LOOSE for space in spaces),
        tight=_share(space < _TIGHT for space in spaces),
        worst=max(spaces, default=1),
        hyphens=sum(runs) / max(1, sum(map(len, texts))),
        row=max(runs, default=0),
        across=sum(text[place - 1].is_hyphenated for text, place in breaks),
        widows=sum(place == len(text) - 1 for text, place in breaks),
        orphans=sum(place == 1 for _, place in breaks),
        stranded=_stranded(lines, measure),
        overfull=sum(_sticks_out(line, measure) > _SLACK for line in lines if _is_text(line, measure)),
        runts=sum(sum(map(str.isalnum, text[-1].text)) < _FEW for text in long),
        spreads=len(steps),
        uneven=_share(step > _EVEN for step in steps),
        apart=median(steps or [0.0]),
    )


def _ends_in_hyphen(line: Line) -> bool:
    return line.is_hyphenated


def _page_breaks(text: Sequence[Line]) -> list[int]:
    """Return the places in *text* where a page begins."""
    return [place for place, (one, two) in enumerate(pairwise(text), 1) if one.page != two.page]


def _share(facts: Iterator[bool]) -> float:
    kept = list(facts)
    return sum(kept) / max(1, len(kept))


def _stranded(lines: Sequence[Line], measure: Measure) -> int:
    """Return how many pages end, but for notes and furniture, with a heading."""
    feet = {
        line.page: line for line in lines
        if line.size >= measure.size * 0.95 and not _FOLIO.fullmatch(line.text)
    }  # fmt: skip
    texts = Counter(line.page for line in lines if _is_text(line, measure))
    foot = Counter(min(line.base for line in here) for here in _by_page(lines).values()).most_common(1)[0][0]
    # Words in drawings are in type of their own.
    return sum(
        line.size > measure.size * 1.05
        and _family(line.font) == _family(measure.font)
        and line.base - foot < _NEAR * measure.pitch
        for page, line in feet.items()
        if texts[page] > 2
    )


def _by_page(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return the lines of each page but its number."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if not _FOLIO.fullmatch(line.text):
            pages.setdefault(line.page, []).append(line)
    return pages


def _steps(lines: Sequence[Line], measure: Measure) -> Iterator[float]:
    """Give by how much the lowest lines of facing pages that are both full are apart, in pt."""
    pages = _by_page(lines)
    feet = {
        number: min(line.base for line in here)
        for number, here in pages.items()
        if number + 1 in pages and not any(line.size > _TITLE * measure.size for line in pages[number + 1])
    }
    # The first page is a right one.
    for left in feet:
        if left % 2 and left + 1 in feet:
            yield abs(feet[left] - feet[left + 1])
