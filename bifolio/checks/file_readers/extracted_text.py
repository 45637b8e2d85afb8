"""The text of a file in reading order, and its normalisation for the comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of one file in reading order."""

    name: str
    """The name of the file in messages."""
    text: str
    """Title and text, without notes, note references, running heads, list numbers and page numbers."""
    notes: str
    """The notes, in the order of their numbers."""
    heading: str = ""
    """Of a source: the title and the names that editions put above the text, perhaps with a date."""
    references: str | None = None
    """The text that an edition adds to the words of its author, such as caption numbers and the text of
    cross-references; that of notes last. None for a source."""
    is_visual_order: bool = False
    """Whether right-to-left lines have their letters in visual order, from left to right."""


_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
"""Unicode 16.0, 23.4."""
_MIN_CHUNK = 200
"""In characters."""
_COMBINING_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]{2,}")
"""Several marks on one letter of Thai or Lao. Unicode defines no order for them, and fonts differ."""


class _LetterTable(dict[int, int | None]):
    """A table for `str.translate` that keeps letters, digits and symbols, and removes all else."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        is_removed = category[0] in "PZC" or category == "Sk" or code in _VARIATION_SELECTORS
        self[code] = None if is_removed else code
        return self[code]


_TABLE = _LetterTable()


def letters(text: str) -> str:
    """Return *text* case-folded in NFKC, without spaces, hyphens and punctuation.

    The result does not depend on line breaks, hyphenation and ligatures.
    """
    result = "".join(
        unicodedata.normalize("NFKC", lines).casefold().translate(_TABLE) for lines in _chunks(text)
    )
    if result.isascii():
        return result
    return _COMBINING_MARKS.sub(lambda marks: "".join(sorted(marks[0])), result)


def _chunks(text: str) -> Iterator[str]:
    """Yield *text* a few lines at a time: that takes less memory, and ASCII lines are normalised faster."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _MIN_CHUNK) + 1 or len(text)
        yield text[start:end]
        start = end


def word_at(text: str, letter_index: int) -> tuple[str, str]:
    """Return the word of *text* that has the letter at *letter_index*, and the few words before it."""
    words = text.split()
    passed = 0
    for index, word in enumerate(words):
        passed += len(letters(word))
        if passed > letter_index:
            return word, " ".join(words[max(index - 5, 0) : index])
    return "", " ".join(words[-5:])
