"""Lazily parsed hyphenation patterns give the same positions as Pyphen's own dictionaries."""

from __future__ import annotations

from pathlib import Path

import pyphen
import pytest

from bifolio.pdf.engine.hyphenation_patterns import LazyHyphenationDictionary

FILES = sorted({path.name: path for path in pyphen.LANGUAGES.values()}.items())


@pytest.mark.parametrize("path", [path for _, path in FILES], ids=[name for name, _ in FILES])
def test_words_are_hyphenated_where_pyphen_hyphenates_them(path: Path) -> None:
    """Each word is made of the letters of three patterns, so that every pattern of the language matches."""
    lazy, plain = LazyHyphenationDictionary(path), pyphen.HyphDict(path)
    letters = [pattern.strip(".") for pattern in plain.patterns]
    words = ["".join(letters[first : first + 3]) for first in range(0, len(letters), 3)]
    words += [letters[-1] + letters[0], letters[0].title(), "", "a"]
    count = 0
    for word in words:
        found, expected = lazy.positions(word), plain.positions(word)
        assert [(index, index.data) for index in found] == [(index, index.data) for index in expected], word
        count += len(found)
    assert count
