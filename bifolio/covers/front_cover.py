"""A cover set from the metadata: the title large on paper beside a back of cloth, as on half-bound books."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from bifolio.covers.text_fitting import Colour, FontSpec, draw_lines, fit_text
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import bundled_face
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Metadata, Picture, Publication
from bifolio.runtime.cache import Cache, cached
from bifolio.runtime.environment import font_fingerprint

WIDTH, HEIGHT = 1600, 2560
PAPER, INK, _QUIET, CLOTH = (246, 243, 236), (29, 29, 27), (97, 97, 92), (140, 41, 29)
BACK = 176
"""How wide the cloth is, in px, on the side where the book is bound."""
_INDENT, _EDGE = 340, 150
"""From the bound side and from the open one to the text, in px."""
_MEASURE = WIDTH - _INDENT - _EDGE
_HEAD, _TITLE, _FOOT = 330, 690, 200
"""The baseline of the first author and the top of the title, from above; the last baseline, from below."""
_SERIF, _SANS = "Source Serif Pro", "Source Sans Pro"


Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in px."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines on the cover."""

    lines: tuple[str, ...]
    kind: FontSpec
    place: tuple[float, float]
    """Where the baseline of the first begins, or ends where it is read from right to left."""
    ink: Colour


@dataclass(frozen=True, slots=True)
class CoverLayout:
    """What stands where on a cover."""

    cloth: Box
    rule: Box | None
    words: tuple[TextBlock, ...]
    to_left: bool


def cover_image(
    publication: Publication,
    fallbacks: tuple[Fallback, ...],
    height: int = HEIGHT,
    cache: Cache | None = None,
) -> Picture:
    """Return the author's cover of *publication*, or one that is set, 1600 x *height* px.

    *cache* keeps what was set.
    """
    if publication.cover is not None:
        return publication.cover
    words = publication.metadata, date_in_words(publication), fallbacks, height
    data = cached(cache, ("cover", words, font_fingerprint()), partial(render_cover, *words))
    return Picture("cover.png", "image/png", data, WIDTH, height)


def date_in_words(publication: Publication) -> str:
    """Return the date of *publication* in words, or nothing."""
    when = publication.sections[0].body.find(".//time[@class='date']")
    return (when.text or "") if when is not None else ""


def lay_out_cover(
    metadata: Metadata, date: str, fallbacks: tuple[Fallback, ...], height: int = HEIGHT
) -> CoverLayout:
    """Return what stands where on the cover, 1600 x *height* px; *date* is the date in words, or empty."""
    to_left = direction(metadata.language) == "rtl"
    x = WIDTH - _INDENT if to_left else _INDENT
    cloth = WIDTH - BACK if to_left else 0
    words: list[TextBlock] = []

    def put(lines: Sequence[str], kind: FontSpec, y: float, ink: Colour) -> None:
        words.append(TextBlock(tuple(lines), kind, (x, y), ink))

    def fitted(texts: Sequence[str], kind: FontSpec, height: float) -> tuple[FontSpec, list[str]]:
        return fit_text(texts, kind, (_MEASURE, height), metadata.language)

    names, lines = fitted(_names(metadata), FontSpec(bundled_face(_SANS, 600), fallbacks, 68, 1.35), 370)
    put(lines, names, _HEAD, INK)
    foot = [text for text in (_series(metadata), metadata.publisher, date) if text]
    small, last = fitted(foot, FontSpec(bundled_face(_SANS, 400), fallbacks, 52, 1.45), 230)
    top = height - _FOOT - (len(last) - 1) * small.size * small.leading
    put(last, small, top, _QUIET)
    title, lines = fitted(
        _clauses(metadata.title),
        FontSpec(bundled_face(_SERIF, 600), fallbacks, 290, 1.1),
        (top - _TITLE) * 0.54,
    )
    first = _TITLE + title.size * 0.7
    put(lines, title, first, INK)
    rule = None
    if metadata.subtitle:
        under = first + (len(lines) - 1) * title.size * title.leading + title.size * 0.3 + 70
        end = x - 150 if to_left else x + 150
        rule = min(x, end), under, max(x, end), under + 8
        kind = FontSpec(bundled_face(_SERIF, 400), fallbacks, 84, 1.32)
        subtitle, lines = fitted([metadata.subtitle], kind, top - under - 250)
        put(lines, subtitle, under + 80 + subtitle.size, _QUIET)
    return CoverLayout((cloth, 0, cloth + BACK, height), rule, tuple(words), to_left)


def render_cover(
    metadata: Metadata, date: str, fallbacks: tuple[Fallback, ...], height: int = HEIGHT
) -> bytes:
    """Return the cover as a PNG of 1600 x *height* px; *date* is the date in words, or empty."""
    from PIL import Image, ImageDraw

    layout = lay_out_cover(metadata, date, fallbacks, height)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    canvas = ImageDraw.Draw(image)
    for left, top, right, bottom in filter(None, (layout.cloth, layout.rule)):
        canvas.rectangle((left, top, right - 1, bottom - 1), fill=CLOTH)
    for words in layout.words:
        draw_lines(canvas, words.lines, words.kind, words.place, words.ink, to_left=layout.to_left)
    out = BytesIO()
    # Few colours: a palette keeps the file a quarter of its size.
    few = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=9)
    return out.getvalue()


def _palette() -> Any:
    """Return a picture with every colour of a cover: the inks, and their edges against the paper."""
    from PIL import Image

    edges = [
        tuple(round(p + (i - p) * step / steps) for p, i in zip(PAPER, ink, strict=True))
        for ink, steps in ((INK, 12), (_QUIET, 8))
        for step in range(1, steps + 1)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in (PAPER, CLOTH, *edges) for value in colour])
    return palette


def _names(metadata: Metadata) -> list[str]:
    """Return the authors, a few of them one below the other."""
    if len(metadata.authors) <= 4:
        return list(metadata.authors)
    whole = [name.replace(" ", "\N{NO-BREAK SPACE}") for name in metadata.authors]
    return ["\N{NO-BREAK SPACE}\N{MIDDLE DOT} ".join(whole)]  # no line begins with the dot


def _clauses(title: str) -> list[str]:
    """Part *title* behind a colon that fills a square: without spaces, a line could end within a word."""
    return re.split("(?<=\N{FULLWIDTH COLON})", title.rstrip("\N{FULLWIDTH COLON}"))


def _series(metadata: Metadata) -> str:
    return " \N{MIDDLE DOT} ".join(filter(None, (metadata.series, metadata.position)))
