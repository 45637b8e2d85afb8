"""Rich text of citations: adjacent punctuation and unpaired tags."""

from __future__ import annotations

from bifolio.manuscript.citations.rich_text import encode_tags, fix_punctuation


def test_adjacent_punctuation_is_merged() -> None:
    assert fix_punctuation("\ufdd1Why?\ufdd7. OUP.", inside=False) == "\ufdd1Why?\ufdd7 OUP."
    assert fix_punctuation("A “title”. J.", inside=True) == "A “title.” J."
    assert fix_punctuation("A “why?”. J.", inside=True) == "A “why?” J."
    assert fix_punctuation("and so on... then", inside=True) == "and so on... then"


def test_unpaired_tags_are_dropped() -> None:
    assert encode_tags("a <i>b</i></b> <b>c") == "a \ufdd1b\ufdd7 \ufdd2c\ufdd7"
