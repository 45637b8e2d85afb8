"""Lines set from words: each word is shaped once in its type, and put in line from then on.

Pango shapes a word of Latin, Greek or Cyrillic letters alike wherever it stands between spaces. What its font
has no letters for, what is spaced, underlined or cut off with an ellipsis, is left to WeasyPrint.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

from weasyprint.text import line_break

from bifolio.pdf.rulers import Ruler

_TOKEN = re.compile("[ \u00a0]|[^ \u00a0]+")
_SPACES = " \u00a0"
_GLYPHS = re.compile(r"<([0-9a-f]*)>")


@dataclass(frozen=True, slots=True)
class Words:
    """A text of plain words, where WeasyPrint keeps the Pango layout of a text."""

    text: str
    ruler: Ruler
    first_line_direction: int = 0

    def reactivate(self, style: Any) -> None:
        """Do nothing: nothing was put aside."""

    def deactivate(self) -> None:
        """Do nothing: there is nothing to put aside."""


def set_words(box: Any, text: str, ruler: Ruler) -> Any | None:
    """Return a copy of *box* with *text*, as wide as *ruler* says; None where WeasyPrint must set it."""
    if box.style["text_decoration_line"] != "none" or (width := _width(text, ruler)) is None:
        return None
    new = box.copy_with_text(text)
    new.width, (new.height, baseline) = width, ruler.height
    new.pango_layout = Words(text, ruler)
    new.margin_top = new.margin_bottom = (line_break.strut(box.style)[0] - new.height) / 2
    new.baseline = baseline + new.margin_top
    return new


def _width(text: str, ruler: Ruler) -> float | None:
    """Return the width of *text* in px; None if a word of it is not plain."""
    tokens = _TOKEN.findall(text)
    if not all(map(ruler.is_plain, set(tokens))):
        return None
    widths, space = ruler.widths, ruler.space
    width, at = 0.0, 0
    for token in tokens:
        width += widths[token] if token != " " else space(text, at)
        at += len(token)
    return width


class _Type(NamedTuple):
    """What a word is drawn with."""

    glyphs: str
    font: Any
    size: float


@dataclass(slots=True)
class _Witness:
    """A content stream that keeps what is drawn, in the fonts of another."""

    stream: Any
    font: Any = None
    sizes: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def ink_rect(self) -> Any:
        return self.stream.ink_rect

    @property
    def logical_rect(self) -> Any:
        return self.stream.logical_rect

    def add_font(self, pango_font: Any) -> Any:
        self.font, size = self.stream.add_font(pango_font)
        return self.font, size

    def set_text_matrix(self, *values: float) -> None:
        pass

    def set_font_size(self, name: str, size: float) -> None:
        self.sizes.append(size)

    def set_text_rise(self, rise: float) -> None:
        # Letters off the line are more than one show of text.
        self.texts += "", ""

    def show_text(self, text: str) -> None:
        self.texts.append(text)

    def type(self) -> _Type | None:
        """Return what was drawn, if it is one row of glyphs in one font."""
        if len(self.sizes) != 1 or len(self.texts) != 1 or self.font.bitmap:
            return None
        return _Type(self.texts[0], self.font, self.sizes[0])


class Typesetter:
    """Draws the lines of a text, each word of them as it was drawn first."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        """*draw* is WeasyPrint's own function that draws a line."""
        self._draw = draw
        self._types: defaultdict[Ruler, dict[str, _Type | None]] = defaultdict(dict)

    def draw_first_line(self, stream: Any, box: Any, overflow: str, ellipsis: Any, matrix: Any) -> Any:
        """Draw the text *box* on *stream*; in place of the function that has the same name."""
        layout = box.pango_layout
        if isinstance(layout, Words):
            if not box.text.strip():
                return []
            row = self._row(stream, box) if overflow != "ellipsis" and ellipsis == "none" else None
            if row is not None:
                stream.set_text_matrix(*matrix.values)
                stream.set_font_size(row.font.hash, row.size)
                stream.show_text(row.glyphs)
                return []
            box = box.copy()
            box.pango_layout = line_break.create_layout(
                box.text, box.style, None, None, box.justification_spacing
            )
            box.pango_layout.reactivate(box.style)
        return self._draw(stream, box, overflow, ellipsis, matrix)

    def _row(self, stream: Any, box: Any) -> _Type | None:
        """Return what the words of *box* are drawn with; None if a word cannot be drawn by itself."""
        ruler, tokens = box.pango_layout.ruler, _TOKEN.findall(box.text)
        types = self._types[ruler]
        parts, rest, first, at = [], 0.0, None, 0
        for token in tokens:
            if token not in types:
                types[token] = self._type(stream, box.style, token)
            drawn = types[token]
            if drawn is None:
                return None
            first = first or drawn
            if drawn.font is not first.font or drawn.size != first.size:
                return None
            at += len(token)
            if token not in _SPACES:
                parts.append(drawn.glyphs)
                continue
            natural = ruler.space(box.text, at - 1) if token == " " else ruler.widths[token]
            # What is rounded off one space is made up for at the next.
            advance = (natural + box.justification_spacing) * 1000 / drawn.size
            exact = drawn.font.widths[int(drawn.glyphs, 16)] - advance + rest
            rest = exact - round(exact)
            parts.append(f"<{drawn.glyphs}>{round(exact)}")
        return first and first._replace(glyphs="".join(parts).replace("><", ""))

    def _type(self, stream: Any, style: Any, token: str) -> _Type | None:
        """Return what *token* is drawn with: of a space, the number of its glyph."""
        is_space = token in _SPACES
        witness = _Witness(stream)
        text = f"n{token}n" if is_space else token
        layout = line_break.create_layout(text, style, None, None, 0)
        sample = SimpleNamespace(text=text, style=style, pango_layout=layout, baseline=0)
        # What is drawn besides, such as pictures of a font, is no row of glyphs.
        pictures = self._draw(witness, sample, "clip", "none", SimpleNamespace(values=()))
        found = None if pictures else witness.type()
        if found and is_space:
            glyphs = "".join(_GLYPHS.findall(found.glyphs))
            return found._replace(glyphs=glyphs[4:8]) if len(glyphs) == 12 else None
        return found
