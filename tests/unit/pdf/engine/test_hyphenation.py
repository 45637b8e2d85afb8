from __future__ import annotations

from pathlib import Path

import pyphen
import pytest

from bifolio.pdf.engine.hyphenation import LazyHyphenationDictionary

FILES = sorted({path.name: path for path in pyphen.LANGUAGES.values()}.items())


@pytest.mark.parametrize("path", [path for _, path in FILES], ids=[name for name, _ in FILES])
def test_words_are_parted_where_pyphen_parts_them(path: Path) -> None:
    """Each word is made of the letters of some patterns, so that every pattern of the language is met."""
    quick, plain = LazyHyphenationDictionary(path), pyphen.HyphDict(path)
    letters = [pattern.strip(".") for pattern in plain.patterns]
    words = ["".join(letters[first : first + 3]) for first in range(0, len(letters), 3)]
    words += [letters[-1] + letters[0], letters[0].title(), "", "a"]
    parted = 0
    for word in words:
        found, right = quick.positions(word), plain.positions(word)
        assert [(place, place.data) for place in found] == [(place, place.data) for place in right], word
        parted += len(found)
    assert parted
