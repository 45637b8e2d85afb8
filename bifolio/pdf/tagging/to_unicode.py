"""The Unicode text of each glyph of a font, for ToUnicode maps (ISO 32000-1, 9.10.3).

WeasyPrint takes the text at which a glyph is first drawn. Where a character is drawn as several glyphs, all
but the last would have no text, which PDF/A forbids, and the last would stand for the whole character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont

from bifolio.pdf.engine.drawing import Stream

SPLIT_CHARACTERS = re.compile(
    "[\u0900-\u0dff\u0e33\u0eb3\u0f00-\u109f\u1780-\u17ff\u1a20-\u1aaf\u1b00-\u1bff\ua980-\ua9df]"
)
"""Characters of Brahmic scripts that fonts draw as several glyphs, or in another order."""
_NO_TEXT = "\N{ZERO WIDTH SPACE}"


class GlyphStream(Stream):  # type: ignore[misc]
    """A content stream whose fonts have a `_GlyphTexts` as their ToUnicode map."""

    def add_font(self, pango_font: Any) -> Any:
        """Return the font for *pango_font*, and its size, as WeasyPrint does."""
        font, size = super().add_font(pango_font)
        if not isinstance(font.to_unicode, _GlyphTexts):
            font.to_unicode = _GlyphTexts(_character_map(font.file_content, font.index))
        return font, size


class _GlyphTexts(dict[int, str]):
    """The text of each glyph; *characters* returns the characters that the font itself maps to a glyph."""

    def __init__(self, characters: Callable[[], dict[int, str]]) -> None:
        super().__init__()
        self.characters = characters

    def __setitem__(self, glyph: int, text: str) -> None:
        if not text or SPLIT_CHARACTERS.search(text):
            text = self.characters().get(glyph) or text or _NO_TEXT
        super().__setitem__(glyph, text)


def _character_map(data: bytes, index: int) -> Callable[[], dict[int, str]]:
    """Return a function that returns the character of each glyph of a font, parsed at the first call."""

    @cache
    def characters() -> dict[int, str]:
        font = TTFont(BytesIO(data), fontNumber=index, lazy=True)
        glyphs = font.getReverseGlyphMap()
        return {glyphs[name]: chr(code) for code, name in sorted(font.getBestCmap().items(), reverse=True)}

    return characters
