"""A cover set from the metadata: the title large, the rest small, on the colours of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from bifolio.fonts import Face, Fallback, own_faces
from bifolio.publication import Metadata

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1600, 2560
_MARGIN = 160
_GROUND, _INK, _QUIET, _ACCENT = (246, 243, 236), (29, 29, 27), (107, 107, 102), (155, 45, 32)


def set_cover(metadata: Metadata, date: str, fallbacks: Sequence[Fallback]) -> bytes:
    """Return the cover as a PNG of 1600 x 2560 px; *date* is the date in words."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((_MARGIN, 240, WIDTH - _MARGIN, 256), fill=_ACCENT)
    draw.rectangle((_MARGIN, HEIGHT - 420, WIDTH - _MARGIN, HEIGHT - 416), fill=_INK)
    y = 340.0
    text = metadata.title
    font, lines = _fit(draw, text, _face(text, "Source Serif Pro", 700, fallbacks), 190, 1240)
    y = _set(draw, lines, font, y, _INK, 1.12)
    if metadata.subtitle:
        face = _face(metadata.subtitle, "Source Serif Pro", 400, fallbacks)
        font, lines = _fit(draw, metadata.subtitle, face, 84, HEIGHT - 560 - y)
        _set(draw, lines, font, y + 70, _QUIET, 1.25)
    authors = ", ".join(metadata.authors)
    if authors:
        face = _face(authors, "Source Sans Pro", 600, fallbacks)
        font, lines = _fit(draw, authors, face, 72, 130)
        _set(draw, lines, font, HEIGHT - 370, _INK, 1.2)
    if date:
        font = _load(_face(date, "Source Sans Pro", 400, fallbacks), 60)
        _set(draw, [date], font, HEIGHT - 210, _QUIET, 1.2)
    out = BytesIO()
    # Few colours: a palette keeps the file a quarter of its size.
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _face(text: str, family: str, weight: int, fallbacks: Sequence[Fallback]) -> Face:
    """Return the face for *text*: our own, or the first system font that it needs."""
    for fallback in fallbacks:
        if fallback.characters & set(text):
            return fallback.face
    return next(f for f in own_faces() if (f.family, f.weight, f.style) == (family, weight, "normal"))


def _load(face: Face, size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(face.path), size, index=face.index)


def _fit(draw: ImageDraw, text: str, face: Face, size: float, room: float) -> tuple[FreeTypeFont, list[str]]:
    """Return the largest font up to *size* px in which *text* fits *room* px of height, and its lines."""
    while True:
        font = _load(face, size)
        lines = _break(draw, text, font)
        widest = max(draw.textlength(line, font) for line in lines)
        if size < 24 or (widest <= WIDTH - 2 * _MARGIN and len(lines) * size * 1.25 <= room):
            return font, lines
        size *= 0.94


def _break(draw: ImageDraw, text: str, font: FreeTypeFont) -> list[str]:
    """Break *text* into lines as wide as the cover; a text without spaces breaks anywhere."""
    units = text.split() if " " in text.strip() else list(text)
    space = " " if " " in text.strip() else ""
    lines = [units[0]]
    for unit in units[1:]:
        longer = f"{lines[-1]}{space}{unit}"
        if draw.textlength(longer, font) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def _set(
    draw: ImageDraw, lines: list[str], font: FreeTypeFont, y: float, ink: tuple[int, int, int], leading: float
) -> float:
    """Draw *lines* from *y* downwards; return where they end."""
    for line in lines:
        draw.text((_MARGIN, y), line, ink, font)
        y += font.size * leading
    return y
