"""Lines set from words: each word is shaped once in its type, and put in line from then on.

Pango shapes a word of Latin, Greek or Cyrillic letters alike wherever it stands between spaces. What its font
has no letters for, what is spaced, underlined or cut off with an ellipsis, is left to WeasyPrint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

from bifolio.pdf.engine.text import create_layout, strut
from bifolio.pdf.lines.text_metrics import TextMetrics

_TOKEN = re.compile("[ \u00a0]|[^ \u00a0]+")
_SPACES = " \u00a0"
Draw = Callable[..., Any]
"""WeasyPrint's `draw_first_line`."""
_GLYPHS = re.compile(r"<([0-9a-f]*)>")


@dataclass(frozen=True, slots=True)
class ShapedWords:
    """A text of plain words, where WeasyPrint keeps the Pango layout of a text."""

    text: str
    ruler: TextMetrics
    first_line_direction: int = 0

    def reactivate(self, style: Any) -> None:
        """Do nothing: nothing was put aside."""

    def deactivate(self) -> None:
        """Do nothing: there is nothing to put aside."""


def shape_words(box: Any, text: str, ruler: TextMetrics) -> Any | None:
    """Return a copy of *box* with *text*, as wide as *ruler* says; None where WeasyPrint must set it."""
    if box.style["text_decoration_line"] != "none" or (width := _width(text, ruler)) is None:
        return None
    new = box.copy_with_text(text)
    new.width, (new.height, baseline) = width, ruler.height
    new.pango_layout = ShapedWords(text, ruler)
    new.margin_top = new.margin_bottom = (strut(box.style)[0] - new.height) / 2
    new.baseline = baseline + new.margin_top
    return new


def _width(text: str, ruler: TextMetrics) -> float | None:
    """Return the width of *text* in px; None if a word of it is not plain."""
    tokens = _TOKEN.findall(text)
    if not all(map(ruler.is_plain, set(tokens))):
        return None
    widths, space = ruler.widths, ruler.space
    width, at = 0.0, 0
    for token in tokens:
        width += widths[token] if token != " " else space(text, at)
        at += len(token)
    return width


class GlyphRun(NamedTuple):
    """How a word is drawn, in any text."""

    glyphs: str
    """As they are written; of a space, the number of its glyph."""
    size: float
    texts: dict[int, str] | None
    """What each glyph says; None where each says a letter of the word."""

    def says(self, token: str) -> Iterator[tuple[int, str]]:
        """Give each glyph that *token* is drawn with, and what it says."""
        return (
            iter(self.texts.items()) if self.texts is not None else zip(_ids(self.glyphs), token, strict=True)
        )


def _ids(glyphs: str) -> list[int]:
    """Return the numbers of *glyphs*."""
    digits = "".join(_GLYPHS.findall(glyphs)) if "<" in glyphs else glyphs
    return [int(digits[place : place + 4], 16) for place in range(0, len(digits), 4)]


class _Font:
    """A font that keeps for itself what is drawn with it."""

    def __init__(self, font: Any, widths: dict[int, int]) -> None:
        self._font = font
        self.widths = widths
        self.to_unicode: dict[int, str] = {}
        self.lacks_glyphs = False

    def get_unused_glyph_id(self, codepoint: int) -> Any:
        self.lacks_glyphs = True
        return self._font.get_unused_glyph_id(codepoint)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._font, name)


@dataclass(slots=True)
class _RecordingStream:
    """A content stream that keeps what is drawn, in the fonts of another."""

    stream: Any
    widths: dict[int, int]
    fonts: list[_Font] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)

    @property
    def ink_rect(self) -> Any:
        return self.stream.ink_rect

    @property
    def logical_rect(self) -> Any:
        return self.stream.logical_rect

    def add_font(self, pango_font: Any) -> Any:
        font, size = self.stream.add_font(pango_font)
        self.fonts.append(_Font(font, self.widths))
        return self.fonts[-1], size

    def set_text_matrix(self, *values: float) -> None:
        pass

    def set_font_size(self, name: str, size: float) -> None:
        self.sizes.append(size)

    def set_text_rise(self, rise: float) -> None:
        # Letters off the line are more than one show of text.
        self.shows += "", ""

    def show_text(self, text: str) -> None:
        self.shows.append(text)

    def shape(self, text: str) -> GlyphRun | None:
        """Return how *text* was drawn, if as one row of glyphs in one font that has them all."""
        if len(self.fonts) != 1 or len(self.shows) != 1:
            return None
        (font,), (glyphs,) = self.fonts, self.shows
        if font.bitmap or font.lacks_glyphs:
            return None
        ids = _ids(glyphs)
        is_plain = [font.to_unicode[glyph] for glyph in ids] == [*text]
        return GlyphRun(glyphs, self.sizes[0], None if is_plain else font.to_unicode)


