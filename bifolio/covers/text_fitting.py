"""Fits text into a box: selects fonts, breaks lines, and finds the largest size. Draws it with Pillow."""

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
"""Characters that cannot begin a line in Chinese and Japanese (JIS X 4051)."""
_NOT_LAST = frozenset("（〔［｛〈《「『【‘“")
"""Characters that cannot end a line."""
_WITHOUT_HYPHENS = frozenset({"th", "lo", "km", "my", "zh", "ja"})
"""Languages that break words without a hyphen."""
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_STEP = 0.96
"""The ratio of each size that is tried to the one before."""
_EVEN_LINES_SHARE = 0.55
"""The share of the largest size down to which type is reduced to make lines even."""
_HYPHENATION_SHARE = 0.4
"""The share of the largest size below which words are hyphenated."""
_MIN_SIZE = 36
"""The smallest legible size on a cover, in px."""


@dataclass(frozen=True, slots=True)
class FontSpec:
    """A face at a size in px, with its fallback fonts and its line height."""

    face: Face
    fallbacks: tuple[Fallback, ...]
    size: float
    leading: float
    """The distance between baselines, as a multiple of the size."""

    def runs(self, text: str) -> Iterator[tuple[str, FreeTypeFont]]:
        """Yield *text* in runs of one font each.

        Spaces and marks join a run beside them if its font has them, so that a passage in another script is
        shaped, and ordered from right to left, as one.
        """
        faces = [None if _is_neutral(character) else self._face_for(character) for character in text]
        face = next(filter(None, faces), self.face)
        for index, wanted in enumerate(faces):
            if wanted is None and not _has_glyph(face, text[index]):
                wanted = self._face_for(text[index])
            face = faces[index] = wanted or face
        for each, pairs in groupby(zip(faces, text, strict=True), lambda pair: pair[0]):
            yield "".join(character for _, character in pairs), _load(each or self.face, self.size)

    def _face_for(self, character: str) -> Face:
        for fallback in self.fallbacks:
            if character in fallback.characters:
                return fallback.face
        return self.face

    def width(self, text: str) -> float:
        """Return the width of *text* in px."""
        return _width(self, text)


@functools.lru_cache(maxsize=1024)
def _width(spec: FontSpec, text: str) -> float:
    """Return the width of *text* in px; cached, as fitting measures the same words many times."""
    return sum(font.getlength(run) for run, font in spec.runs(text))


def _is_neutral(character: str) -> bool:
    """Return whether *character* is a space, a punctuation or combining mark, or invisible."""
    return unicodedata.category(character)[0] in "ZPMC"


def _has_glyph(face: Face, character: str) -> bool:
    return has_glyph(face, character) or unicodedata.category(character) == "Cf"


@functools.cache
def _load(face: Face, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(face.path), size, index=face.index)
    except OSError:  # a bitmap font has only one size
        return ImageFont.truetype(str(bundled_face("Source Serif Pro", 400).path), size)


def fit_text(
    texts: Sequence[str], largest: FontSpec, box: tuple[float, float], language: str
) -> tuple[FontSpec, list[str]]:
    """Return *largest* at the greatest size at which *texts* fit *box*, a width and a height, and the lines.

    Each of *texts* begins a line. For a word that is too wide the size is reduced first; below a limit, words
    are hyphenated as in *language*. Text that fits at no legible size overflows the box.
    """
    width, height = box
    spec = largest
    while True:
        hyphenates = spec.size < max(largest.size * _HYPHENATION_SHARE, _MIN_SIZE)
        broken = [_lines(text, spec, width, language if hyphenates else "") for text in texts]
        lines = [line for each in broken for line in each]
        widest = max(map(spec.width, lines), default=0)
        fits = widest <= width and len(lines) * spec.size * spec.leading <= height
        looks_even = spec.size < largest.size * _EVEN_LINES_SHARE or all(
            _is_even(each, spec) for each in broken
        )
        if (fits and looks_even) or spec.size < _MIN_SIZE:
            return spec, lines
        spec = replace(spec, size=spec.size * _STEP)


def _is_even(lines: Sequence[str], spec: FontSpec) -> bool:
    """Return whether no line except the last is much shorter than the others."""
    widths = [spec.width(line) for line in lines]
    return min(widths[:-1], default=0) >= max(widths) * 0.4 or len(lines) < 2


def _lines(text: str, spec: FontSpec, width: float, language: str) -> list[str]:
    """Return *text* broken into as few lines as *width* allows, of lengths as equal as possible.

    Words that are too wide are hyphenated if a *language* is given.
    """
    units = _units(text)
    if language:
        units = [part for unit in units for part in _hyphenate(unit, spec, width, language)]
    best = _fill(units, spec, width)
    low, high = max(map(spec.width, units), default=0), width
    while high - low > spec.size / 8:
        middle = (low + high) / 2
        lines = _fill(units, spec, middle)
        if len(lines) > len(best):
            low = middle
        else:
            best, high = lines, middle
    return best


def _fill(units: Sequence[str], spec: FontSpec, width: float) -> list[str]:
    lines: list[str] = []
    for unit in units:
        if lines and spec.width(f"{lines[-1]}{unit}".rstrip()) <= width:
            lines[-1] += unit
        else:
            lines.append(unit)
    return [line.strip() for line in lines]


def _units(text: str) -> list[str]:
    """Return *text* split at its break opportunities: after spaces, and between fullwidth characters."""
    units = [""]
    for before, character in zip(f" {text}", text, strict=False):
        is_wide = any(unicodedata.east_asian_width(c) in "WF" for c in (before, character))
        is_korean = "HANGUL" in unicodedata.name(character, "")
        can_break = is_wide and not is_korean and character not in _NOT_FIRST and before not in _NOT_LAST
        if units[-1] and character != " " and (before == " " or can_break):
            units.append("")
        units[-1] += character
    return units


def _hyphenate(word: str, spec: FontSpec, width: float, language: str) -> list[str]:
    """Return parts of *word* that fit into *width*, broken as in *language* or, failing that, anywhere."""
    from pyphen import Pyphen, language_fallback

    hyphen = "" if language.partition("-")[0] in _WITHOUT_HYPHENS else "-"
    dictionary = language_fallback(language)
    syllables: Sequence[str] = word
    if dictionary:
        syllables = Pyphen(lang=dictionary).inserted(word, _SOFT_HYPHEN).split(_SOFT_HYPHEN)
    if any(spec.width(f"{syllable}{hyphen}") > width for syllable in syllables):
        syllables = word
    parts, part = [], ""
    for syllable in syllables:
        if part and spec.width(f"{part}{syllable}{hyphen}") > width:
            parts.append(f"{part}{hyphen}")
            part = ""
        part += syllable
    return [*parts, part]


def draw_lines(
    canvas: ImageDraw, lines: Sequence[str], spec: FontSpec, origin: tuple[float, float], colour: Colour,
    *, right_to_left: bool = False,
) -> None:  # fmt: skip
    """Draw *lines* on *canvas*; *origin* is the start of the first baseline.

    That is its left end, or its right end with *right_to_left*.
    """
    x, y = origin
    for line in lines:
        runs = list(spec.runs(line))
        left = x - spec.width(line) if right_to_left else x
        for run, font in reversed(runs) if right_to_left else runs:
            canvas.text((left, y), run, colour, font, anchor="ls")
            left += font.getlength(run)
        y += spec.size * spec.leading
