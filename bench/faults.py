"""Counts typographic faults in the lines of a finished PDF.

The running text is the text in the most frequent font and size; its measure is given by the edges of most of
its lines. A paragraph ends at a line that is not full, or before a line that is indented or set off by space.
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
"""A line that ends within this distance of the margin, in pt, is full."""
_FEW = 5
"""A last line of fewer letters is a runt."""
_LOOSE, _TIGHT = 1.5, 0.75
"""Word spaces wider than the first ratio to the natural space are loose; narrower than the second, tight."""
_FOLIO, _LEADER = re.compile(r"\d+|[ivxlc]+"), "...."
_TITLE = 1.8
"""A page that begins with type larger by this factor opens a chapter; the page before it may end early."""
_EVEN = 2.0
"""The largest difference, in pt, between the last baselines of facing pages that still count as level."""
_NEAR = 6.0
"""In lines: a last line farther than this above the foot of its page has an image below it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The type of the running text."""

    size: float
    font: str
    left: float
    right: float
    pitch: float
    """The distance from one baseline to the next."""
    space: float
    """The natural word space, read from lines that are not justified."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of a text, counted."""

    pages: int
    lines: int
    """Justified lines."""
    spread: float
    """The standard deviation of the word spaces of the justified lines, relative to the natural space."""
    loose: float
    """The share of lines whose spaces are wider than one and a half natural ones."""
    tight: float
    """The share of lines whose spaces are narrower than three quarters of a natural one."""
    worst: float
    """The widest mean space of any line, relative to the natural space."""
    hyphens: float
    """The share of lines that end with a hyphen."""
    row: int
    """The largest number of consecutive lines with a hyphen."""
    across: int
    """Pages that end with a hyphen."""
    widows: int
    """Last lines alone at the head of a page."""
    orphans: int
    """First lines alone at the foot of a page."""
    stranded: int
    """Headings at the foot of a page."""
    overfull: int
    """Lines of the running text that extend into the margin."""
    runts: int
    """Last lines of fewer than five letters."""
    spreads: int
    """Facing pages that are both full: the text continues after them."""
    uneven: float
    """The share of these whose last baselines are more than 2 pt apart."""
    apart: float
    """The median distance between their last baselines, in pt."""


def measure_of(lines: Sequence[Line]) -> Measure:
    """Return the font, size, edges and spacing of most of *lines*."""
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
    """Return all *ends* within half a point of the most frequent one."""
    best = max(ends, key=lambda end: sum(ends[other] for other in ends if abs(other - end) <= 0.5))
    return [end for end in ends.elements() if abs(end - best) <= 0.5]


def paragraphs(lines: Sequence[Line], measure: Measure) -> Iterator[list[Line]]:
    """Yield the paragraphs of the running text, joined across pages."""
    current: list[Line] = []
    for line in [line for line in lines if not _FOLIO.fullmatch(line.text)]:
        if not _has_text(line, measure):
            if line.size >= measure.size * 0.95 and current:
                yield current
                current = []
            continue
        if current and not _continues(current[-1], line, measure):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _is_text(line: Line, measure: Measure) -> bool:
    is_alike = abs(line.size - measure.size) < 0.03 * measure.size
    return is_alike and _family(line.font) == _family(measure.font) and _LEADER not in line.text


def _has_text(line: Line, measure: Measure) -> bool:
    """Return whether *line* has running text, even if most of it is code."""
    return _LEADER not in line.text and any(
        abs(glyph.size - measure.size) < 0.03 * measure.size and _family(glyph.font) == _family(measure.font)
        for glyph in line.glyphs
    )


def _family(font: str) -> str:
    return re.split(r"[-,]?(?:Regular|Semi|Bold|It|Oblique)", font.replace("-", ""))[0]


def _continues(last: Line, line: Line, measure: Measure) -> bool:
    """Return whether *line* continues the paragraph of the line *last*."""
    if last.right < measure.right - _SLACK or line.left > last.left + 0.6 * measure.size:
        return False
    return last.page != line.page or 0 < last.base - line.base < 1.25 * measure.pitch


