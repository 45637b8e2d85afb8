"""Straight quotation marks told apart: what opens, what closes, apostrophes and primes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bifolio.manuscript.transforms.smart_punctuation.quote_styles import QuoteStyle

OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a text for what is not words, such as code or a picture; it counts as a word."""
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
    """The quotation marks of one block while they are told apart."""

    text: str
    languages: Mapping[int, QuoteStyle]
    """The marks of the language at the place of each straight mark that may change."""
    replacements: dict[int, str] = field(default_factory=dict)
    """What the mark at each place becomes; what is not in it stays."""
    open: list[int] = field(default_factory=list)
    """The places of what is open, the innermost last."""
    doubles: list[int] = field(default_factory=list)
    """Where in that list the double marks stand."""

    def resolve(self) -> dict[int, str]:
        """Return what each straight mark of the text becomes, by its place."""
        for measure in _MEASURE.finditer(self.text):
            for place in range(*measure.span()):
                if place in self.languages:
                    self.replacements[place] = PRIME if self.text[place] == "'" else DOUBLE_PRIME
        place = 0
        while place < len(self.text):
            end = place
            while end in self.languages and end not in self.replacements:
                end += 1
            if end > place:
                self._resolve_group(place, end)
            place = end + 1
        for left in self.open:
            self._resolve_unmatched_opener(left)
        # Speech of several paragraphs opens in each of them, and closes in the last alone.
        begin = len(self.text) - len(self.text.lstrip())
        if begin in self.open and self.text[begin] == "'" and self.text[begin + 1 : begin + 2].isupper():
            self.replacements[begin] = self.languages[begin].single[0]
        return self.replacements

    def _resolve_group(self, start: int, end: int) -> None:
        """Tell the marks from *start* to *end*, which stand side by side, by what is around them."""
        before, after = self.text[max(start - 1, 0) : start], self.text[end : end + 1]
        places = range(start, end)
        if _is_word(before) and _is_word(after):
            self._resolve_within_word(start, end)
        elif _is_space(before) and _is_space(after):
            return
        elif _is_space(before) or (_is_opening(before) and _is_word(after)):
            for place in places:
                self._open(place)
        elif _is_space(after) or not (_is_opening(before) or _is_word(after)):
            for place in places:
                self._close(place)
        else:
            for place in places:
                if self._matching_opener(place) is None and (self.text[place] == '"' or _is_opening(before)):
                    self._open(place)
                else:
                    self._close(place)

    def _resolve_within_word(self, start: int, end: int) -> None:
        """Tell the marks between two letters: l'"homme", "Salt"'s, don't."""
        rest = list(range(start, end))
        if self.text[start] == "'":
            self.replacements[start] = APOSTROPHE
            for place in rest[1:]:
                self._open(place)
            return
        last = rest.pop() if self.text[end - 1] == "'" else None
        for place in rest:
            if self._matching_opener(place) is not None:
                self._close(place)
        if last is not None:
            self.replacements[last] = APOSTROPHE

    def _open(self, place: int) -> None:
        if self.text[place] == "'" and self._is_elision(place):
            self.replacements[place] = APOSTROPHE
            return
        if self.text[place] == '"':
            self.doubles.append(len(self.open))
        self.open.append(place)

    def _is_elision(self, place: int) -> bool:
        """Say whether the mark at *place* stands for letters left out: ’90s, ’tis, rock ’n’ roll."""
        if _YEAR.match(self.text, place + 1):
            return True
        word = _WORD.match(self.text, place + 1)
        if not word or word.group().lower() not in self.languages[place].elided:
            return False
        return self.text[word.end() : word.end() + 1] != "'" or len(word.group()) == 1

    def _matching_opener(self, place: int) -> int | None:
        """Return where in the list of what is open the mark stands that the one at *place* closes."""
        if self.text[place] == '"':
            return self.doubles[-1] if self.doubles else None
        last = len(self.open) - 1
        return last if self.open and self.text[self.open[last]] == "'" else None

    def _close(self, place: int) -> None:
        number = self._matching_opener(place)
        if number is None:
            self.replacements[place] = self._resolve_unmatched_closer(place)
            return
        for left in self.open[number + 1 :]:
            self._resolve_unmatched_opener(left)
        opener = self.open[number]
        marks, double = self.languages[opener], self.text[opener] == '"'
        pair, space = (marks.double, marks.inside) if double else (marks.single, "")
        self.replacements[opener], self.replacements[place] = pair[0] + space, space + pair[1]
        del self.open[number:]
        if double:
            self.doubles.pop()

    def _resolve_unmatched_closer(self, place: int) -> str:
        """Return what a mark becomes that closes nothing."""
        marks = self.languages[place]
        if self.text[place] == "'":
            return APOSTROPHE
        follows = self.text[place + 1 : place + 3]
        if (
            _INCHES.search(self.text, max(place - 5, 0), place)
            and follows[:1] == " "
            and follows[1:].islower()
        ):
            return DOUBLE_PRIME
        return marks.inside + marks.double[1]

    def _resolve_unmatched_opener(self, place: int) -> None:
        """Say what a mark becomes that opens what does not end in this block."""
        marks = self.languages[place]
        double = self.text[place] == '"'
        self.replacements[place] = marks.double[0] + marks.inside if double else APOSTROPHE


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_word(character: str) -> bool:
    return character == OBJECT or (bool(character) and unicodedata.category(character)[0] in "LMN")


def _is_opening(character: str) -> bool:
    """Say whether a quotation may begin right behind *character*."""
    return character in "/¿¡" or unicodedata.category(character) in ("Ps", "Pi", "Pd", "Sm", "Sc", "Sk", "So")
