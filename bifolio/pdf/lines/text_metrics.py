"""The widths of words, measured by Pango as the layout measures them, each once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bifolio.pdf.engine.facts import font_facts, style_facts
from bifolio.pdf.engine.text import FROM_UNITS, Layout, ffi, font_style_key, line_size, pango


class _Table(dict[str, float]):
    """A table that works out what it lacks."""

    def __init__(self, work_out: Callable[[str], float]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: str) -> float:
        value = self[text] = self._work_out(text)
        return value


class TextMetrics:
    """Measures words in one style of type."""

    def __init__(self, style: Any) -> None:
        self._style = style
        self._is_spaced = style["letter_spacing"] != "normal" or bool(style["word_spacing"])
        self._layout = Layout(style)
        self._sample = Layout(style)
        """A line of plain words, kept as long as its font is compared with others."""
        self._sample.set_text("n")
        line = self._sample.get_first_line()[0]
        self.font = line.runs.data.item.analysis.font
        """What Pango draws plain words with."""
        baseline = pango.pango_layout_get_baseline(self._sample.layout) * FROM_UNITS
        self.height = line_size(line, style)[1], baseline
        """The height and the baseline in px of such a line."""
        self.shapes: dict[str, Any] = {}
        """How each word is drawn, kept by who draws it (`words.py`)."""
        self.glyph_widths: dict[int, int] = {}
        """The widths of its glyphs in thousandths of the size of the type."""
        self.lines: dict[str, Any] = {}
        """How Pango has shaped each text that was measured, until it is drawn or forgotten."""
        self._bare = Layout(style)
        """A layout without text, which lines that were kept are drawn with."""
        self._odd: set[str] = set()
        """What was measured, and has letters of other fonts."""
        self._extents = ffi.new("PangoRectangle *")
        self.widths = _Table(self._measure)
        """The width of each text in px."""
        self._spaces = _Table(self._measure_space)
        """The width in px of a space, by the three characters in whose middle it stands."""

    def is_plain(self, text: str) -> bool:
        """Say whether all of *text* is in one font, the first of the style, and not spaced."""
        if text not in self.widths:
            self.widths[text]
        return not self._is_spaced and text not in self._odd

    def shaped(self, text: str) -> Any | None:
        """Return what stands for the Pango layout of *text*, once after that was measured; then None."""
        line = self.lines.pop(text, None)
        if line is None:
            return None
        return SimpleNamespace(layout=self._bare.layout, text=text, get_first_line=lambda: (line, None))

    def share(self, text: str, offset: int) -> float:
        """Return about how much of the width of *text* is before *offset*: letters are measured alone."""
        letters = [self.widths[letter] for letter in text]
        return self.widths[text] * sum(letters[:offset]) / (sum(letters) or 1)

    def space(self, text: str, offset: int) -> float:
        """Return the width in px of the space in *text* at *offset*: a font may kern it."""
        if 0 < offset < len(text) - 1:
            return self._spaces[text[offset - 1 : offset + 2]]
        return self.widths[" "]

    def _measure(self, text: str) -> float:
        if self._is_spaced:
            # A layout keeps the spacing of the text that it had before.
            layout = Layout(self._style)
            layout.set_text(text)
            return float(line_size(layout.get_first_line()[0], self._style)[0])
        pango.pango_layout_set_text(self._layout.layout, text.encode(), -1)
        line = pango.pango_layout_get_line_readonly(self._layout.layout, 0)
        run = line.runs
        if run == ffi.NULL or run.next != ffi.NULL or run.data.item.analysis.font != self.font:
            self._odd.add(text)
        elif text.isprintable():  # others may be more than a line
            held = pango.pango_layout_line_ref(line)
            self.lines[text] = ffi.gc(held, pango.pango_layout_line_unref)
        pango.pango_layout_line_get_extents(line, ffi.NULL, self._extents)
        return float(self._extents.width * FROM_UNITS)

    def _measure_space(self, text: str) -> float:
        return self.widths[text] - self.widths[text[0]] - self.widths[text[2]]


def discard_shaped_lines(fonts: Any) -> None:
    """Let go of the lines that were measured with *fonts* and never drawn."""
    for ruler in font_facts(fonts).metrics.values():
        ruler.lines.clear()


def metrics_of(style: Any) -> TextMetrics:
    """Return the ruler for *style*: of all texts in the same type, as long as their fonts are there."""
    facts = style_facts(style)
    if facts.metrics is None:
        known = font_facts(style.font_config).metrics
        spacing = style["letter_spacing"], style["word_spacing"], style["overflow_wrap"], style["direction"]
        key = f"{font_style_key(style)}{spacing}"
        if key not in known:
            known[key] = TextMetrics(style)
        facts.metrics = known[key]
    ruler: TextMetrics = facts.metrics
    return ruler
