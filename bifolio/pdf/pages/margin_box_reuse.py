"""Running heads that differ in nothing but the number of the page, drawn once for all of them.

The head is drawn for a number of ones and for one of sevens. Where the two differ in the glyphs of these
digits alone, and the font has all digits equally wide, any number of as many digits is put in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bifolio.pdf.pages.page_number_placeholders import digit_glyphs, replace_digits, shown_glyphs
from bifolio.pdf.writing.content_streams import ContentRecorder

Drawing = tuple[list[Any], bytes]
"""The boxes of a head, and the operators that draw it."""


@dataclass(frozen=True, slots=True)
class MarginBoxTemplate:
    """A head, and where the digits of its number stand."""

    operators: bytes
    places: tuple[int, ...]
    """In bytes."""
    glyphs: tuple[bytes, ...]
    """Those of the digits, as they are written."""

    def of(self, number: int) -> bytes:
        """Return the operators that draw the head with *number*, of as many digits, if it shows one."""
        if not self.places:
            return self.operators
        data = bytearray(self.operators)
        replace_digits(data, zip(self.places, str(number), strict=True), self.glyphs)
        return bytes(data)


def find_template(
    draw: Callable[[int], Drawing], count: int, easel: ContentRecorder
) -> MarginBoxTemplate | None:
    """Return the head that *draw* gives for any number of *count* digits; None where these change more.

    *easel* is what it is drawn on.
    """
    (ones, operators), (sevens, other) = draw(int("1" * count)), draw(int("7" * count))
    changed = [
        one
        for one, seven in zip(ones, sevens, strict=False)
        if getattr(one, "text", "") != getattr(seven, "text", "")
    ]
    if not changed:
        return MarginBoxTemplate(operators, (), ()) if operators == other else None
    digits = digit_glyphs(easel, changed[0])
    if len(changed) > 1 or not digits:
        return None
    places = [place for place, glyph in shown_glyphs(operators) if other[place : place + 4] != glyph]
    folio = MarginBoxTemplate(operators, tuple(places), digits)
    alike = len(places) == count and folio.of(int("1" * count)) == operators
    return folio if alike and folio.of(int("7" * count)) == other else None
