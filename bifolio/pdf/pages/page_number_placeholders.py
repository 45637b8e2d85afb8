"""Placeholders for page numbers, filled in after pagination.

A text that shows page numbers is laid out with a zero for each digit. Where all digits of its font have the
same width, another number with as many digits changes only the glyphs, which are replaced later.
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
from bifolio.pdf.print_html.page_references import UNKNOWN_NUMBER
from bifolio.pdf.writing.content_streams import ContentRecorder, deflate, encode

_DIGITS = "0123456789"
_STRING = re.compile(rb"<(?:[0-9a-f]{4})+>")


def count_placeholders(root: Element) -> int | None:
    """Return the number of placeholders in *root*; None where it shows page numbers in other ways, too."""
    if any(element.get(GENERATED) == "locator" for element in root.iter()):
        return None
    return sum(_is_placeholder(element) for element in root.iter())


def _is_placeholder(element: Element | None) -> bool:
    return element is not None and set(element.get("data-page", "")) == {"0"}


def find_placeholders(
    recorder: ContentRecorder, operators: Sequence[Any], marked_content: Mapping[Any, Mapping[str, Any]]
) -> tuple[NumberPlaceholder, ...]:
    """Return the placeholders in the *operators* of a page; *marked_content* is that of the page, by box."""
    boxes = [
        box for box in marked_content if _is_placeholder(box.element) and "0" in getattr(box, "text", "")
    ]
    if not boxes:
        return ()
    parts = [encode(part) for part in operators]
    placeholders: list[NumberPlaceholder] = []
    for box in boxes:
        digits = digit_glyphs(recorder, box)
        begin = operators.index({"MCID": marked_content[box]["mcid"]})
        end = operators.index(b"EMC", begin)
        first = len(b"\n".join(parts[:begin])) + 1
        glyphs = shown_glyphs(b"\n".join(parts[begin:end]))
        offsets = tuple(first + offset for offset, glyph in glyphs if digits and glyph == digits[0])
        if len(offsets) == len(box.element.get("data-page", "")):
            anchor = box.element.get("data-target", "")[1:]
            placeholders.append(NumberPlaceholder(anchor, offsets, digits))
    return tuple(placeholders)


def digit_glyphs(recorder: ContentRecorder, box: Any) -> tuple[bytes, ...]:
    """Return the hexadecimal glyph codes of 0 to 9 in the style of *box*; none where their widths differ."""
    layout = create_layout(_DIGITS, box.style, None, None, 0)
    text = SimpleNamespace(text=_DIGITS, style=box.style, pango_layout=layout, baseline=0)
    page = SimpleNamespace(width=0, height=0)
    operators, _ = recorder.draw(page, lambda stream: draw_first_line(stream, text, "clip", "none", Matrix()))
    glyphs = tuple(glyph for _, glyph in shown_glyphs(b"\n".join(map(encode, operators))))
    if len(glyphs) != len(_DIGITS) or not recorder.have_equal_widths([int(glyph, 16) for glyph in glyphs]):
        return ()
    return glyphs


def shown_glyphs(operators: bytes) -> list[tuple[int, bytes]]:
    """Return the hexadecimal glyph codes in the strings of *operators*, each with its offset in bytes."""
    return [
        (offset, operators[offset : offset + 4])
        for string in _STRING.finditer(operators)
        for offset in range(string.start() + 1, string.end() - 1, 4)
    ]


def fill_placeholders(page: LaidOutPage, labels: Mapping[str, str]) -> LaidOutPage:
    """Return *page* with its placeholders filled with *labels*, the page labels by anchor."""
    if not page.number_placeholders:
        return page
    data = bytearray(zlib.decompress(page.content))
    for placeholder in page.number_placeholders:
        number = labels.get(placeholder.anchor, UNKNOWN_NUMBER)
        replace_digits(data, zip(placeholder.offsets, number, strict=False), placeholder.glyphs)
    return replace(page, content=deflate([bytes(data)]))


def replace_digits(data: bytearray, digits: Iterable[tuple[int, str]], glyphs: Sequence[bytes]) -> None:
    """Replace the glyph at each offset of *digits* in *data* by that of the digit.

    *glyphs* are the hexadecimal glyph codes of 0 to 9.
    """
    for offset, digit in digits:
        data[offset : offset + 4] = glyphs[int(digit)]
