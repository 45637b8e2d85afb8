"""Measures words by Pango, once for each style of text."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bifolio.pdf.engine.box_facts import font_facts, style_facts
from bifolio.pdf.engine.text import FROM_UNITS, Layout, ffi, font_style_key, line_size, pango


class _Widths(dict[str, float]):
    """Widths in CSS px, measured when they are first looked up."""

    def __init__(self, measure: Callable[[str], float]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, text: str) -> float:
        width = self[text] = self._measure(text)
        return width


class TextMetrics:
    """The widths of words in one style, and the height of its lines."""

    def __init__(self, style: Any) -> None:
        self._style = style
        self._is_spaced = style["letter_spacing"] != "normal" or bool(style["word_spacing"])
        self._layout = Layout(style)
        self._sample = Layout(style)
        """A layout of plain text, kept alive while its font is compared with others."""
        self._sample.set_text("n")
        line = self._sample.get_first_line()[0]
        self.font = line.runs.data.item.analysis.font
        """The Pango font of plain words."""
        self.baseline = pango.pango_layout_get_baseline(self._sample.layout) * FROM_UNITS
        """The baseline of a line of plain words, in CSS px from its top."""
        self.line_height = line_size(line, style)[1]
        """The height of a line of plain words, in CSS px."""
        self.glyph_runs: dict[str, Any] = {}
        """The recorded run of each word (`shaped_words.py`)."""
        self.glyph_widths: dict[int, int] = {}
        """The widths of its glyphs in thousandths of the font size."""
        self.shaped_lines: dict[str, Any] = {}
        """The Pango line of each measured text, until it is drawn or discarded."""
        self._empty_layout = Layout(style)
        """The layout with which shaped lines are drawn."""
        self._fallback_texts: set[str] = set()
        """The measured texts with glyphs of fallback fonts."""
        self._extents = ffi.new("PangoRectangle *")
        self.widths = _Widths(self._measure)
        """The width of each text in CSS px."""
        self._space_widths = _Widths(self._measure_space)
        """The width in CSS px of a space, by three characters of which it is the middle one."""

    def is_plain(self, text: str) -> bool:
        """Return whether *text* needs no fallback font and no spacing between letters or words."""
        if text not in self.widths:
            self.widths[text]
        return not self._is_spaced and text not in self._fallback_texts

    def take_shaped_line(self, text: str) -> Any | None:
        """Return a stand-in for the Pango layout of *text*, once after it has been measured; then None."""
        line = self.shaped_lines.pop(text, None)
        if line is None:
            return None
        return SimpleNamespace(
            layout=self._empty_layout.layout, text=text, get_first_line=lambda: (line, None)
        )

    def width_before(self, text: str, offset: int) -> float:
        """Return about how wide *text* is before *offset*, in CSS px, from the widths of its letters."""
        letters = [self.widths[letter] for letter in text]
        return self.widths[text] * sum(letters[:offset]) / (sum(letters) or 1)

    def space_width(self, text: str, offset: int) -> float:
        """Return the width in CSS px of the space in *text* at *offset*, kerned as the font requires."""
        if 0 < offset < len(text) - 1:
            return self._space_widths[text[offset - 1 : offset + 2]]
        return self.widths[" "]

    def _measure(self, text: str) -> float:
        if self._is_spaced:
            # A reused layout would keep the spacing attributes of its earlier text.
            layout = Layout(self._style)
            layout.set_text(text)
            return float(line_size(layout.get_first_line()[0], self._style)[0])
        pango.pango_layout_set_text(self._layout.layout, text.encode(), -1)
        line = pango.pango_layout_get_line_readonly(self._layout.layout, 0)
        run = line.runs
        if run == ffi.NULL or run.next != ffi.NULL or run.data.item.analysis.font != self.font:
            self._fallback_texts.add(text)
        elif text.isprintable():  # other text may be more than one line
            reference = pango.pango_layout_line_ref(line)
            self.shaped_lines[text] = ffi.gc(reference, pango.pango_layout_line_unref)
        pango.pango_layout_line_get_extents(line, ffi.NULL, self._extents)
        return float(self._extents.width * FROM_UNITS)

    def _measure_space(self, text: str) -> float:
        return self.widths[text] - self.widths[text[0]] - self.widths[text[2]]


def discard_shaped_lines(fonts: Any) -> None:
    """Discard the Pango lines that were measured with the font configuration *fonts* and never drawn."""
    for metrics in font_facts(fonts).metrics.values():
        metrics.shaped_lines.clear()


def metrics_of(style: Any) -> TextMetrics:
    """Return the text metrics of *style*, shared by all styles of the same font, size and spacing."""
    facts = style_facts(style)
    if facts.metrics is None:
        known = font_facts(style.font_config).metrics
        spacing = style["letter_spacing"], style["word_spacing"], style["overflow_wrap"], style["direction"]
        key = f"{font_style_key(style)}{spacing}"
        if key not in known:
            known[key] = TextMetrics(style)
        facts.metrics = known[key]
    metrics: TextMetrics = facts.metrics
    return metrics
