"""The widths of words, measured by Pango as the layout measures them, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from weasyprint.text.line_break import Layout, _font_style_cache_key, line_size


@dataclass(slots=True)
class Ruler:
    """Measures words in one style of type."""

    style: Any
    _layout: Any = None
    _widths: dict[str, float] = field(default_factory=dict)

    def width(self, text: str) -> float:
        """Return the width of *text* in px."""
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = self._measure(text)
        return width

    def space(self, before: str, after: str) -> float:
        """Return the width in px of a space between two characters."""
        return self.width(f"{before} {after}") - self.width(before) - self.width(after)

    def _measure(self, text: str) -> float:
        spaced = self.style["letter_spacing"] != "normal" or self.style["word_spacing"]
        # Where letters are spaced, a layout keeps the spacing of the text that it had before.
        layout = self._layout if self._layout is not None and not spaced else Layout(self.style)
        layout.set_text(text)
        line, _ = layout.get_first_line()
        self._layout = layout
        return float(line_size(line, self.style)[0])


class Rulers(dict[str, Ruler]):
    """The rulers of a text, by the type that they measure."""

    def of(self, style: Any) -> Ruler:
        """Return the ruler for *style*."""
        spacing = style["letter_spacing"], style["word_spacing"], style["overflow_wrap"], style["direction"]
        key = f"{_font_style_cache_key(style, include_size=True)}{spacing}"
        if key not in self:
            self[key] = Ruler(style)
        return self[key]
