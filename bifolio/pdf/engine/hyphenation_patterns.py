"""Hyphenation dictionaries whose patterns are parsed when a word contains them; most are never needed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pyphen

_Values = tuple[int, tuple[int, ...]]


class LazyHyphenationDictionary(pyphen.HyphDict):  # type: ignore[misc]
    """A dictionary of Pyphen that parses a pattern when a word contains its letters."""

    patterns: dict[str, str | _Values]
    """By its letters: a pattern as written, or the index of its first number and its numbers."""

    def __init__(self, path: Path) -> None:
        encoding, _, data = path.read_bytes().partition(b"\n")
        text = data.decode(encoding.decode().strip().lower().removeprefix("microsoft-"))
        stripped = (line.strip() for line in text.split("\n"))
        lines = [line for line in stripped if line and not line.startswith(pyphen.ignored)]
        special = [line for line in lines if _needs_pyphen(line)] if _needs_pyphen(text) else []
        if special:
            super().__init__(_LinesFile(special))
            lines = [line for line in lines if not _needs_pyphen(line)]
        self.patterns = _parse_plain("\n".join(lines).encode()) | (self.patterns if special else {})
        self.cache: dict[str, list[Any]] = {}
        self.maxlen = max(map(len, self.patterns))

    def positions(self, word: str) -> list[Any]:
        """Return the hyphenation points of *word*, as letter counts with Pyphen's data."""
        word = word.lower()
        if word not in self.cache:
            numbers = enumerate(self._numbers(f".{word}."))
            self.cache[word] = [
                pyphen.DataInt(index - 1, reference=number) for index, number in numbers if number % 2
            ]
        return self.cache[word]

    def _numbers(self, word: str) -> list[int]:
        """Return the greatest number of all patterns before each letter of *word*, and at its end."""
        length, patterns = len(word), self.patterns
        numbers = [0] * (length + 1)
        for start in range(length - 1):
            for end in range(start + 1, min(start + self.maxlen, length) + 1):
                letters = word[start:end]
                if letters in patterns:
                    offset, values = self._values(letters)
                    for index, value in zip(range(start + offset, length + 1), values, strict=False):
                        if value >= numbers[index]:
                            numbers[index] = value
        return numbers

    def _values(self, letters: str) -> _Values:
        """Return the pattern of *letters*: the index of its first number, and its numbers."""
        pattern = self.patterns[letters]
        if isinstance(pattern, str):
            values = [int(digit or 0) for digit, _ in pyphen.parse(pattern)]
            indices = [index for index, value in enumerate(values) if value]
            pattern = self.patterns[letters] = indices[0], tuple(values[indices[0] : indices[-1] + 1])
        return pattern


def _needs_pyphen(text: str) -> bool:
    """Return whether a pattern in *text* changes spelling at a hyphen, or has hexadecimal escapes."""
    return "/" in text or "^^" in text


def _parse_plain(text: bytes) -> dict[str, str | _Values]:
    """Return the patterns of *text*, one a line in UTF-8, by their letters; all that have a number."""
    text = text.translate(None, b"0")
    letters = text.translate(None, b"123456789").decode().split("\n")
    return {word: line for word, line in zip(letters, text.decode().split("\n"), strict=True) if word != line}


class _LinesFile:
    """Lines, with the methods of a path that Pyphen calls."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def open(self, mode: str) -> BytesIO:
        return BytesIO(b"UTF-8")

    def read_text(self, encoding: str) -> str:
        return "\n".join(["UTF-8", *self._lines])
