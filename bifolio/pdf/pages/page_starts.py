"""Finds the position in the text at which each page begins.

Layout changes the text: it hyphenates words, collapses spaces, applies capitals and adds generated content.
It keeps the letters of every element in their order. So the letters that an element shows on earlier pages
are counted, and the page begins at the next one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.box_facts import box_facts
from bifolio.pdf.laid_out import PageStart
from bifolio.pdf.print_html.html_tree import ORIGIN

_PART_OF_TEXT = ("::first-letter", "::first-line")
_IN_WORD = "\N{SOFT HYPHEN}'\N{RIGHT SINGLE QUOTATION MARK}"
"""Characters that may be inside a word besides letters, digits and combining marks."""


class _Fold(dict[int, str]):
    """A table for `str.translate` that keeps what layout keeps: it drops spaces, case and accents."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        plain = unicodedata.normalize("NFKD", plain)
        self[code] = "".join(c for c in plain if unicodedata.category(c)[0] not in "ZCM")
        return self[code]


_FOLD = _Fold()


def find_page_starts(pages: Sequence[Any], root: Element) -> list[PageStart | None]:
    """Return where each of WeasyPrint's *pages* of *root* begins: at the first running text that it shows.

    Margin boxes, footnotes, repeated table headers, list markers and everything added for print are no
    running text. A float that follows later text counts only if the page shows nothing else.
    A word that is hyphenated across two pages belongs to the second. A page without running text, blank or
    full of footnotes, has no start, nor has one whose start would precede that of an earlier page.
    """
    in_figure = {part for tag in ("figure", "table") for figure in root.iter(tag) for part in figure.iter()}
    shown: dict[Element, list[Any]] = {}
    starts: list[PageStart | None] = []
    last = last_start = "", 0
    for page in pages:
        start, float_start, furthest = None, None, last
        for box in boxes.descendants_in_order(boxes.page_box_of(page)):
            if not _is_content(box, shown):
                continue
            earlier = shown.setdefault(box.element, [])
            origin = _origin(box)
            if _is_before(origin, last) and box.element in in_figure:
                float_start = float_start or _page_start(box, earlier)
            else:
                start = start or _page_start(box, earlier)
            earlier.append(box)
            furthest = furthest if _is_before(origin, furthest) else origin
        if start is None and float_start:
            is_backward = _is_before((float_start.section, float_start.element), last_start)
            start = None if is_backward else float_start
        starts.append(start)
        last_start = (start.section, start.element) if start else last_start
        last = furthest
    return starts


def _is_before(origin: tuple[str, int], other: tuple[str, int]) -> bool:
    """Return whether *origin*, a section and an element index, precedes *other* in the same section."""
    return origin[0] == other[0] and origin[1] < other[1]


def _is_content(box: Any, shown: dict[Element, list[Any]]) -> bool:
    """Return whether *box* shows running text; an image does only if it is not in *shown* yet."""
    if box.element is None or ORIGIN not in box.element.attrib:
        return False
    if isinstance(box, boxes.ReplacedBox):
        return box.element not in shown
    if not isinstance(box, boxes.TextBox) or box_facts(box).is_artifact:
        return False
    _, generated, _ = box.element_tag.partition("::")
    return bool(box.text.translate(_FOLD)) and (not generated or box.element_tag.endswith(_PART_OF_TEXT))


def _page_start(box: Any, before: Sequence[Any]) -> PageStart:
    """Return the position of *box* in the text; the boxes *before* show the start of its element."""
    section, element_index = _origin(box)
    offset = None if isinstance(box, boxes.ReplacedBox) else _offset(box, before)
    return PageStart(section, element_index, offset)


def _origin(box: Any) -> tuple[str, int]:
    """Return the section that *box* belongs to, and the index of its element there."""
    index, _, section = box.element.get(ORIGIN).partition(" ")
    return section, int(index)


def _offset(box: Any, before: Sequence[Any]) -> int | None:
    """Return the offset of the first character of *box* in the own text of its element."""
    parts = [box.element.text or "", *(child.tail or "" for child in box.element)]
    text = "".join(parts)
    letters = text.translate(_FOLD)
    passed, hyphenated = 0, False
    for part in before:
        start, count, hyphenated = _locate(part, letters, passed)
        passed = start + count
    passed, _, _ = _locate(box, letters, passed)
    offsets = [index for index, character in enumerate(text) for _ in character.translate(_FOLD)]
    if not offsets:
        return None
    offset = offsets[min(passed, len(offsets) - 1)]
    if hyphenated:
        starts = set(accumulate(map(len, parts)))
        while offset and offset not in starts and _is_in_word(text[offset - 1]):
            offset -= 1
    return offset


def _locate(box: Any, letters: str, passed: int) -> tuple[int, int, bool]:
    """Return the index of the text of *box* in *letters*, its length, and whether a hyphen was added.

    The search starts at *passed*.
    """
    shown = box.text.translate(_FOLD)
    if letters.startswith(shown, passed):
        return passed, len(shown), False
    unhyphenated = shown.removesuffix(box.style["hyphenate_character"].translate(_FOLD))
    if letters.startswith(unhyphenated, passed):
        return passed, len(unhyphenated), True
    return max(letters.find(unhyphenated, passed), passed), len(unhyphenated), False


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in _IN_WORD or unicodedata.category(character)[0] == "M"
