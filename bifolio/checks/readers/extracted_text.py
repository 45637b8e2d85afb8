"""What a reader finds in a file: its text and its notes, in reading order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The words of one file, as a reader meets them."""

    name: str
    """What to call the file in a message."""
    text: str
    """Title and text, without notes and their marks, running heads, numbers of lists and pages."""
    notes: str
    """The notes, in the order of their numbers."""
    heading: str = ""
    """Of a source: the title and the names that editions set above the text, perhaps with a date."""
    references: str | None = None
    """What an edition adds to the words of its author: numbers of captions, and what links without words
    lead to, those of notes last. None for a source, which has none of it."""
    as_seen: bool = False
    """Whether a line that runs from right to left holds its letters as they are seen, from left to right."""


_VARIATIONS = range(0xFE00, 0xFE10)
"""What chooses the form of the letter before it (Unicode, 23.4)."""

_STRETCH = 200
"""How many characters are worked on at once, at the least."""

_SIGNS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]{2,}")
"""Signs upon one letter of Thai or Lao: Unicode gives them no order of their own, and fonts take another."""


class _Letters(dict[int, int | None]):
    """A table for `str.translate` that keeps letters, digits and symbols alone."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        unseen = category[0] in "PZC" or category == "Sk" or code in _VARIATIONS
        self[code] = None if unseen else code
        return self[code]


_TABLE = _Letters()


def letters(text: str) -> str:
    """Return *text* without spaces, hyphens and punctuation, ligatures undone and case folded.

    What is left is the same however a page breaks its lines.
    """
    kept = "".join(
        unicodedata.normalize("NFKC", lines).casefold().translate(_TABLE) for lines in _stretches(text)
    )
    return kept if kept.isascii() else _SIGNS.sub(lambda signs: "".join(sorted(signs[0])), kept)


def _stretches(text: str) -> Iterator[str]:
    """Give the lines of *text*, a few at a time: of ASCII alone they take less time, and all less room."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _STRETCH) + 1 or len(text)
        yield text[start:end]
        start = end


def word_at(text: str, place: int) -> tuple[str, str]:
    """Return the word of *text* that holds the letter number *place*, and a few words before it."""
    words = text.split()
    passed = 0
    for number, word in enumerate(words):
        passed += len(letters(word))
        if passed > place:
            return word, " ".join(words[max(number - 5, 0) : number])
    return "", " ".join(words[-5:])
