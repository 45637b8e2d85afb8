"""Generates a front cover from the metadata: title and authors on paper beside a strip of cloth."""

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
from bifolio.runtime.fingerprints import font_fingerprint

WIDTH, HEIGHT = 1600, 2560
PAPER, INK, _SECONDARY, CLOTH = (246, 243, 236), (29, 29, 27), (97, 97, 92), (140, 41, 29)
CLOTH_WIDTH = 176
"""The width of the cloth at the bound side, in px."""
_INDENT, _EDGE = 340, 150
"""The distance from the bound side and from the open side to the text, in px."""
_MEASURE = WIDTH - _INDENT - _EDGE
_HEAD, _TITLE, _FOOT = 330, 690, 200
"""The first baseline and the top of the title, from above, and the last baseline, from below, in px."""
_SERIF, _SANS = "Source Serif Pro", "Source Sans Pro"


Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in px."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of text on the cover, in one font."""

    lines: tuple[str, ...]
    spec: FontSpec
    origin: tuple[float, float]
    """The start of the first baseline: its left end, or its right end in right-to-left text."""
    colour: Colour


@dataclass(frozen=True, slots=True)
class CoverLayout:
    """The positions of everything on a cover."""

    cloth: Box
    rule: Box | None
    """The line between title and subtitle."""
    blocks: tuple[TextBlock, ...]
    right_to_left: bool


def cover_image(
    publication: Publication,
    fallbacks: tuple[Fallback, ...],
    height: int = HEIGHT,
    cache: Cache | None = None,
) -> Picture:
    """Return the author's cover of *publication*, or a generated one of 1600 x *height* px.

    A generated cover is kept in *cache*.
    """
    if publication.cover is not None:
        return publication.cover
    arguments = publication.metadata, date_in_words(publication), fallbacks, height
    data = cached(cache, ("cover", arguments, font_fingerprint()), partial(render_cover, *arguments))
    return Picture("cover.png", "image/png", data, WIDTH, height)


def date_in_words(publication: Publication) -> str:
    """Return the date of *publication* in words, or an empty string."""
    time = publication.sections[0].body.find(".//time[@class='date']")
    return (time.text or "") if time is not None else ""


def lay_out_cover(
    metadata: Metadata, date: str, fallbacks: tuple[Fallback, ...], height: int = HEIGHT
) -> CoverLayout:
    """Return the layout of a cover of 1600 x *height* px; *date* is the date in words, or empty."""
    right_to_left = direction(metadata.language) == "rtl"
    x = WIDTH - _INDENT if right_to_left else _INDENT
    cloth = WIDTH - CLOTH_WIDTH if right_to_left else 0
    blocks: list[TextBlock] = []

    def place(lines: Sequence[str], spec: FontSpec, y: float, colour: Colour) -> None:
        blocks.append(TextBlock(tuple(lines), spec, (x, y), colour))

    def fit(texts: Sequence[str], spec: FontSpec, height: float) -> tuple[FontSpec, list[str]]:
        return fit_text(texts, spec, (_MEASURE, height), metadata.language)

    authors, lines = fit(
        _author_lines(metadata), FontSpec(bundled_face(_SANS, 600), fallbacks, 68, 1.35), 370
    )
    place(lines, authors, _HEAD, INK)
    foot = [text for text in (_series(metadata), metadata.publisher, date) if text]
    small, last = fit(foot, FontSpec(bundled_face(_SANS, 400), fallbacks, 52, 1.45), 230)
    top = height - _FOOT - (len(last) - 1) * small.size * small.leading
    place(last, small, top, _SECONDARY)
    title, lines = fit(
        _title_lines(metadata.title),
        FontSpec(bundled_face(_SERIF, 600), fallbacks, 290, 1.1),
        (top - _TITLE) * 0.54,
    )
    first = _TITLE + title.size * 0.7
    place(lines, title, first, INK)
    rule = None
    if metadata.subtitle:
        under = first + (len(lines) - 1) * title.size * title.leading + title.size * 0.3 + 70
        end = x - 150 if right_to_left else x + 150
        rule = min(x, end), under, max(x, end), under + 8
        spec = FontSpec(bundled_face(_SERIF, 400), fallbacks, 84, 1.32)
        subtitle, lines = fit([metadata.subtitle], spec, top - under - 250)
        place(lines, subtitle, under + 80 + subtitle.size, _SECONDARY)
    return CoverLayout((cloth, 0, cloth + CLOTH_WIDTH, height), rule, tuple(blocks), right_to_left)


def render_cover(
    metadata: Metadata, date: str, fallbacks: tuple[Fallback, ...], height: int = HEIGHT
) -> bytes:
    """Return a cover as a PNG of 1600 x *height* px; *date* is the date in words, or empty."""
    from PIL import Image, ImageDraw

    layout = lay_out_cover(metadata, date, fallbacks, height)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    canvas = ImageDraw.Draw(image)
    for left, top, right, bottom in filter(None, (layout.cloth, layout.rule)):
        canvas.rectangle((left, top, right - 1, bottom - 1), fill=CLOTH)
    for block in layout.blocks:
        draw_lines(
            canvas, block.lines, block.spec, block.origin, block.colour, right_to_left=layout.right_to_left
        )
    out = BytesIO()
    # A palette reduces the file to a quarter of its size.
    indexed = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    indexed.save(out, "PNG", compress_level=9)
    return out.getvalue()


def _palette() -> Any:
    """Return an image with every colour of a cover: those of text and cloth, and of anti-aliased edges."""
    from PIL import Image

    edges = [
        tuple(round(p + (c - p) * step / steps) for p, c in zip(PAPER, colour, strict=True))
        for colour, steps in ((INK, 12), (_SECONDARY, 8))
        for step in range(1, steps + 1)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in (PAPER, CLOTH, *edges) for value in colour])
    return palette


def _author_lines(metadata: Metadata) -> list[str]:
    """Return up to four authors on a line each, more of them in one text."""
    if len(metadata.authors) <= 4:
        return list(metadata.authors)
    names = [name.replace(" ", "\N{NO-BREAK SPACE}") for name in metadata.authors]
    return ["\N{NO-BREAK SPACE}\N{MIDDLE DOT} ".join(names)]  # no line begins with the dot


def _title_lines(title: str) -> list[str]:
    """Return *title* split after fullwidth colons, where a line break is better than within a word."""
    return re.split("(?<=\N{FULLWIDTH COLON})", title.rstrip("\N{FULLWIDTH COLON}"))


def _series(metadata: Metadata) -> str:
    return " \N{MIDDLE DOT} ".join(filter(None, (metadata.series, metadata.position)))
