"""Lays out and draws lines from words that are each shaped once per style.

Pango shapes a word of Latin, Greek or Cyrillic letters alike wherever it stands between spaces. Words with
glyphs of fallback fonts, spaced and underlined text, and text with an ellipsis are left to WeasyPrint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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
    """The text of a text box, in place of its Pango layout."""

    text: str
    metrics: TextMetrics
    first_line_direction: int = 0

    def reactivate(self, style: Any) -> None:
        """Do nothing, as there is no layout to set up again."""

    def deactivate(self) -> None:
        """Do nothing, as there is no layout to release."""


def shape_words(box: Any, text: str, metrics: TextMetrics) -> Any | None:
    """Return a copy of *box* with *text*, measured by *metrics*; None where WeasyPrint must lay it out."""
    if box.style["text_decoration_line"] != "none" or (width := _width(text, metrics)) is None:
        return None
    new = box.copy_with_text(text)
    new.width, new.height = width, metrics.line_height
    new.pango_layout = ShapedWords(text, metrics)
    new.margin_top = new.margin_bottom = (strut(box.style)[0] - new.height) / 2
    new.baseline = metrics.baseline + new.margin_top
    return new


def _width(text: str, metrics: TextMetrics) -> float | None:
    """Return the width of *text* in CSS px; None if one of its words is not plain."""
    tokens = _TOKEN.findall(text)
    if not all(map(metrics.is_plain, set(tokens))):
        return None
    widths, space_width = metrics.widths, metrics.space_width
    width, offset = 0.0, 0
    for token in tokens:
        width += widths[token] if token != " " else space_width(text, offset)
        offset += len(token)
    return width


class GlyphRun(NamedTuple):
    """The glyphs that draw a word or a line in one font."""

    glyphs: str
    """As they are written in the content stream; of a space, its glyph ID alone."""
    font_size: float
    texts: dict[int, str] | None
    """The text of each glyph; None where each glyph is one character of the word."""

    def glyph_texts(self, token: str) -> Iterator[tuple[int, str]]:
        """Yield the ID of each glyph that draws *token*, and its text."""
        if self.texts is not None:
            return iter(self.texts.items())
        return zip(_glyph_ids(self.glyphs), token, strict=True)


def _glyph_ids(glyphs: str) -> list[int]:
    digits = "".join(_GLYPHS.findall(glyphs)) if "<" in glyphs else glyphs
    return [int(digits[start : start + 4], 16) for start in range(0, len(digits), 4)]


class _RecordingFont:
    """A font that records the glyphs drawn with it, without changing the font that it wraps."""

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
    """A content stream that records what is drawn, in the fonts of another."""

    stream: Any
    widths: dict[int, int]
    fonts: list[_RecordingFont] = field(default_factory=list)
    font_sizes: list[float] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)

    @property
    def ink_rect(self) -> Any:
        return self.stream.ink_rect

    @property
    def logical_rect(self) -> Any:
        return self.stream.logical_rect

    def add_font(self, pango_font: Any) -> Any:
        font, size = self.stream.add_font(pango_font)
        self.fonts.append(_RecordingFont(font, self.widths))
        return self.fonts[-1], size

    def set_text_matrix(self, *values: float) -> None:
        pass

    def set_font_size(self, name: str, size: float) -> None:
        self.font_sizes.append(size)

    def set_text_rise(self, rise: float) -> None:
        # Raised glyphs cannot be part of one run: two shows rule that out.
        self.shows += "", ""

    def show_text(self, text: str) -> None:
        self.shows.append(text)

    def glyph_run(self, text: str) -> GlyphRun | None:
        """Return the run that drew *text*; None unless it is one run in one font that has all glyphs."""
        if len(self.fonts) != 1 or len(self.shows) != 1:
            return None
        (font,), (glyphs,) = self.fonts, self.shows
        if font.bitmap or font.lacks_glyphs:
            return None
        is_plain = [font.to_unicode[glyph] for glyph in _glyph_ids(glyphs)] == [*text]
        return GlyphRun(glyphs, self.font_sizes[0], None if is_plain else font.to_unicode)


class WordDrawer:
    """Draws the lines of a text from glyph runs that are recorded once per word."""

    def __init__(self) -> None:
        self._runs: dict[TextMetrics, dict[str, GlyphRun | None]] = {}
        """The runs of this text, whose glyphs its fonts have registered."""

    def draw_first_line(
        self, draw: Draw, stream: Any, box: Any, overflow: str, ellipsis: Any, matrix: Any
    ) -> Any:
        """Draw the text *box* on *stream*; by *draw* where its words are not shaped."""
        layout = box.pango_layout
        if isinstance(layout, ShapedWords):
            if not box.text.strip():
                return []
            run = None
            if overflow != "ellipsis" and ellipsis == "none":
                font, _ = stream.add_font(layout.metrics.font)
                run = self._line_run(draw, stream, box, font)
            if run is not None:
                stream.set_text_matrix(*matrix.values)
                stream.set_font_size(font.hash, run.font_size)
                stream.show_text(run.glyphs)
                return []
            box = box.copy()
            box.pango_layout = create_layout(box.text, box.style, None, None, box.justification_spacing)
            box.pango_layout.reactivate(box.style)
        return draw(stream, box, overflow, ellipsis, matrix)

    def _line_run(self, draw: Draw, stream: Any, box: Any, font: Any) -> GlyphRun | None:
        """Return the run that draws the text *box* in *font*; None if a word is not one run."""
        metrics, tokens = box.pango_layout.metrics, _TOKEN.findall(box.text)
        known = self._runs.setdefault(metrics, {})
        runs = []
        for token in tokens:
            if token not in known:
                known[token] = self._word_run(draw, stream, box.style, metrics, token, font)
            run = known[token]
            if run is None:
                return None
            runs.append(run)
        return _join_runs(box, tokens, runs, font)

    def _word_run(
        self, draw: Draw, stream: Any, style: Any, metrics: TextMetrics, token: str, font: Any
    ) -> GlyphRun | None:
        """Return the run that draws *token*, and register its glyphs in *font*."""
        if token not in metrics.glyph_runs:
            metrics.glyph_runs[token] = _record_run(draw, stream, style, metrics, token)
        run: GlyphRun | None = metrics.glyph_runs[token]
        if run is not None:
            for glyph, text in run.glyph_texts(token):
                font.widths.setdefault(glyph, metrics.glyph_widths[glyph])
                if glyph not in font.to_unicode:
                    font.to_unicode[glyph] = text
        return run


def _join_runs(box: Any, tokens: Sequence[str], runs: Sequence[GlyphRun], font: Any) -> GlyphRun:
    """Return one run of the *runs* of *tokens*, their spaces as wide as the justified text *box* needs."""
    metrics = box.pango_layout.metrics
    parts, rounding_error, offset = [], 0.0, 0
    for token, run in zip(tokens, runs, strict=True):
        if token in _SPACES:
            natural = metrics.space_width(box.text, offset) if token == " " else metrics.widths[token]
            advance = (natural + box.justification_spacing) * 1000 / run.font_size
            adjustment = font.widths[int(run.glyphs, 16)] - advance + rounding_error
            rounding_error = adjustment - round(adjustment)
            parts.append(f"<{run.glyphs}>{round(adjustment)}")
        else:
            parts.append(run.glyphs)
        offset += len(token)
    return runs[-1]._replace(glyphs="".join(parts).replace("><", ""))


def _record_run(draw: Draw, stream: Any, style: Any, metrics: TextMetrics, token: str) -> GlyphRun | None:
    """Record the run by which *draw* draws *token*; None if that is not one run."""
    is_space = token in _SPACES
    recorder = _RecordingStream(stream, metrics.glyph_widths)
    text = f"n{token}n" if is_space else token
    layout = metrics.take_shaped_line(text) or create_layout(text, style, None, None, 0)
    sample = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
    # Images of glyphs, as in emoji fonts, are drawn apart from the run.
    images = draw(recorder, sample, "clip", "none", SimpleNamespace(values=()))
    run = None if images else recorder.glyph_run(text)
    if run and is_space:
        glyphs = "".join(_GLYPHS.findall(run.glyphs))
        return GlyphRun(glyphs[4:8], run.font_size, None) if len(glyphs) == 12 else None
    return run
