"""Resolves straight quotation marks to opening and closing marks, apostrophes and primes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bifolio.manuscript.transforms.smart_punctuation.quote_styles import QuoteStyle

OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""A placeholder for content that is not text, such as code or an image; it counts as a word."""
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
PRIME, DOUBLE_PRIME = "\N{PRIME}", "\N{DOUBLE PRIME}"

_NUMBER = r"\d+(?:[.,]\d+)?[½¼¾⅓⅔⅛⅜⅝⅞]?"
_MEASURE = re.compile(
    rf"""(?<![\w.,'"])(?:{_NUMBER}°[ ]?{_NUMBER}'(?:[ ]?{_NUMBER}")?|\d+'[ ]?{_NUMBER}")(?![\w'"])"""
)
"""An angle, such as 40° 26' 46", or feet with inches, such as 5' 10"."""
_INCHES = re.compile(r"(?<![\w.,])\d{1,3}[½¼¾⅓⅔⅛⅜⅝⅞]?$")
_YEAR = re.compile(r"\d\ds?(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class QuoteResolver:
    """Resolves the straight quotation marks of one block."""

    text: str
    styles: Mapping[int, QuoteStyle]
    """The style of the language of each straight mark that may change, by index."""
    replacements: dict[int, str] = field(default_factory=dict)
    """The replacement of each mark, by index; a mark that is not in it stays."""
    open: list[int] = field(default_factory=list)
    """The indices of the opening marks that are not closed yet, the innermost last."""
    doubles: list[int] = field(default_factory=list)
    """The positions of double marks in `open`."""

    def resolve(self) -> dict[int, str]:
        """Return the replacement of each straight mark of the text, by index."""
        for measure in _MEASURE.finditer(self.text):
            for index in range(*measure.span()):
                if index in self.styles:
                    self.replacements[index] = PRIME if self.text[index] == "'" else DOUBLE_PRIME
        index = 0
        while index < len(self.text):
            end = index
            while end in self.styles and end not in self.replacements:
                end += 1
            if end > index:
                self._resolve_group(index, end)
            index = end + 1
        for left in self.open:
            self._resolve_unmatched_opener(left)
        # Speech of several paragraphs has an opening mark in each and a closing mark in the last only.
        first = len(self.text) - len(self.text.lstrip())
        if first in self.open and self.text[first] == "'" and self.text[first + 1 : first + 2].isupper():
            self.replacements[first] = self.styles[first].single[0]
        return self.replacements

    def _resolve_group(self, start: int, end: int) -> None:
        """Resolve the adjacent marks from *start* to *end* by the characters around them."""
        before, after = self.text[max(start - 1, 0) : start], self.text[end : end + 1]
        indices = range(start, end)
        if _is_word(before) and _is_word(after):
            self._resolve_within_word(start, end)
        elif _is_space(before) and _is_space(after):
            return
        elif _is_space(before) or (_is_opening(before) and _is_word(after)):
            for index in indices:
                self._open(index)
        elif _is_space(after) or not (_is_opening(before) or _is_word(after)):
            for index in indices:
                self._close(index)
        else:
            for index in indices:
                if self._matching_opener(index) is None and (self.text[index] == '"' or _is_opening(before)):
                    self._open(index)
                else:
                    self._close(index)

    def _resolve_within_word(self, start: int, end: int) -> None:
        """Resolve the marks between two letters: l'"homme", "Salt"'s, don't."""
        rest = list(range(start, end))
        if self.text[start] == "'":
            self.replacements[start] = APOSTROPHE
            for index in rest[1:]:
                self._open(index)
            return
        last = rest.pop() if self.text[end - 1] == "'" else None
        for index in rest:
            if self._matching_opener(index) is not None:
                self._close(index)
        if last is not None:
            self.replacements[last] = APOSTROPHE

    def _open(self, index: int) -> None:
        if self.text[index] == "'" and self._is_elision(index):
            self.replacements[index] = APOSTROPHE
            return
        if self.text[index] == '"':
            self.doubles.append(len(self.open))
        self.open.append(index)

    def _is_elision(self, index: int) -> bool:
        """Return whether the mark at *index* replaces omitted letters: ’90s, ’tis, rock ’n’ roll."""
        if _YEAR.match(self.text, index + 1):
            return True
        word = _WORD.match(self.text, index + 1)
        if not word or word.group().lower() not in self.styles[index].elided:
            return False
        return self.text[word.end() : word.end() + 1] != "'" or len(word.group()) == 1

    def _matching_opener(self, index: int) -> int | None:
        """Return the position in `open` of the mark that the mark at *index* would close."""
        if self.text[index] == '"':
            return self.doubles[-1] if self.doubles else None
        last = len(self.open) - 1
        return last if self.open and self.text[self.open[last]] == "'" else None

    def _close(self, index: int) -> None:
        position = self._matching_opener(index)
        if position is None:
            self.replacements[index] = self._resolve_unmatched_closer(index)
            return
        for left in self.open[position + 1 :]:
            self._resolve_unmatched_opener(left)
        opener = self.open[position]
        style, double = self.styles[opener], self.text[opener] == '"'
        pair, space = (style.double, style.inside) if double else (style.single, "")
        self.replacements[opener], self.replacements[index] = pair[0] + space, space + pair[1]
        del self.open[position:]
        if double:
            self.doubles.pop()

    def _resolve_unmatched_closer(self, index: int) -> str:
        """Return the replacement of a closing mark without an opening mark."""
        style = self.styles[index]
        if self.text[index] == "'":
            return APOSTROPHE
        follows = self.text[index + 1 : index + 3]
        if (
            _INCHES.search(self.text, max(index - 5, 0), index)
            and follows[:1] == " "
            and follows[1:].islower()
        ):
            return DOUBLE_PRIME
        return style.inside + style.double[1]

    def _resolve_unmatched_opener(self, index: int) -> None:
        """Set the replacement of an opening mark that is not closed in this block."""
        style = self.styles[index]
        double = self.text[index] == '"'
        self.replacements[index] = style.double[0] + style.inside if double else APOSTROPHE


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_word(character: str) -> bool:
    return character == OBJECT or (bool(character) and unicodedata.category(character)[0] in "LMN")


def _is_opening(character: str) -> bool:
    """Return whether a quotation can begin directly after *character*."""
    return character in "/¿¡" or unicodedata.category(character) in ("Ps", "Pi", "Pd", "Sm", "Sc", "Sk", "So")
