"""Numbers of pages set in when they are known.

A text that names pages is laid out with a zero for each digit. Where all digits of its font are equally wide,
another number with as many digits changes nothing but the glyphs, and these are put in afterwards.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.publication import GENERATED
from bifolio.pdf.engine.drawing import Matrix
from bifolio.pdf.engine.text import create_layout, draw_first_line
from bifolio.pdf.laid_out import LaidOutPage, NumberPlaceholder
from bifolio.pdf.print_html.html_tree import UNKNOWN_NUMBER
from bifolio.pdf.writing.content_streams import ContentRecorder, deflate, encode

_DIGITS = "0123456789"
_STRING = re.compile(rb"<(?:[0-9a-f]{4})+>")


def count_placeholders(root: Element) -> int | None:
    """Return how many places of *root* wait for a number, or None where it holds numbers in other ways."""
    if any(element.get(GENERATED) == "locator" for element in root.iter()):
        return None
    return sum(_is_placeholder(element) for element in root.iter())


def _is_placeholder(element: Element | None) -> bool:
    return element is not None and set(element.get("data-page", "")) == {"0"}


def find_placeholders(
    easel: ContentRecorder, operators: Sequence[Any], marks: Mapping[Any, Mapping[str, Any]]
) -> tuple[NumberPlaceholder, ...]:
    """Return the places in the *operators* of a page where a number can be put in."""
    boxes = (
        [box for box in marks if _is_placeholder(box.element) and "0" in getattr(box, "text", "")]
        if marks
        else []
    )
    if not boxes:
        return ()
    parts = [encode(part) for part in operators]
    found: list[NumberPlaceholder] = []
    for box in boxes:
        digits = digit_glyphs(easel, box)
        begin = operators.index({"MCID": marks[box]["mcid"]})
        end = operators.index(b"EMC", begin)
        first = len(b"\n".join(parts[:begin])) + 1
        glyphs = shown_glyphs(b"\n".join(parts[begin:end]))
        places = tuple(first + place for place, glyph in glyphs if digits and glyph == digits[0])
        if len(places) == len(box.element.get("data-page", "")):
            found.append(NumberPlaceholder(box.element.get("data-target", "")[1:], places, digits))
    return tuple(found)


def digit_glyphs(easel: ContentRecorder, box: Any) -> tuple[bytes, ...]:
    """Return the glyphs of the digits as *box* is set, in order; none where their widths differ."""
    layout = create_layout(_DIGITS, box.style, None, None, 0)
    text = SimpleNamespace(text=_DIGITS, style=box.style, pango_layout=layout, baseline=0)
    page = SimpleNamespace(width=0, height=0)
    operators, _ = easel.draw(page, lambda stream: draw_first_line(stream, text, "clip", "none", Matrix()))
    glyphs = tuple(glyph for _, glyph in shown_glyphs(b"\n".join(map(encode, operators))))
    alike = len(glyphs) == len(_DIGITS) and easel.have_equal_widths([int(glyph, 16) for glyph in glyphs])
    return glyphs if alike else ()


def shown_glyphs(operators: bytes) -> list[tuple[int, bytes]]:
    """Return the glyphs that *operators* show, as they are written, each with its place."""
    return [
        (place, operators[place : place + 4])
        for string in _STRING.finditer(operators)
        for place in range(string.start() + 1, string.end() - 1, 4)
    ]


def fill_placeholders(leaf: LaidOutPage, pages: Mapping[str, str]) -> LaidOutPage:
    """Return *leaf* with the numbers of *pages*, by anchor, in its holes."""
    if not leaf.number_placeholders:
        return leaf
    data = bytearray(zlib.decompress(leaf.content))
    for hole in leaf.number_placeholders:
        replace_digits(
            data, zip(hole.offsets, pages.get(hole.anchor, UNKNOWN_NUMBER), strict=False), hole.glyphs
        )
    return replace(leaf, content=deflate([bytes(data)]))


def replace_digits(data: bytearray, digits: Iterable[tuple[int, str]], glyphs: Sequence[bytes]) -> None:
    """Put *digits* into *data*, each in its place, as the *glyphs* of the ten are written."""
    for place, digit in digits:
        data[place : place + 4] = glyphs[int(digit)]
