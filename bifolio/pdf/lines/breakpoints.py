"""A paragraph measured: where its lines may end, and how wide they would be."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import pyphen

from bifolio.pdf.engine.text import get_log_attrs
from bifolio.pdf.lines.inline_items import ATOMIC_INLINE, InlineItem
from bifolio.pdf.lines.knuth_plass import Breakpoint
from bifolio.pdf.lines.protrusion import LEFT_PROTRUSION, RIGHT_PROTRUSION
from bifolio.pdf.lines.text_metrics import TextMetrics, metrics_of

_HYPHEN, _SECOND_HYPHEN, _IN_ADDRESS = 160.0, 320.0, 60.0
"""What it costs to hyphenate a word, one that has a hyphen already, and to break an address."""
_TOKEN = re.compile(r" |[^ ]+")
_SEAM = re.compile(r"[^\w\s.,;:!?'’‘“”()]")
"""Behind such a character a line may end, between two spaces; Pango knows whether it may."""
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"[/_@]|::")
"""What addresses and names of programs have in them, and words have not."""
_IN_ADDRESSES = re.compile(r"[/?&=#._~:%+]+(?=\w)")
_HYPHENS = "-\N{HYPHEN}"
_SOFT_HYPHEN, _FIXED_SPACE = "\u00ad", "\u00a0"
_NEAR = 12
"""How many characters before its end a paragraph's letters are counted."""


@dataclass(frozen=True, slots=True)
class LineSplit:
    """Where in the text of a box a line ends and the next one begins."""

    box: Any
    end: int
    """In bytes, as the layout counts."""
    resume: int
    hyphen: bool
    """Whether a hyphen is put in."""


