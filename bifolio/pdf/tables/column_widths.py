"""How wide the columns of a table are that would run off the page, while WeasyPrint lays a text out.

WeasyPrint makes a table wider than its place where a word does not fit. Here each column of such a table gets
what its words need, and those with addresses and the like, which may be broken anywhere, share what is left.
Where the words have no room, they get hyphens; where not even so, they are broken in all columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.layout import table_and_columns_preferred_widths
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.text import get_log_attrs
from bifolio.pdf.lines.breakpoints import hyphenation_offsets
from bifolio.pdf.lines.text_metrics import TextMetrics, metrics_of

_LONGEST = 20
"""How many letters a part of a word has at most; what is longer is an address or the like."""
_SLACK = 0.2
"""In px: what a word needs beside its width, so that it fits whatever the layout rounds."""
_SIDES = ("padding_left", "padding_right", "border_left_width", "border_right_width")


def column_widths() -> Layer:
    """Return the layer that keeps tables within their containing blocks."""
    return Layer("column_widths", {"weasyprint.layout.table.auto_table_layout": _fit_columns})


def _fit_columns(following: Callable[..., None], context: Any, box: Any, containing_block: Any) -> None:
    """Lay out the table in *box*, then narrow its columns if it is too wide."""
    following(context, box, containing_block)
    table = box.get_wrapped_table()
    surplus = max(0.0, table.border_width() - _room(box, containing_block))
    *_, grid = table_and_columns_preferred_widths(context, box, outer=False)
    widths = _shared(table.column_widths, [_needs(column) for column in grid], surplus)
    if widths:
        table.column_widths = widths
        table.width -= surplus


def is_word_broken(word: str, room: float, style: Any, ruler: TextMetrics) -> bool:
    """Say whether *word* is broken in a column that has *room*, in px, where no line may end.

    Parts that are too long for words may be broken anywhere.
    """
    return any(not _fits(part, room, style, ruler) for part in _parts(word, style))


def _fits(part: str, room: float, style: Any, ruler: TextMetrics) -> bool:
    """Say whether *part* can be set in *room*: as the layout does it, with as much in each line as it has."""
    while ruler.widths[part] > room:
        heads = [at for at in _hyphens(part, style) if ruler.widths[part[:at] + _mark(style)] <= room]
        if not heads:
            return False
        part = part[max(heads) :]
    return True


def _least(part: str, style: Any, ruler: TextMetrics) -> float:
    """Return the width in px from which on *part* can be set, hyphenated where it must be."""
    least = ruler.widths[part]
    for width in sorted(map(ruler.widths.__getitem__, set(_lines(part, style))), reverse=True):
        if width < least:
            if not _fits(part, width + _SLACK, style, ruler):
                break
            least = width
    return least


def _lines(part: str, style: Any) -> Iterator[str]:
    """Give all lines that *part* may be set in; what is left of it may be hyphenated in other places."""
    yield part
    for at in _hyphens(part, style):
        yield part[:at] + _mark(style)
        yield from _lines(part[at:], style)


def _parts(word: str, style: Any) -> Iterator[str]:
    """Give the parts of *word* between which a line may end (Unicode Standard Annex 14), if not too long."""
    if word.isascii() and word.isalnum():
        yield from [word] if len(word) <= _LONGEST else []
        return
    may_break = get_log_attrs(word, style["lang"])
    ends = (place for place in range(1, len(word)) if may_break[place].is_line_break)
    for start, end in pairwise((0, *ends, len(word))):
        if end - start <= _LONGEST:
            yield word[start:end]


def _hyphens(part: str, style: Any) -> Sequence[int]:
    """Return the places in *part* where it may be hyphenated in *style*."""
    if style["hyphens"] != "auto":
        return ()
    return hyphenation_offsets(part, style["lang"], *style["hyphenate_limit_chars"])


def _mark(style: Any) -> str:
    return str(style["hyphenate_character"])


def _room(box: Any, containing_block: Any) -> float:
    """Return the width that the table in *box* may have with its borders, in px."""
    margins = (margin for margin in (box.margin_left, box.margin_right) if margin != "auto")
    return float(containing_block[0] - sum(margins))


def _needs(column: Sequence[Any]) -> tuple[float, float, float] | None:
    """Return the widths in px that *column* needs: for letters, for words with hyphens, for whole words.

    None where it holds more than words.
    """
    letters = parted = whole = 0.0
    for cell in column:
        if cell is None or cell.colspan > 1:
            continue
        sides = sum(_px(cell.style[side]) for side in _SIDES) + _SLACK
        for text in cell.descendants():
            if isinstance(text, boxes.AtomicInlineLevelBox | boxes.ReplacedBox):
                return None
            if isinstance(text, boxes.TextBox):
                ruler = metrics_of(text.style)
                letters = max(letters, sides + ruler.widths["M"])
                for part in (part for word in text.text.split() for part in _parts(word, text.style)):
                    parted = max(parted, sides + _least(part, text.style, ruler))
                    whole = max(whole, sides + ruler.widths[part])
    return letters, max(letters, parted), max(letters, whole)


def _px(length: Any) -> float:
    """Return *length* in px; shares of a width that is not known count for nothing."""
    value, unit = getattr(length, "value", length), getattr(length, "unit", "px")
    return float(value) if unit == "px" else 0.0


def _shared(
    widths: Sequence[float], needs: Sequence[tuple[float, float, float] | None], surplus: float
) -> list[float] | None:
    """Return *widths* less *surplus*, each as near as can be to what it *needs*; None where they may stay.

    They must stay where a column would be narrower than what it holds besides words.
    """
    room = sum(widths) - surplus
    pairs = [(width, need or (width, width, width)) for width, need in zip(widths, needs, strict=True)]
    letters, parted, whole = ([need[place] for _, need in pairs] for place in range(3))
    if all(width >= need[2] for width, need in pairs) or (not surplus and sum(whole) > room):
        return None
    if sum(parted) > room and None in needs:
        return None
    ample = [max(width, need[2]) for width, need in pairs]
    steps = ([0.0] * len(widths), letters, parted, whole, ample)
    low, high = next((low, high) for low, high in pairwise(steps) if sum(high) > room or high is ample)
    share = (room - sum(low)) / (sum(high) - sum(low))
    return [least + (most - least) * share for least, most in zip(low, high, strict=True)]
