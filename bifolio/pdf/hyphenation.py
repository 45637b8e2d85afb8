"""The patterns of hyphenation of a language, read in a fraction of the time that Pyphen takes for them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pyphen

_SPACE = re.compile(r"(?m)^[ \t\r]+|[ \t\r]+$")
_IGNORED = re.compile(f"(?m)^(?:{'|'.join(pyphen.ignored)}).*$")
_ODD = re.compile(r"(?m)^.*(?:/|\^\^).*$")
"""Patterns that change letters where they part a word, and those with letters written as numbers."""
_Values = tuple[int, tuple[int, ...]]


class QuickDictionary(pyphen.HyphDict):  # type: ignore[misc]
    """A dictionary of Pyphen. The numbers of a pattern are read once for all patterns of its shape."""

    patterns: dict[str, _Values]

    def __init__(self, path: Path) -> None:
        encoding, _, data = path.read_bytes().partition(b"\n")
        text = data.decode(encoding.decode().strip().lower().removeprefix("microsoft-"))
        text = _IGNORED.sub("", _SPACE.sub("", text))
        odd = _ODD.findall(text)
        if odd:
            super().__init__(_Lines(odd))
        self.patterns = _plain(_ODD.sub("", text)) | (self.patterns if odd else {})
        self.cache: dict[str, Any] = {}
        self.maxlen = max(map(len, self.patterns))


class _Lines:
    """What Pyphen reads lines from."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def open(self, mode: str) -> BytesIO:
        return BytesIO(b"UTF-8")

    def read_text(self, encoding: str) -> str:
        return "\n".join(["UTF-8", *self._lines])


class _Shapes(dict[str, _Values | None]):
    """The numbers between the letters of a shape, from the first on that is one, and its place."""

    def __missing__(self, shape: str) -> _Values | None:
        values = [int(digit or 0) for digit, _ in pyphen.parse(shape)]
        places = [place for place, value in enumerate(values) if value]
        known = (places[0], tuple(values[places[0] : places[-1] + 1])) if places else None
        self[shape] = known
        return known


def _plain(text: str) -> dict[str, _Values]:
    """Return the patterns of *text*, one a line, by their letters."""
    signs = set(text) - {"\n"}
    digits = {ord(sign) for sign in signs if sign.isdecimal()}
    words = text.translate(dict.fromkeys(digits)).split("\n")
    shapes = text.translate({ord(s): "x" for s in signs if ord(s) not in digits}).split("\n")
    known = _Shapes()
    return {word: values for word, shape in zip(words, shapes, strict=True) if (values := known[shape])}
