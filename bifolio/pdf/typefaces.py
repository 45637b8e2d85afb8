"""The fonts of all texts as those of one file: each is cut down once, to the glyphs that any text draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz

from bifolio.pdf.leaves import FontUse

_MORE = """
    hb_blob_t * hb_blob_create (
        const char *data, unsigned int length, int mode, void *user_data, void *destroy);
    hb_face_t * hb_face_create (hb_blob_t *blob, unsigned int index);
"""
ffi.cdef(_MORE)


def merge_fonts(uses: Iterable[FontUse], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return WeasyPrint's fonts, by name, that hold all glyphs of *uses*; *files* are theirs, by digest."""
    fonts: dict[str, Any] = {}
    for use in uses:
        font = fonts.setdefault(use.name, None) or _font(use, files[use.digest])
        fonts[use.name] = font
        for own, more in ((font.widths, use.widths), (font.to_unicode, use.to_unicode)):
            for glyph, value in more.items():
                own.setdefault(glyph, value)
        font.missing |= use.missing
    return fonts


def _font(use: FontUse, file: bytes) -> Any:
    """Return the font of *use* as WeasyPrint had it, all but what it has drawn."""
    font = Font.__new__(Font)
    vars(font).update(use.facts)
    font.file_content, font.widths, font.to_unicode, font.missing = file, {}, {}, {}
    # The memory of the file must live as long as the face.
    font.hb_data = ffi.new("char[]", file)
    blob = harfbuzz.hb_blob_create(font.hb_data, len(file), 1, ffi.NULL, ffi.NULL)
    font.hb_face = ffi.gc(harfbuzz.hb_face_create(blob, font.index), harfbuzz.hb_face_destroy)
    harfbuzz.hb_blob_destroy(blob)
    return font
