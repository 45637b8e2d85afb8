"""Merges the fonts of all texts, so that each is subset once, to the glyphs that any text draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from bifolio.pdf.engine.drawing import Font
from bifolio.pdf.engine.text import ffi, harfbuzz
from bifolio.pdf.laid_out import FontUse


def merge_fonts(uses: Iterable[FontUse], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return WeasyPrint's fonts, by name, with all glyphs of *uses*; *files* are font files, by digest."""
    fonts: dict[str, Any] = {}
    for use in uses:
        font = fonts.setdefault(use.name, None) or _font(use, files[use.digest])
        fonts[use.name] = font
        for merged, added in ((font.widths, use.widths), (font.to_unicode, use.to_unicode)):
            for glyph, value in added.items():
                merged.setdefault(glyph, value)
        font.missing |= use.missing
    return fonts


def _font(use: FontUse, file: bytes) -> Any:
    """Return the font of *use* as a WeasyPrint font that has drawn nothing yet."""
    font: Any = _SubsetFont.__new__(_SubsetFont)
    vars(font).update(use.attributes)
    font.file_content, font.widths, font.to_unicode, font.missing = file, {}, {}, {}
    # The memory of the file must live as long as the face.
    font.hb_data = ffi.new("char[]", file)
    blob = harfbuzz.hb_blob_create(font.hb_data, len(file), 1, ffi.NULL, ffi.NULL)
    font.hb_face = ffi.gc(harfbuzz.hb_face_create(blob, font.index), harfbuzz.hb_face_destroy)
    harfbuzz.hb_blob_destroy(blob)
    return font


class _SubsetFont(Font):  # type: ignore[misc]
    """A font that WeasyPrint subsets, in which every glyph has an outline.

    For a colour or bitmap font, WeasyPrint draws images and leaves the outlines empty. Readers that search
    and copy by outlines, such as those of browsers, would skip the text.
    """

    file_content: bytes

    def clean(self, to_unicode: Mapping[int, str], hinting: bool) -> None:
        super().clean(to_unicode, hinting)
        if self.png or self.svg or self.colr:
            self.file_content = _with_outlines(self.file_content, self.index, to_unicode)


def _with_outlines(file: bytes, index: int, glyphs: Iterable[int]) -> bytes:
    """Return the font *file* with a diagonal line as the outline of each of *glyphs*: no fill shows it."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(file), fontNumber=index)
    names = font.getGlyphOrder()
    for name in [names[glyph] for glyph in glyphs if glyph < len(names)]:
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        pen.lineTo((font["hmtx"][name][0], font["head"].unitsPerEm))
        pen.closePath()
        font["glyf"][name] = pen.glyph()
    out = BytesIO()
    font.save(out)
    return out.getvalue()
