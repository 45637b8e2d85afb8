"""Measures a paragraph: its breakpoints, and the widths of the lines between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from bifolio.pdf.engine.text import get_log_attrs
from bifolio.pdf.lines.hyphenation import hyphenation_offsets
from bifolio.pdf.lines.inline_items import ATOMIC_INLINE, InlineItem
from bifolio.pdf.lines.knuth_plass import Breakpoint
from bifolio.pdf.lines.protrusion import LEFT_PROTRUSION, RIGHT_PROTRUSION
from bifolio.pdf.lines.text_metrics import TextMetrics, metrics_of

_HYPHEN_PENALTY = 160.0
_SECOND_HYPHEN_PENALTY = 320.0
"""The penalty of hyphenating a word that has a hyphen already."""
_URL_PENALTY = 60.0
_TOKEN = re.compile(r" |[^ ]+")
_BREAK_AFTER = re.compile(r"[^\w\s.,;:!?'’‘“”()]")
"""A character between two spaces after which a line may end, if Pango allows it (UAX #14)."""
_URL = re.compile(r"[/_@]|::")
"""What URLs and identifiers contain, and words do not."""
_URL_DELIMITERS = re.compile(r"[/?&=#._~:%+]+(?=\w)")
_HYPHENS = "-\N{HYPHEN}"
_SOFT_HYPHEN, _NO_BREAK_SPACE = "\u00ad", "\u00a0"
_COUNTED_CHARACTERS = 12
"""The number of characters before the end of a paragraph among which letters are counted."""


@dataclass(frozen=True, slots=True)
class LineSplit:
    """Where a text box is split between two lines, in bytes of its text, as WeasyPrint counts."""

    box: Any
    end: int
    """Where the line ends."""
    resume: int
    """Where the next line begins."""
    has_hyphen: bool
    """Whether a hyphen is inserted."""


class BreakPosition(NamedTuple):
    """Where a text box is split between two lines, in characters of its text."""

    box: Any
    end: int
    resume: int
    has_hyphen: bool = False

    def to_line_split(self) -> LineSplit:
        """Return the same position in bytes."""
        end = len(self.box.text[: self.end].encode())
        return LineSplit(self.box, end, end + self.resume - self.end, self.has_hyphen)


@dataclass(frozen=True, slots=True)
class Word:
    """The text between two spaces, or the part of it that is in one box."""

    text: str
    item: InlineItem
    metrics: TextMetrics
    item_offset: int
    """Where it begins in the text of the item."""
    offset: int
    """Where it begins in the text of the paragraph."""
    x: float
    """Where it begins in the paragraph, in CSS px."""
    glue: float
    """The natural width of the spaces before it, in CSS px."""


class Paragraph:
    """A measured paragraph."""

    def __init__(self, items: Sequence[InlineItem], language: str | None) -> None:
        """Measure *items* in *language*."""
        self._text = "".join(item.text for item in items)
        self._attributes = get_log_attrs(self._text, language)
        self._words: list[Word] = []
        self._item_offsets = list(accumulate((len(item.text) for item in items), initial=0))
        self._items = items
        self._unhyphenated = list(self._measure(items))
        self._all: list[Breakpoint] = []

    def breakpoints(self, is_hyphenated: bool) -> list[Breakpoint]:
        """Return the start, the breakpoints, those within words too if *is_hyphenated*, and the end."""
        if not is_hyphenated:
            return self._unhyphenated
        if not self._all:
            within = [breakpoint for word in self._words for breakpoint in self._within_word(word)]
            self._all = sorted(
                [*self._unhyphenated, *within], key=lambda one: one.start - one.start_protrusion
            )
        return self._all

    def _measure(self, items: Sequence[InlineItem]) -> Iterator[Breakpoint]:
        """Yield the breakpoints that need no hyphenation, and record the words."""
        x = end = glue = 0.0
        offset = 0
        protrusion = self._protrusion(LEFT_PROTRUSION, 0)
        yield Breakpoint(0.0, 0.0, protrusion, 0.0, len(self._text), 0.0, False, start_protrusion=protrusion)
        for item in items:
            x += item.edges_before
            if item.text in ("", ATOMIC_INLINE):
                end = x = x + item.width
                offset += len(item.text)
                continue
            box, text, start = item.box, item.text, offset
            metrics = metrics_of(box.style)
            widths, space = metrics.widths, metrics.widths[" "]
            can_wrap = box.style["white_space"] == "normal"
            shortest = box.style["hyphenate_limit_chars"][0]
            for token in _TOKEN.findall(text):
                item_offset = offset - start
                if token == " ":
                    after = x + metrics.space_width(text, item_offset)
                    if can_wrap and self._attributes[offset + 1].is_line_break:
                        end_protrusion = self._protrusion(RIGHT_PROTRUSION, offset - 1)
                        protrusion = self._protrusion(LEFT_PROTRUSION, offset + 1)
                        yield Breakpoint(
                            x - end_protrusion, glue, after + protrusion, glue + space,
                            self._letters_after(offset), 0.0, False,
                            BreakPosition(box, item_offset, item_offset + 1), end_protrusion, protrusion,
                        )  # fmt: skip
                    x = after
                    glue += space
                    offset += 1
                    continue
                is_plain = token.isalpha()
                if can_wrap and (len(token) >= shortest or not is_plain):
                    word = Word(token, item, metrics, item_offset, offset, x, glue)
                    self._words.append(word)
                    if not is_plain:
                        yield from self._after_punctuation(word)
                x += widths[token]
                if not is_plain:
                    glue += space * token.count(_NO_BREAK_SPACE)
                end = x
                offset += len(token)
        yield Breakpoint(end, glue, end, glue, 0, 0.0, False)

    def _protrusion(self, shares: Mapping[str, float], offset: int) -> float:
        """Return how far in CSS px the character at *offset* protrudes, by *shares* of its width."""
        character = self._text[offset : offset + 1]
        if character not in shares:
            return 0.0
        item = self._items[bisect_right(self._item_offsets, offset) - 1]
        return shares[character] * metrics_of(item.box.style).widths[character]

    def _letters_after(self, offset: int) -> int:
        """Return how many letters and digits follow *offset*; far from the end, how many characters."""
        rest = len(self._text) - offset
        return rest if rest > _COUNTED_CHARACTERS else sum(map(str.isalnum, self._text[offset:]))

    def _after_punctuation(self, word: Word) -> Iterator[Breakpoint]:
        """Yield the breakpoints in *word* where nothing is inserted: after a dash or its own hyphen."""
        for match in _BREAK_AFTER.finditer(word.text):
            end = match.end()
            following = self._text[word.offset + end : word.offset + end + 1]
            if following in ("", " ") or match[0] == _SOFT_HYPHEN:
                continue
            if self._attributes[word.offset + end].is_line_break:
                is_hyphenated = match[0] in _HYPHENS
                penalty = _HYPHEN_PENALTY if is_hyphenated else 0.0
                yield self._breakpoint(word, end, penalty, is_hyphenated=is_hyphenated)

    def _within_word(self, word: Word) -> Iterator[Breakpoint]:
        """Yield the breakpoints where *word* may be hyphenated, or broken if it is a URL."""
        style = word.item.box.style
        if style["overflow_wrap"] != "normal" and _URL.search(word.text):
            for match in _URL_DELIMITERS.finditer(word.text):
                yield self._breakpoint(word, match.end(), _URL_PENALTY)
        if style["hyphens"] == "none":
            return
        hyphen = style["hyphenate_character"]
        if _SOFT_HYPHEN in word.text:
            for end, character in enumerate(word.text, 1):
                if character == _SOFT_HYPHEN and end < len(word.text):
                    yield self._breakpoint(word, end, _HYPHEN_PENALTY, hyphen)
        elif style["hyphens"] == "auto" and self._is_whole(word):
            has_hyphen = any(character in word.text for character in _HYPHENS)
            penalty = _SECOND_HYPHEN_PENALTY if has_hyphen else _HYPHEN_PENALTY
            for end in hyphenation_offsets(word.text, style["lang"], *style["hyphenate_limit_chars"]):
                yield self._breakpoint(word, end, penalty, hyphen)

    def _is_whole(self, word: Word) -> bool:
        """Return whether no letters of another box adjoin *word*."""
        before, after = (
            self._text[word.offset - 1 : word.offset],
            self._text[word.offset + len(word.text) :][:1],
        )
        return not (before.isalpha() or after.isalpha())

    def _breakpoint(
        self, word: Word, end: int, penalty: float, hyphen: str = "", *, is_hyphenated: bool = False
    ) -> Breakpoint:
        """Return the breakpoint before the offset *end* of *word*, with *hyphen* inserted.

        *is_hyphenated* says whether the word has a hyphen of its own there.
        """
        metrics = word.metrics
        spaces = word.text[:end].count(_NO_BREAK_SPACE)
        glue = word.glue + (metrics.widths[" "] * spaces if spaces else 0.0)
        x = word.x + metrics.width_before(word.text, end)
        item_offset = word.item_offset + end
        if hyphen:
            end_protrusion = metrics.widths[hyphen] * RIGHT_PROTRUSION.get(hyphen, 0.0)
        else:
            end_protrusion = self._protrusion(RIGHT_PROTRUSION, word.offset + end - 1)
        start_protrusion = self._protrusion(LEFT_PROTRUSION, word.offset + end)
        return Breakpoint(
            end=(x + metrics.widths[hyphen] if hyphen else x) - end_protrusion,
            end_glue=glue,
            start=x + start_protrusion,
            start_glue=glue,
            letters_after=self._letters_after(word.offset + end),
            penalty=penalty,
            is_hyphenated=is_hyphenated or bool(hyphen),
            position=BreakPosition(word.item.box, item_offset, item_offset, bool(hyphen)),
            end_protrusion=end_protrusion,
            start_protrusion=start_protrusion,
        )
