"""The patterns of hyphenation of a language, each read when a word has it: most are never needed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pyphen

_Values = tuple[int, tuple[int, ...]]


class LazyHyphenationDictionary(pyphen.HyphDict):  # type: ignore[misc]
    """A dictionary of Pyphen that reads no pattern before a word has its letters."""

    patterns: dict[str, str | _Values]
    """By its letters, a pattern as it is written, or how far in its first number stands, and its numbers."""

    def __init__(self, path: Path) -> None:
        encoding, _, data = path.read_bytes().partition(b"\n")
        text = data.decode(encoding.decode().strip().lower().removeprefix("microsoft-"))
        stripped = (line.strip() for line in text.split("\n"))
        lines = [line for line in stripped if line and not line.startswith(pyphen.ignored)]
        odd = [line for line in lines if _needs_pyphen(line)] if _needs_pyphen(text) else []
        if odd:
            super().__init__(_LinesFile(odd))
            lines = [line for line in lines if not _needs_pyphen(line)]
        self.patterns = _parse_plain("\n".join(lines).encode()) | (self.patterns if odd else {})
        self.cache: dict[str, list[Any]] = {}
        self.maxlen = max(map(len, self.patterns))

    def positions(self, word: str) -> list[Any]:
        """Return where *word* can be parted: numbers of letters, with what Pyphen says of each."""
        word = word.lower()
        if word not in self.cache:
            numbers = enumerate(self._numbers(f".{word}."))
            parted = [pyphen.DataInt(place - 1, reference=number) for place, number in numbers if number % 2]
            self.cache[word] = parted
        return self.cache[word]

    def _numbers(self, pointed: str) -> list[int]:
        """Return the greatest number that a pattern sets before each letter of *pointed*, and at its end."""
        length, patterns = len(pointed), self.patterns
        numbers = [0] * (length + 1)
        for start in range(length - 1):
            for end in range(start + 1, min(start + self.maxlen, length) + 1):
                letters = pointed[start:end]
                if letters in patterns:
                    offset, values = self._values(letters)
                    for place, value in zip(range(start + offset, length + 1), values, strict=False):
                        if value >= numbers[place]:
                            numbers[place] = value
        return numbers

    def _values(self, letters: str) -> _Values:
        """Return the numbers of the pattern of *letters*, and before which letter the first stands."""
        pattern = self.patterns[letters]
        if isinstance(pattern, str):
            values = [int(digit or 0) for digit, _ in pyphen.parse(pattern)]
            places = [place for place, value in enumerate(values) if value]
            pattern = self.patterns[letters] = places[0], tuple(values[places[0] : places[-1] + 1])
        return pattern


def _needs_pyphen(text: str) -> bool:
    """Say whether a pattern changes letters where it parts a word, or has letters written as numbers."""
    return "/" in text or "^^" in text


def _parse_plain(text: bytes) -> dict[str, str | _Values]:
    """Return the patterns of *text*, one a line in UTF-8, by their letters; all that have a number."""
    text = text.translate(None, b"0")
    letters = text.translate(None, b"123456789").decode().split("\n")
    return {word: line for word, line in zip(letters, text.decode().split("\n"), strict=True) if word != line}


class _LinesFile:
    """What Pyphen reads lines from."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def open(self, mode: str) -> BytesIO:
        return BytesIO(b"UTF-8")

    def read_text(self, encoding: str) -> str:
        return "\n".join(["UTF-8", *self._lines])
