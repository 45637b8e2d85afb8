"""Templates of margin boxes: those of similar pages are drawn once, and only the page number is replaced.

The margin boxes are drawn with a page number of ones and with one of sevens. If the two differ only in the
glyphs of these digits, and all digits of the font have the same width, any page number with as many digits
can be filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.pages.page_number_placeholders import digit_glyphs, replace_digits, shown_glyphs
from bifolio.pdf.writing.content_streams import ContentRecorder

Drawing = tuple[list[Any], bytes]
"""The boxes in the margin boxes of a page, and the operators that draw them."""


@dataclass(frozen=True, slots=True)
class MarginBoxTemplate:
    """The margin boxes of a page, drawn, in which the page number can be replaced."""

    operators: bytes
    offsets: tuple[int, ...]
    """The offset of each digit of the page number in the operators, in bytes."""
    glyphs: tuple[bytes, ...]
    """The hexadecimal glyph codes of the digits 0 to 9."""

    def fill(self, number: int) -> bytes:
        """Return the operators with page *number*, which has as many digits as the template."""
        if not self.offsets:
            return self.operators
        data = bytearray(self.operators)
        replace_digits(data, zip(self.offsets, str(number), strict=True), self.glyphs)
        return bytes(data)


def find_template(
    draw: Callable[[int], Drawing], digit_count: int, recorder: ContentRecorder
) -> MarginBoxTemplate | None:
    """Return the template for page numbers of *digit_count* digits; None where there is none.

    *draw* draws the margin boxes for a page number, by *recorder*.
    """
    ones, sevens = int("1" * digit_count), int("7" * digit_count)
    (boxes, operators), (other_boxes, other_operators) = draw(ones), draw(sevens)
    changed = [
        box
        for box, other in zip(boxes, other_boxes, strict=False)
        if getattr(box, "text", "") != getattr(other, "text", "")
    ]
    if not changed:
        return MarginBoxTemplate(operators, (), ()) if operators == other_operators else None
    digits = digit_glyphs(recorder, changed[0])
    if len(changed) > 1 or not digits:
        return None
    offsets = [
        offset for offset, glyph in shown_glyphs(operators) if other_operators[offset : offset + 4] != glyph
    ]
    if len(offsets) != digit_count:
        return None
    template = MarginBoxTemplate(operators, tuple(offsets), digits)
    is_exact = template.fill(ones) == operators and template.fill(sevens) == other_operators
    return template if is_exact else None
