"""Narrows the columns of tables that would overflow their containing blocks.

WeasyPrint makes a table wider than its containing block where a word does not fit. Here each column of such
a table gets the width that its words need, and columns of URLs and the like, which may break anywhere, share
the rest. Where whole words have no room, they are hyphenated; where hyphenated words have none, they break
anywhere in all columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import table_and_columns_preferred_widths
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import get_log_attrs
from bifolio.pdf.lines.hyphenation import hyphenation_offsets
from bifolio.pdf.lines.text_metrics import TextMetrics, metrics_of

_MAX_SEGMENT_LENGTH = 20
"""The most characters of an unbreakable segment that counts as a word; a longer one may break anywhere."""
_SLACK = 0.2
"""In CSS px: added to the width of a word, so that it fits however the layout rounds."""
_SIDES = ("padding_left", "padding_right", "border_left_width", "border_right_width")


class _MinWidths(NamedTuple):
    """The widths in CSS px that a column needs, the smallest first."""

    letter: float
    """For the widest letter: words may break anywhere."""
    hyphenated: float
    """For words that may be hyphenated."""
    words: float
    """For whole words."""


def column_widths() -> Layer:
    """Return the layer that keeps tables within their containing blocks."""
    return Layer("column_widths", {"weasyprint.layout.table.auto_table_layout": _fit_columns})


def _fit_columns(following: Callable[..., None], context: Any, box: Any, containing_block: Any) -> None:
    """Lay out the table in *box*, then narrow its columns if it is too wide."""
    following(context, box, containing_block)
    table = box.get_wrapped_table()
    surplus = max(0.0, table.border_width() - _available_width(box, containing_block))
    *_, grid = table_and_columns_preferred_widths(context, box, outer=False)
    widths = _distribute(table.column_widths, [_min_widths(column) for column in grid], surplus)
    if widths:
        table.column_widths = widths
        table.width -= surplus


def is_word_broken(word: str, width: float, style: Any, metrics: TextMetrics) -> bool:
    """Return whether *word* is broken between letters in a column *width* CSS px wide.

    Segments that are too long for words may break anywhere and do not count.
    """
    return any(not _can_fit(segment, width, style, metrics) for segment in _segments(word, style))


def _can_fit(segment: str, width: float, style: Any, metrics: TextMetrics) -> bool:
    """Return whether *segment*, hyphenated greedily as WeasyPrint does, fits lines *width* CSS px wide."""
    while metrics.widths[segment] > width:
        offsets = [
            offset
            for offset in _hyphenation_offsets(segment, style)
            if metrics.widths[segment[:offset] + _hyphen(style)] <= width
        ]
        if not offsets:
            return False
        segment = segment[max(offsets) :]
    return True


def _min_hyphenated_width(segment: str, style: Any, metrics: TextMetrics) -> float:
    """Return the smallest width in CSS px that *segment* fits when it is hyphenated."""
    smallest = metrics.widths[segment]
    lines = set(_possible_lines(segment, style))
    for width in sorted(map(metrics.widths.__getitem__, lines), reverse=True):
        if width < smallest:
            if not _can_fit(segment, width + _SLACK, style, metrics):
                break
            smallest = width
    return smallest


def _possible_lines(segment: str, style: Any) -> Iterator[str]:
    """Yield every line that hyphenation may make of *segment*; its rest may hyphenate at other offsets."""
    yield segment
    for offset in _hyphenation_offsets(segment, style):
        yield segment[:offset] + _hyphen(style)
        yield from _possible_lines(segment[offset:], style)


def _segments(word: str, style: Any) -> Iterator[str]:
    """Yield the segments of *word* between line break opportunities (UAX #14) that are not too long."""
    if word.isascii() and word.isalnum():
        yield from [word] if len(word) <= _MAX_SEGMENT_LENGTH else []
        return
    attributes = get_log_attrs(word, style["lang"])
    ends = (offset for offset in range(1, len(word)) if attributes[offset].is_line_break)
    for start, end in pairwise((0, *ends, len(word))):
        if end - start <= _MAX_SEGMENT_LENGTH:
            yield word[start:end]


def _hyphenation_offsets(segment: str, style: Any) -> Sequence[int]:
    """Return the offsets at which *segment* may be hyphenated in *style*."""
    if style["hyphens"] != "auto":
        return ()
    return hyphenation_offsets(segment, style["lang"], *style["hyphenate_limit_chars"])


def _hyphen(style: Any) -> str:
    return str(style["hyphenate_character"])


def _available_width(box: Any, containing_block: Any) -> float:
    """Return the border width in CSS px that the table in the wrapper *box* may have."""
    margins = (margin for margin in (box.margin_left, box.margin_right) if margin != "auto")
    return float(containing_block[0] - sum(margins))


def _min_widths(column: Sequence[Any]) -> _MinWidths | None:
    """Return the widths that the cells of *column* need; None where they hold more than text."""
    letter = hyphenated = words = 0.0
    for cell in column:
        if cell is None or cell.colspan > 1:
            continue
        sides = sum(_to_px(cell.style[side]) for side in _SIDES) + _SLACK
        for text in cell.descendants():
            if isinstance(text, boxes.AtomicInlineLevelBox | boxes.ReplacedBox):
                return None
            if isinstance(text, boxes.TextBox):
                style, metrics = text.style, metrics_of(text.style)
                letter = max(letter, sides + metrics.widths["M"])
                for segment in (segment for word in text.text.split() for segment in _segments(word, style)):
                    hyphenated = max(hyphenated, sides + _min_hyphenated_width(segment, style, metrics))
                    words = max(words, sides + metrics.widths[segment])
    return _MinWidths(letter, max(letter, hyphenated), max(letter, words))


def _to_px(length: Any) -> float:
    """Return *length* in CSS px; 0 for a percentage."""
    value, unit = getattr(length, "value", length), getattr(length, "unit", "px")
    return float(value) if unit == "px" else 0.0


def _distribute(
    widths: Sequence[float], minima: Sequence[_MinWidths | None], surplus: float
) -> list[float] | None:
    """Return *widths* less *surplus*, each as near to its *minima* as possible; None to keep them.

    They are kept where a column would become narrower than content other than text, whose minima are None.
    """
    available = sum(widths) - surplus
    needs = [
        minimum or _MinWidths(width, width, width) for width, minimum in zip(widths, minima, strict=True)
    ]
    words = [need.words for need in needs]
    has_words_whole = all(width >= need for width, need in zip(widths, words, strict=True))
    if has_words_whole or (not surplus and sum(words) > available):
        return None
    hyphenated = [need.hyphenated for need in needs]
    if sum(hyphenated) > available and None in minima:
        return None
    letters = [need.letter for need in needs]
    ample = [max(width, need) for width, need in zip(widths, words, strict=True)]
    steps = ([0.0] * len(widths), letters, hyphenated, words, ample)
    low, high = next((low, high) for low, high in pairwise(steps) if sum(high) > available or high is ample)
    share = (available - sum(low)) / (sum(high) - sum(low))
    return [smallest + (largest - smallest) * share for smallest, largest in zip(low, high, strict=True)]