def _overhang(line: Line, measure: Measure) -> float:
    """Return how far *line* extends into the margin, in pt; a full stop or a hyphen may protrude."""
    last = line.glyphs[-1]
    return (line.right if last.text.isalnum() else (last.left + last.right) / 2) - measure.right


def count(lines: Sequence[Line], measure: Measure) -> Faults:
    """Return the faults in *lines*, whose running text has the *measure*."""
    texts = list(paragraphs(lines, measure))
    full = [
        line for text in texts for line in text[:-1]
        if _is_text(line, measure) and len(line.gaps) > 1 and _overhang(line, measure) <= _SLACK
    ]  # fmt: skip
    spaces = [fmean(line.gaps) / measure.space for line in full]
    runs = [len(list(run)) for text in texts for hyphen, run in groupby(text, _ends_in_hyphen) if hyphen]
    long = [text for text in texts if len(text) > 1]
    breaks = [(text, index) for text in long for index in _page_breaks(text)]
    steps = list(_level_differences(lines, measure))
    return Faults(
        pages=lines[-1].page + 1,
        lines=len(full),
        spread=pstdev(spaces or [1]),
        loose=_share(space > _LOOSE for space in spaces),
        tight=_share(space < _TIGHT for space in spaces),
        worst=max(spaces, default=1),
        hyphens=sum(runs) / max(1, sum(map(len, texts))),
        row=max(runs, default=0),
        across=sum(text[index - 1].is_hyphenated for text, index in breaks),
        widows=sum(index == len(text) - 1 for text, index in breaks),
        orphans=sum(index == 1 for _, index in breaks),
        stranded=_stranded(lines, measure),
        overfull=sum(_overhang(line, measure) > _SLACK for line in lines if _is_text(line, measure)),
        runts=sum(sum(map(str.isalnum, text[-1].text)) < _FEW for text in long),
        spreads=len(steps),
        uneven=_share(step > _EVEN for step in steps),
        apart=median(steps or [0.0]),
    )


def _ends_in_hyphen(line: Line) -> bool:
    return line.is_hyphenated


def _page_breaks(text: Sequence[Line]) -> list[int]:
    """Return the indices of the lines of *text* that begin a page."""
    return [index for index, (one, two) in enumerate(pairwise(text), 1) if one.page != two.page]


def _share(tests: Iterator[bool]) -> float:
    results = list(tests)
    return sum(results) / max(1, len(results))


def _stranded(lines: Sequence[Line], measure: Measure) -> int:
    """Return how many pages end with a heading, notes and page numbers aside."""
    feet = {
        line.page: line for line in lines
        if line.size >= measure.size * 0.95 and not _FOLIO.fullmatch(line.text)
    }  # fmt: skip
    texts = Counter(line.page for line in lines if _is_text(line, measure))
    foot = Counter(min(line.base for line in here) for here in _by_page(lines).values()).most_common(1)[0][0]
    # Words in drawings are in other fonts.
    return sum(
        line.size > measure.size * 1.05
        and _family(line.font) == _family(measure.font)
        and line.base - foot < _NEAR * measure.pitch
        for page, line in feet.items()
        if texts[page] > 2
    )


def _by_page(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return the lines of each page, without its page number."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if not _FOLIO.fullmatch(line.text):
            pages.setdefault(line.page, []).append(line)
    return pages


def _level_differences(lines: Sequence[Line], measure: Measure) -> Iterator[float]:
    """Yield the distance, in pt, between the last baselines of facing pages that are both full."""
    pages = _by_page(lines)
    feet = {
        index: min(line.base for line in here)
        for index, here in pages.items()
        if index + 1 in pages and not any(line.size > _TITLE * measure.size for line in pages[index + 1])
    }
    # The first page is a recto, so left pages have an odd index.
    for left in feet:
        if left % 2 and left + 1 in feet:
            yield abs(feet[left] - feet[left + 1])