class BreakPosition(NamedTuple):
    """A stop, in characters."""

    box: Any
    end: int
    resume: int
    hyphen: bool = False

    def stop(self) -> LineSplit:
        """Return it in bytes."""
        end = len(self.box.text[: self.end].encode())
        return LineSplit(self.box, end, end + self.resume - self.end, self.hyphen)


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces, or a part of it in a box of its own."""

    text: str
    piece: InlineItem
    ruler: TextMetrics
    offset: int
    """Where it begins in the text of the piece."""
    at: int
    """Where it begins in the text of the paragraph."""
    x: float
    glue: float
    """The natural width of the spaces before it."""


class Paragraph:
    """A paragraph whose words are measured."""

    def __init__(self, pieces: Sequence[InlineItem], language: str | None) -> None:
        """Measure *pieces* in *language*."""
        self._text = "".join(piece.text for piece in pieces)
        self._may_break = get_log_attrs(self._text, language)
        self._words: list[Word] = []
        self._starts = list(accumulate((len(piece.text) for piece in pieces), initial=0))
        self._pieces = pieces
        self._plain = list(self._measured(pieces))
        self._all: list[Breakpoint] = []

    def breaks(self, hyphenated: bool) -> list[Breakpoint]:
        """Return its start, where it may break, within words too if *hyphenated*, and its end."""
        if not hyphenated:
            return self._plain
        if not self._all:
            within = [place for word in self._words for place in self._within(word)]
            self._all = sorted([*self._plain, *within], key=lambda place: place.start - place.start_hang)
        return self._all

    def _measured(self, pieces: Sequence[InlineItem]) -> Iterator[Breakpoint]:
        """Give the places between words, and keep the words."""
        x = end = glue = 0.0
        at = 0
        hang = self._hang(LEFT_PROTRUSION, 0)
        yield Breakpoint(0.0, 0.0, hang, 0.0, len(self._text), 0.0, False, start_hang=hang)
        for piece in pieces:
            x += piece.before
            if piece.text in ("", ATOMIC_INLINE):
                end = x = x + piece.width
                at += len(piece.text)
                continue
            box, text, start = piece.box, piece.text, at
            ruler = metrics_of(box.style)
            widths, space = ruler.widths, ruler.widths[" "]
            is_open = box.style["white_space"] == "normal"
            shortest = box.style["hyphenate_limit_chars"][0]
            for word in _TOKEN.findall(text):
                offset = at - start
                if word == " ":
                    after = x + ruler.space(text, offset)
                    if is_open and self._may_break[at + 1].is_line_break:
                        out = self._hang(RIGHT_PROTRUSION, at - 1)
                        hang = self._hang(LEFT_PROTRUSION, at + 1)
                        yield Breakpoint(
                            x - out, glue, after + hang, glue + space, self._letters(at), 0.0, False,
                            BreakPosition(box, offset, offset + 1), out, hang,
                        )  # fmt: skip
                    x = after
                    glue += space
                    at += 1
                    continue
                is_plain = word.isalpha()
                if is_open and (len(word) >= shortest or not is_plain):
                    kept = Word(word, piece, ruler, offset, at, x, glue)
                    self._words.append(kept)
                    if not is_plain:
                        yield from self._seams(kept)
                x += widths[word]
                if not is_plain:
                    glue += space * word.count(_FIXED_SPACE)
                end = x
                at += len(word)
        yield Breakpoint(end, glue, end, glue, 0, 0.0, False)

    def _hang(self, shares: Mapping[str, float], at: int) -> float:
        """Return how far in px the character *at* hangs, by *shares* of its width."""
        character = self._text[at : at + 1]
        if character not in shares:
            return 0.0
        piece = self._pieces[bisect_right(self._starts, at) - 1]
        return shares[character] * metrics_of(piece.box.style).widths[character]

    def _letters(self, at: int) -> int:
        """Return how many letters and figures follow *at*, where they are few."""
        rest = len(self._text) - at
        return rest if rest > _NEAR else sum(map(str.isalnum, self._text[at:]))

    def _seams(self, word: Word) -> Iterator[Breakpoint]:
        """Give the places in *word* where a line may end as it stands: behind a dash or its hyphen."""
        for seam in _SEAM.finditer(word.text):
            offset = seam.end()
            follows = self._text[word.at + offset : word.at + offset + 1]
            if follows in ("", " ") or seam[0] == _SOFT_HYPHEN:
                continue
            if self._may_break[word.at + offset].is_line_break:
                is_hyphen = seam[0] in _HYPHENS
                yield self._place(word, offset, _HYPHEN if is_hyphen else 0.0, is_hyphen=is_hyphen)

    def _within(self, word: Word) -> Iterator[Breakpoint]:
        """Give the places within *word* where it may be hyphenated, or broken if it is an address."""
        style = word.piece.box.style
        if style["overflow_wrap"] != "normal" and _ADDRESS.search(word.text):
            for part in _IN_ADDRESSES.finditer(word.text):
                yield self._place(word, part.end(), _IN_ADDRESS)
        if style["hyphens"] == "none":
            return
        mark = style["hyphenate_character"]
        if _SOFT_HYPHEN in word.text:
            for offset, character in enumerate(word.text, 1):
                if character == _SOFT_HYPHEN and offset < len(word.text):
                    yield self._place(word, offset, _HYPHEN, mark)
        elif style["hyphens"] == "auto" and self._is_whole(word):
            cost = _SECOND_HYPHEN if any(hyphen in word.text for hyphen in _HYPHENS) else _HYPHEN
            for offset in hyphenation_offsets(word.text, style["lang"], *style["hyphenate_limit_chars"]):
                yield self._place(word, offset, cost, mark)

    def _is_whole(self, word: Word) -> bool:
        """Say whether no letters of another box touch *word*."""
        before, after = self._text[word.at - 1 : word.at], self._text[word.at + len(word.text) :][:1]
        return not (before.isalpha() or after.isalpha())

    def _place(
        self, word: Word, offset: int, cost: float, mark: str = "", *, is_hyphen: bool = False
    ) -> Breakpoint:
        """Return the place in *word* at *offset*, with *mark* put in; *is_hyphen* says if it has one."""
        ruler = word.ruler
        spaces = word.text[:offset].count(_FIXED_SPACE)
        glue = word.glue + (ruler.widths[" "] * spaces if spaces else 0.0)
        x = word.x + ruler.share(word.text, offset)
        at = word.offset + offset
        if mark:
            out = ruler.widths[mark] * RIGHT_PROTRUSION.get(mark, 0.0)
        else:
            out = self._hang(RIGHT_PROTRUSION, word.at + offset - 1)
        hang = self._hang(LEFT_PROTRUSION, word.at + offset)
        return Breakpoint(
            end=(x + ruler.widths[mark] if mark else x) - out,
            end_glue=glue,
            start=x + hang,
            start_glue=glue,
            letters=self._letters(word.at + offset),
            cost=cost,
            hyphen=is_hyphen or bool(mark),
            mark=BreakPosition(word.piece.box, at, at, bool(mark)),
            end_hang=out,
            start_hang=hang,
        )


@lru_cache(maxsize=50_000)
def hyphenation_offsets(
    text: str, language: str | None, total: int, left: int, right: int
) -> tuple[int, ...]:
    """Return the offsets at which *text* may be hyphenated.

    Words have *total* letters or more, of which *left* and *right* or more stand on either side of a hyphen.
    """
    known = language and pyphen.language_fallback(language)
    if not known:
        return ()
    dictionary = pyphen.Pyphen(lang=known, left=left, right=right)
    return tuple(
        word.start() + place
        for word in _WORD.finditer(text)
        if len(word[0]) >= total and not word[0].isupper()
        for place in dictionary.positions(word[0])
        if place.data is None
    )
