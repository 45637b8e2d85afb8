"""A cover set from the metadata: the title large, the rest small, on the colours of the sheet."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from bifolio.fonts import Face, Fallback, own_faces
from bifolio.publication import Metadata

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1600, 2560
_MARGIN = 160
_GROUND, _INK, _QUIET, _ACCENT = (246, 243, 236), (29, 29, 27), (107, 107, 102), (155, 45, 32)


@dataclass(frozen=True, slots=True)
class _Type:
    """A face at a size, with the system fonts for what it lacks."""

    face: Face
    fallbacks: Sequence[Fallback]
    size: float

    def runs(self, text: str) -> Iterator[tuple[str, FreeTypeFont]]:
        """Part *text* into passages, each with the font that has its letters."""
        for face, letters in groupby(text, self._face_for):
            yield "".join(letters), _load(face, self.size)

    def _face_for(self, letter: str) -> Face:
        for fallback in self.fallbacks:
            if letter in fallback.characters:
                return fallback.face
        return self.face

    def width(self, text: str) -> float:
        """Return the width of *text* in px."""
        return sum(font.getlength(run) for run, font in self.runs(text))


@functools.cache
def _load(face: Face, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(face.path), size, index=face.index)


def set_cover(metadata: Metadata, date: str, fallbacks: Sequence[Fallback]) -> bytes:
    """Return the cover as a PNG of 1600 x 2560 px; *date* is the date in words."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((_MARGIN, 240, WIDTH - _MARGIN, 256), fill=_ACCENT)
    draw.rectangle((_MARGIN, HEIGHT - 420, WIDTH - _MARGIN, HEIGHT - 416), fill=_INK)
    serif, sans = "Source Serif Pro", "Source Sans Pro"
    title, lines = _fit(metadata.title, _Type(_face(serif, 700), fallbacks, 190), 1240)
    y = _set(draw, lines, title, 340, _INK, 1.12)
    if metadata.subtitle:
        room = HEIGHT - 560 - y
        subtitle, lines = _fit(metadata.subtitle, _Type(_face(serif, 400), fallbacks, 84), room)
        _set(draw, lines, subtitle, y + 70, _QUIET, 1.25)
    authors = ", ".join(metadata.authors)
    if authors:
        names, lines = _fit(authors, _Type(_face(sans, 600), fallbacks, 72), 130)
        _set(draw, lines, names, HEIGHT - 370, _INK, 1.2)
    if date:
        _set(draw, [date], _Type(_face(sans, 400), fallbacks, 60), HEIGHT - 210, _QUIET, 1.2)
    out = BytesIO()
    # Few colours: a palette keeps the file a quarter of its size.
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _face(family: str, weight: int) -> Face:
    return next(f for f in own_faces() if (f.family, f.weight, f.style) == (family, weight, "normal"))


def _fit(text: str, largest: _Type, room: float) -> tuple[_Type, list[str]]:
    """Return the largest type in which *text* fits *room* px of height, and its lines."""
    kind = largest
    while True:
        lines = _break(text, kind)
        widest = max(kind.width(line) for line in lines)
        fits = widest <= WIDTH - 2 * _MARGIN and len(lines) * kind.size * 1.25 <= room
        if kind.size < 24 or fits:
            return kind, lines
        kind = replace(kind, size=kind.size * 0.94)


def _break(text: str, kind: _Type) -> list[str]:
    """Break *text* into lines as wide as the cover; a text without spaces breaks anywhere."""
    spaced = " " in text.strip()
    units, space = (text.split(), " ") if spaced else (list(text), "")
    lines = [units[0]]
    for unit in units[1:]:
        longer = f"{lines[-1]}{space}{unit}"
        if kind.width(longer) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def _set(
    draw: ImageDraw, lines: list[str], kind: _Type, y: float, ink: tuple[int, int, int], leading: float
) -> float:
    """Draw *lines* from *y* downwards; return where they end."""
    for line in lines:
        x = float(_MARGIN)
        for run, font in kind.runs(line):
            draw.text((x, y + kind.size), run, ink, font, anchor="ls")
            x += font.getlength(run)
        y += kind.size * leading
    return y