class WordDrawer:
    """Draws the lines of a text, each word of them as it was drawn first, in this text or in another."""

    def __init__(self) -> None:
        self._shapes: dict[TextMetrics, dict[str, GlyphRun | None]] = {}
        """What this text is drawn with, whose glyphs its fonts know."""

    def draw_first_line(
        self, draw: Draw, stream: Any, box: Any, overflow: str, ellipsis: Any, matrix: Any
    ) -> Any:
        """Draw the text *box* on *stream*; by *draw* where its words are not shaped."""
        layout = box.pango_layout
        if isinstance(layout, ShapedWords):
            if not box.text.strip():
                return []
            row = None
            if overflow != "ellipsis" and ellipsis == "none":
                font, _ = stream.add_font(layout.ruler.font)
                row = self._row(draw, stream, box, font)
            if row is not None:
                stream.set_text_matrix(*matrix.values)
                stream.set_font_size(font.hash, row.size)
                stream.show_text(row.glyphs)
                return []
            box = box.copy()
            box.pango_layout = create_layout(box.text, box.style, None, None, box.justification_spacing)
            box.pango_layout.reactivate(box.style)
        return draw(stream, box, overflow, ellipsis, matrix)

    def _row(self, draw: Draw, stream: Any, box: Any, font: Any) -> GlyphRun | None:
        """Return how the words of *box* are drawn in *font*; None if a word cannot be drawn by itself."""
        ruler, tokens = box.pango_layout.ruler, _TOKEN.findall(box.text)
        shapes = self._shapes.setdefault(ruler, {})
        parts, rest, at, shape = [], 0.0, 0, None
        for token in tokens:
            if token not in shapes:
                shapes[token] = self._shape(draw, stream, box.style, ruler, token, font)
            shape = shapes[token]
            if shape is None:
                return None
            at += len(token)
            if token not in _SPACES:
                parts.append(shape.glyphs)
                continue
            natural = ruler.space(box.text, at - 1) if token == " " else ruler.widths[token]
            # What is rounded off one space is made up for at the next.
            advance = (natural + box.justification_spacing) * 1000 / shape.size
            exact = font.widths[int(shape.glyphs, 16)] - advance + rest
            rest = exact - round(exact)
            parts.append(f"<{shape.glyphs}>{round(exact)}")
        return shape and shape._replace(glyphs="".join(parts).replace("><", ""))

    def _shape(
        self, draw: Draw, stream: Any, style: Any, ruler: TextMetrics, token: str, font: Any
    ) -> GlyphRun | None:
        """Return how *token* is drawn, and let *font* know its glyphs."""
        if token not in ruler.shapes:
            ruler.shapes[token] = self._drawn(draw, stream, style, ruler, token)
        shape: GlyphRun | None = ruler.shapes[token]
        if shape is not None:
            for glyph, text in shape.says(token):
                font.widths.setdefault(glyph, ruler.glyph_widths[glyph])
                if glyph not in font.to_unicode:
                    font.to_unicode[glyph] = text
        return shape

    def _drawn(self, draw: Draw, stream: Any, style: Any, ruler: TextMetrics, token: str) -> GlyphRun | None:
        is_space = token in _SPACES
        witness = _RecordingStream(stream, ruler.glyph_widths)
        text = f"n{token}n" if is_space else token
        layout = ruler.shaped(text) or create_layout(text, style, None, None, 0)
        sample = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
        # What is drawn besides, such as pictures of a font, is no row of glyphs.
        pictures = draw(witness, sample, "clip", "none", SimpleNamespace(values=()))
        shape = None if pictures else witness.shape(text)
        if shape and is_space:
            glyphs = "".join(_GLYPHS.findall(shape.glyphs))
            return GlyphRun(glyphs[4:8], shape.size, None) if len(glyphs) == 12 else None
        return shape
