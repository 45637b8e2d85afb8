from __future__ import annotations

from pathlib import Path

import pyphen
import pytest

from bifolio.pdf.hyphenation import QuickDictionary

FILES = sorted({path.name: path for path in pyphen.LANGUAGES.values()}.items())


@pytest.mark.parametrize("path", [path for _, path in FILES], ids=[name for name, _ in FILES])
def test_a_dictionary_is_read_as_pyphen_reads_it(path: Path) -> None:
    quick, plain = QuickDictionary(path), pyphen.HyphDict(path)
    assert quick.maxlen == plain.maxlen
    assert quick.patterns.keys() == plain.patterns.keys()
    assert [value for word, value in plain.patterns.items() if quick.patterns[word] != value] == []
