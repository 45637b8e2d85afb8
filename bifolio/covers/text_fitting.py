"""Words set in a picture: which face has their letters, where lines break, and how large they can be."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from bifolio.fonts.coverage import Fallback, has_glyph
from bifolio.fonts.faces import Face, bundled_face

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Colour = tuple[int, int, int]

_NOT_FIRST = frozenset("、。，．：；！？）〕］｝〉》」』】’”…—・ー")
"""What begins no line in Chinese and Japanese (JIS X 4051)."""
_NOT_LAST = frozenset("（〔［｛〈《「『【‘“")
_WITHOUT_HYPHENS = frozenset({"th", "lo", "km", "my", "zh", "ja"})
"""Languages that break words without a mark."""
_SOFT = "\N{SOFT HYPHEN}"
_STEP = 0.96
"""How much smaller the next size is that is tried."""
_VANITY = 0.55
"""The share of the largest size down to which type is made smaller for the sake of even lines."""
_PATIENCE = 0.4
"""The share of the largest size below which words are hyphenated."""
_LEAST = 36
"""The size in px below which nothing on a cover can be read."""


@dataclass(frozen=True, slots=True)
class FontSpec:
    """A face at a size in px, with the system fonts for what it lacks."""

    face: Face
    fallbacks: tuple[Fallback, ...]
    size: float
    leading: float
    """From line to line, in sizes."""

    def runs(self, text: str) -> Iterator[tuple[str, FreeTypeFont]]:
        """Part *text* into passages, each with the font that has its letters.

        Spaces and marks stay with the letters beside them where they can, so that a passage in a script of
        its own is shaped, and turned from right to left, as one.
        """
        faces = [None if _neutral(letter) else self._face_for(letter) for letter in text]
        face = next(filter(None, faces), self.face)
        for place, wanted in enumerate(faces):
            if wanted is None and not _has(face, text[place]):
                wanted = self._face_for(text[place])
            face = faces[place] = wanted or face
        for each, pairs in groupby(zip(faces, text, strict=True), lambda pair: pair[0]):
            yield "".join(letter for _, letter in pairs), _load(each or self.face, self.size)

    def _face_for(self, letter: str) -> Face:
        for fallback in self.fallbacks:
            if letter in fallback.characters:
                return fallback.face
        return self.face

    def width(self, text: str) -> float:
        """Return the width of *text* in px."""
        return _width(self, text)


@functools.lru_cache(maxsize=1024)
def _width(kind: FontSpec, text: str) -> float:
    """Return the width of *text*: the same words are measured again and again while they are fitted."""
    return sum(font.getlength(run) for run, font in kind.runs(text))


def _neutral(letter: str) -> bool:
    """Say whether *letter* belongs to no script: a space, a mark, or something unseen."""
    return unicodedata.category(letter)[0] in "ZPMC"


def _has(face: Face, letter: str) -> bool:
    return has_glyph(face, letter) or unicodedata.category(letter) == "Cf"


@functools.cache
def _load(face: Face, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(face.path), size, index=face.index)
    except OSError:  # a font of pictures has one size alone
        return ImageFont.truetype(str(bundled_face("Source Serif Pro", 400).path), size)


def fit_text(
    texts: Sequence[str], largest: FontSpec, box: tuple[float, float], language: str
) -> tuple[FontSpec, list[str]]:
    """Return the largest type in which *texts* fit the width and height of *box*, and their lines.

    Each of *texts* begins a line. A word of *language* that is too wide makes the type smaller first, and is
    hyphenated then. What fits at no size that can be read is set beyond the *box*.
    """
    width, height = box
    kind = largest
    while True:
        apart = kind.size < max(largest.size * _PATIENCE, _LEAST)
        broken = [_lines(text, kind, width, language if apart else "") for text in texts]
        lines = [line for each in broken for line in each]
        widest = max(map(kind.width, lines), default=0)
        fits = widest <= width and len(lines) * kind.size * kind.leading <= height
        even = kind.size < largest.size * _VANITY or all(_even(each, kind) for each in broken)
        if (fits and even) or kind.size < _LEAST:
            return kind, lines
        kind = replace(kind, size=kind.size * _STEP)


def _even(lines: Sequence[str], kind: FontSpec) -> bool:
    """Say whether no line but the last is much shorter than the others."""
    widths = [kind.width(line) for line in lines]
    return min(widths[:-1], default=0) >= max(widths) * 0.4 or len(lines) < 2


def _lines(text: str, kind: FontSpec, width: float, language: str) -> list[str]:
    """Break *text* into as few lines as *width* allows, of lengths as like as can be.

    Words are hyphenated where a *language* is given.
    """
    units = _units(text)
    if language:
        units = [piece for unit in units for piece in _parts(unit, kind, width, language)]
    best = _fill(units, kind, width)
    low, high = max(map(kind.width, units), default=0), width
    while high - low > kind.size / 8:
        middle = (low + high) / 2
        lines = _fill(units, kind, middle)
        if len(lines) > len(best):
            low = middle
        else:
            best, high = lines, middle
    return best


def _fill(units: Sequence[str], kind: FontSpec, width: float) -> list[str]:
    lines: list[str] = []
    for unit in units:
        if lines and kind.width(f"{lines[-1]}{unit}".rstrip()) <= width:
            lines[-1] += unit
        else:
            lines.append(unit)
    return [line.strip() for line in lines]


def _units(text: str) -> list[str]:
    """Part *text* where a line may end: behind a space, and between characters that fill a square."""
    units = [""]
    for before, letter in zip(f" {text}", text, strict=False):
        square = any(unicodedata.east_asian_width(c) in "WF" for c in (before, letter))
        korean = "HANGUL" in unicodedata.name(letter, "")
        may_end = square and not korean and letter not in _NOT_FIRST and before not in _NOT_LAST
        if units[-1] and letter != " " and (before == " " or may_end):
            units.append("")
        units[-1] += letter
    return units


def _parts(word: str, kind: FontSpec, width: float, language: str) -> list[str]:
    """Part a *word* that is wider than *width*, with hyphens: as its language does, or else anywhere."""
    from pyphen import Pyphen, language_fallback

    hyphen = "" if language.partition("-")[0] in _WITHOUT_HYPHENS else "-"
    known = language_fallback(language)
    pieces: Sequence[str] = Pyphen(lang=known).inserted(word, _SOFT).split(_SOFT) if known else word
    if any(kind.width(f"{piece}{hyphen}") > width for piece in pieces):
        pieces = word
    parts, part = [], ""
    for piece in pieces:
        if part and kind.width(f"{part}{piece}{hyphen}") > width:
            parts.append(f"{part}{hyphen}")
            part = ""
        part += piece
    return [*parts, part]


def draw_lines(
    canvas: ImageDraw, lines: Sequence[str], kind: FontSpec, place: tuple[float, float], ink: Colour,
    *, to_left: bool = False,
) -> None:  # fmt: skip
    """Draw *lines*, the baseline of the first at *place*.

    *to_left* sets them from right to left, so that they end in *place*.
    """
    x, y = place
    for line in lines:
        runs = list(kind.runs(line))
        left = x - kind.width(line) if to_left else x
        for run, font in reversed(runs) if to_left else runs:
            canvas.text((left, y), run, ink, font, anchor="ls")
            left += font.getlength(run)
        y += kind.size * kind.leading
