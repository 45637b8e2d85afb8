"""A paragraph measured: where its lines may end, and how wide they would be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyphen
from weasyprint.text.line_break import get_log_attrs

from bifolio.pdf.linebreaks import Break
from bifolio.pdf.pieces import ATOM, Piece
from bifolio.pdf.rulers import Ruler, Rulers

_HYPHEN, _IN_ADDRESS = 50.0, 60.0
"""What it costs to hyphenate a word, and to break an address."""
_TOKEN = re.compile(r" |[^ ]+")
_SEAM = re.compile(r"[^\w\s.,;:!?'’”)]")
"""Behind such a character a line may end, between two spaces; Pango knows whether it may."""
_WORD = re.compile(r"[^\W\d_]+")
_IN_ADDRESSES = re.compile(r"[/?&=#._~:%+-]+(?=\w)")
_HYPHENS = "-\N{HYPHEN}"
_SOFT_HYPHEN, _FIXED_SPACE = "\u00ad", "\u00a0"
_NEAR = 12
"""How many characters before its end a paragraph's letters are counted."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where in the text of a box a line ends and the next one begins, in bytes, as the layout counts."""

    box: Any
    end: int
    resume: int
    hyphen: bool


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces, or a part of it in a box of its own."""

    text: str
    piece: Piece
    offset: int
    """Where it begins in the text of the piece."""
    at: int
    """Where it begins in the text of the paragraph."""
    x: float
    glue: float
    """The natural width of the spaces before it."""


class Paragraph:
    """A paragraph whose words are measured."""

    def __init__(self, pieces: Sequence[Piece], language: str | None, rulers: Rulers, shelf: Any) -> None:
        """Measure *pieces*; *shelf* is where the layout keeps its dictionaries, by what they are asked."""
        self._rulers, self._shelf = rulers, shelf
        self._text = "".join(piece.text for piece in pieces)
        self._may_break = get_log_attrs(self._text, language)
        self._words: list[Word] = []
        self._plain = list(self._measured(pieces))
        self._all: list[Break] = []

    def breaks(self, hyphenated: bool) -> list[Break]:
        """Return its start, where it may break, within words too if *hyphenated*, and its end."""
        if not hyphenated:
            return self._plain
        if not self._all:
            within = [place for word in self._words for place in self._within(word)]
            self._all = sorted([*self._plain, *within], key=lambda place: place.start)
        return self._all

    def _measured(self, pieces: Sequence[Piece]) -> Iterator[Break]:
        """Give the places between words, and keep the words."""
        x = end = glue = 0.0
        at = 0
        yield Break(0.0, 0.0, 0.0, 0.0, len(self._text), 0.0, False)
        for piece in pieces:
            x += piece.before
            if piece.text in ("", ATOM):
                end = x = x + piece.width
                at += len(piece.text)
                continue
            ruler = self._rulers.of(piece.box.style)
            space = ruler.width(" ")
            is_open = piece.box.style["white_space"] == "normal"
            for token in _TOKEN.finditer(piece.text):
                text, offset = token[0], token.start()
                if text == " ":
                    after = x + _space(ruler, piece.text, offset)
                    if is_open and self._may_break[at + offset + 1].is_line_break:
                        letters, stop = self._letters(at + offset), self._stop(piece, offset, offset + 1)
                        yield Break(x, glue, after, glue + space, letters, 0.0, False, stop)
                    x = after
                    glue += space
                    continue
                word = Word(text, piece, offset, at + offset, x, glue)
                if is_open:
                    self._words.append(word)
                    yield from self._seams(word, ruler)
                x += ruler.width(text)
                glue += space * text.count(_FIXED_SPACE)
                end = x
            at += len(piece.text)
        yield Break(end, glue, end, glue, 0, 0.0, False)

    def _stop(self, piece: Piece, end: int, resume: int, *, hyphen: bool = False) -> Stop:
        text = piece.text
        before = len(text[:end].encode())
        return Stop(piece.box, before, before + resume - end, hyphen)

    def _letters(self, at: int) -> int:
        """Return how many letters and figures follow *at*, where they are few."""
        rest = len(self._text) - at
        return rest if rest > _NEAR else sum(map(str.isalnum, self._text[at:]))

    def _seams(self, word: Word, ruler: Ruler) -> Iterator[Break]:
        """Give the places in *word* where a line may end as it stands: behind a dash or its hyphen."""
        for seam in _SEAM.finditer(word.text):
            offset = seam.end()
            follows = self._text[word.at + offset : word.at + offset + 1]
            if follows in ("", " ") or seam[0] == _SOFT_HYPHEN:
                continue
            if self._may_break[word.at + offset].is_line_break:
                is_hyphen = seam[0] in _HYPHENS
                yield self._place(word, offset, ruler, _HYPHEN if is_hyphen else 0.0, is_hyphen=is_hyphen)

    def _within(self, word: Word) -> Iterator[Break]:
        """Give the places within *word* where it may be hyphenated, or broken if it is an address."""
        style = word.piece.box.style
        ruler = self._rulers.of(style)
        if style["overflow_wrap"] != "normal":
            for part in _IN_ADDRESSES.finditer(word.text):
                yield self._place(word, part.end(), ruler, _IN_ADDRESS)
        if style["hyphens"] == "none":
            return
        mark = style["hyphenate_character"]
        if _SOFT_HYPHEN in word.text:
            for offset, character in enumerate(word.text, 1):
                if character == _SOFT_HYPHEN and offset < len(word.text):
                    yield self._place(word, offset, ruler, _HYPHEN, mark)
        elif style["hyphens"] == "auto" and self._is_whole(word):
            for offset in self._syllables(word.text, style):
                yield self._place(word, offset, ruler, _HYPHEN, mark)

    def _is_whole(self, word: Word) -> bool:
        """Say whether no letters of another box touch *word*."""
        before, after = self._text[word.at - 1 : word.at], self._text[word.at + len(word.text) :][:1]
        return not (before.isalpha() or after.isalpha())

    def _syllables(self, text: str, style: Any) -> Iterator[int]:
        """Give the offsets at which *text* may be hyphenated."""
        total, left, right = style["hyphenate_limit_chars"]
        if len(text) < total:
            return
        language = style["lang"] and pyphen.language_fallback(style["lang"])
        if not language:
            return
        key = language, left, right, total
        if key not in self._shelf:
            self._shelf[key] = pyphen.Pyphen(lang=language, left=left, right=right)
        for word in _WORD.finditer(text):
            if len(word[0]) >= total and not word[0].isupper():
                for place in self._shelf[key].positions(word[0]):
                    if place.data is None:
                        yield word.start() + place

    def _place(
        self, word: Word, offset: int, ruler: Ruler, cost: float, mark: str = "", *, is_hyphen: bool = False
    ) -> Break:
        """Return the place in *word* at *offset*, with *mark* put in; *is_hyphen* says if it has one."""
        head, tail = word.text[:offset], word.text[offset:]
        space = ruler.width(" ") if _FIXED_SPACE in head else 0.0
        glue = word.glue + space * head.count(_FIXED_SPACE)
        at = word.offset + offset
        return Break(
            end=word.x + ruler.width(head + mark),
            end_glue=glue,
            start=word.x + ruler.width(word.text) - ruler.width(tail),
            start_glue=glue,
            letters=self._letters(word.at + offset),
            cost=cost,
            hyphen=is_hyphen or bool(mark),
            mark=self._stop(word.piece, at, at, hyphen=bool(mark)),
        )


def _space(ruler: Ruler, text: str, offset: int) -> float:
    """Return the width of the space in *text* at *offset*: a font may kern it."""
    before, after = text[max(0, offset - 1) : offset], text[offset + 1 : offset + 2]
    return ruler.space(before, after) if before and after else ruler.width(" ")
