"""WeasyPrint's text functions, and the C libraries that they call: Pango, HarfBuzz, fontconfig."""

from __future__ import annotations

from typing import Any

from weasyprint.draw.text import draw_first_line
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, fontconfig, gobject, harfbuzz, pango, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout, create_layout, get_log_attrs, line_size

__all__ = [
    "FROM_UNITS",
    "FontConfiguration",
    "Layout",
    "create_layout",
    "draw_first_line",
    "ffi",
    "font_style_key",
    "fontconfig",
    "get_log_attrs",
    "gobject",
    "harfbuzz",
    "line_size",
    "pango",
    "pangoft2",
    "strut",
]


def strut(style: Any) -> tuple[float, float]:
    """Return the height and the baseline of an empty line in *style* (CSS 2.2, 10.8.1), in CSS px."""
    height, baseline = line_break.strut(style)
    return height, baseline


def font_style_key(style: Any) -> str:
    """Return a key that is equal for styles with the same font at the same size."""
    return str(line_break._font_style_cache_key(style, include_size=True))
