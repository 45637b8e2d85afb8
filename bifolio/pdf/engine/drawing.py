"""WeasyPrint's classes and functions that draw: content streams, fonts, matrices, colours."""

from __future__ import annotations

from weasyprint.draw import draw_stacking_context
from weasyprint.draw.color import get_color
from weasyprint.matrix import Matrix
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

__all__ = ["Font", "Matrix", "StackingContext", "Stream", "draw_stacking_context", "get_color"]
