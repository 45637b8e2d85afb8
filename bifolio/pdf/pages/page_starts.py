"""Where in the text each page begins.

The layout changes a text: it breaks words, folds spaces, sets capitals, adds words that no author wrote. What
it keeps is the letters of every element, in their order. So the letters that an element has shown on earlier
pages are counted off, and the next one is where the page begins.
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
"""What may stand within a word besides letters, digits and their marks."""


class _Fold(dict[int, str]):
    """A table for `str.translate` that leaves what the layout keeps: no spaces, capitals or accents."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        plain = unicodedata.normalize("NFKD", plain)
        self[code] = "".join(c for c in plain if unicodedata.category(c)[0] not in "ZCM")
        return self[code]


_FOLD = _Fold()


def find_page_starts(pages: Sequence[Any], root: Element) -> list[PageStart | None]:
    """Return where each of WeasyPrint's *pages* of *root* begins: with the first running text that it shows.

    Running heads, notes, repeated heads of tables, markers of lists and all that is printed for paper readers
    alone begin no page; nor does a figure or a table that follows text from behind it, unless the page has
    nothing else.
    A word that is hyphenated over two pages belongs to the second. A page with nothing of the running text,
    blank or full of notes, has no opening, nor has one where it would come before that of an earlier page.
    """
    in_figure = {part for tag in ("figure", "table") for figure in root.iter(tag) for part in figure.iter()}
    shown: dict[Element, list[Any]] = {}
    openings: list[PageStart | None] = []
    last = before = "", 0
    for page in pages:
        opening, late, furthest = None, None, last
        for box in boxes.descendants_in_order(boxes.page_box_of(page)):
            if not _is_content(box, shown):
                continue
            earlier = shown.setdefault(box.element, [])
            place = _origin(box)
            if _is_before(place, last) and box.element in in_figure:
                late = late or _page_start(box, earlier)
            else:
                opening = opening or _page_start(box, earlier)
            earlier.append(box)
            furthest = furthest if _is_before(place, furthest) else place
        if opening is None and late and not _is_before((late.section, late.element), before):
            opening = late
        openings.append(opening)
        before = (opening.section, opening.element) if opening else before
        last = furthest
    return openings


def _is_before(place: tuple[str, int], other: tuple[str, int]) -> bool:
    """Say whether *place*, an element of a section, comes in that section before *other*."""
    return place[0] == other[0] and place[1] < other[1]


def _is_content(box: Any, shown: dict[Element, list[Any]]) -> bool:
    """Say whether *box* shows something of the running text that no earlier box has *shown*."""
    if box.element is None or ORIGIN not in box.element.attrib:
        return False
    if isinstance(box, boxes.ReplacedBox):
        return box.element not in shown
    if not isinstance(box, boxes.TextBox) or box_facts(box).is_artifact:
        return False
    _, generated, _ = box.element_tag.partition("::")
    return bool(box.text.translate(_FOLD)) and (not generated or box.element_tag.endswith(_PART_OF_TEXT))


def _page_start(box: Any, before: Sequence[Any]) -> PageStart:
    """Return the place in the text of *box*, when its element has been shown in the boxes *before*."""
    section, number = _origin(box)
    offset = None if isinstance(box, boxes.ReplacedBox) else _offset(box, before)
    return PageStart(section, number, offset)


def _origin(box: Any) -> tuple[str, int]:
    """Return the section that the text of *box* belongs to, and the number of its element there."""
    number, _, section = box.element.get(ORIGIN).partition(" ")
    return section, int(number)


def _offset(box: Any, before: Sequence[Any]) -> int | None:
    """Return the place of the first character of *box* in its element's own text."""
    parts = [box.element.text or "", *(child.tail or "" for child in box.element)]
    text = "".join(parts)
    letters = text.translate(_FOLD)
    passed, hyphenated = 0, False
    for part in before:
        start, said, hyphenated = _locate(part, letters, passed)
        passed = start + said
    passed, _, _ = _locate(box, letters, passed)
    places = [place for place, character in enumerate(text) for _ in character.translate(_FOLD)]
    if not places:
        return None
    offset = places[min(passed, len(places) - 1)]
    if hyphenated:
        starts = set(accumulate(map(len, parts)))
        while offset and offset not in starts and _is_in_word(text[offset - 1]):
            offset -= 1
    return offset


def _locate(box: Any, letters: str, passed: int) -> tuple[int, int, bool]:
    """Return where in *letters* the text of *box* stands, how many it has, and whether a hyphen was added."""
    said = box.text.translate(_FOLD)
    if letters.startswith(said, passed):
        return passed, len(said), False
    bare = said.removesuffix(box.style["hyphenate_character"].translate(_FOLD))
    if letters.startswith(bare, passed):
        return passed, len(bare), True
    return max(letters.find(bare, passed), passed), len(bare), False


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in _IN_WORD or unicodedata.category(character)[0] == "M"
