"""Reads the lines of a finished PDF by any program, from the glyphs that PDFium reports."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

_HYPHENS = "-\u00ad\u2010\x02"
"""The last is PDFium's character for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its position; all lengths in pt, from the left and the bottom of the page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    font: str


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, in reading order."""

    page: int
    glyphs: list[Glyph]
    gaps: list[float] = field(default_factory=list)
    """The widths of its word spaces."""

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs[-3:])

    @property
    def base(self) -> float:
        return Counter(glyph.base for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def size(self) -> float:
        return Counter(glyph.size for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def font(self) -> str:
        return Counter(glyph.font for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def is_hyphenated(self) -> bool:
        return len(self.glyphs) > 1 and self.text[-1] in _HYPHENS and self.text[-2].isalpha()


def read_lines(path: Path) -> tuple[list[Line], tuple[float, float]]:
    """Return the lines of the PDF at *path* in reading order, and the size of its first page in pt."""
    document = pypdfium2.PdfDocument(path)
    lines: list[Line] = []
    for index, page in enumerate(document):
        text = page.get_textpage()
        lines += _lines(index, _glyphs(text.raw))
        text.close()
    return lines, document[0].get_size()


def _glyphs(text: Any) -> Iterator[Glyph | None]:
    """Yield the glyphs of a page, and None for each word space."""
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    matrix, name, flags = raw.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    for index in range(raw.FPDFText_CountChars(text)):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if character.isspace() or raw.FPDFText_IsGenerated(text, index) == 1:
            yield None
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetMatrix(text, index, matrix)
        raw.FPDFText_GetFontInfo(text, index, name, 128, flags)
        size = raw.FPDFText_GetFontSize(text, index) * abs(matrix.d)
        font = name.value.decode("utf-8", "replace").rpartition("+")[2]
        yield Glyph(character, box.left, box.right, round(y.value, 1), round(size, 2), font)


def _lines(page: int, glyphs: Iterator[Glyph | None]) -> Iterator[Line]:
    """Yield the lines of *glyphs*: a line ends if the next glyph is lower or further left."""
    line: Line | None = None
    spaced = False
    for glyph in glyphs:
        if glyph is None:
            spaced = True
            continue
        if line is not None:
            last = line.glyphs[-1]
            size = max(glyph.size, last.size)
            # The characters of a ligature overlap; those of another line are further left.
            if glyph.left < last.left - 0.1 * size or abs(glyph.base - last.base) > 0.6 * size:
                yield line
                line = None
            elif spaced:
                line.gaps.append(glyph.left - last.right)
        line = line or Line(page, [])
        line.glyphs.append(glyph)
        spaced = False
    if line is not None:
        yield line
