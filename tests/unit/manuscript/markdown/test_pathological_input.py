"""Pathological input that could take quadratic time: it is parsed correctly or refused with a message.

bench/reading.py measures the time; these tests check the results only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import Publication, read
from bifolio.model.errors import SourceError
from bifolio.model.publication import NOTE_CALL, text_of, words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def words(publication: Publication) -> list[str]:
    return words_of(publication.sections[0].body)[1:]


def test_unclosed_brackets_are_text(write: Write) -> None:
    assert words(read(write(FRONT + "[a" * 50_000))) == ["[a" * 50_000]


def test_too_many_open_brackets_before_a_closing_one_are_refused(write: Write) -> None:
    with pytest.raises(SourceError, match="More than 250 square brackets are open") as refused:
        read(write(FRONT + "Text.\n\n" + "[a" * 50_000 + "]"))
    assert str(refused.value.where).endswith("text.md:7")


def test_many_closed_or_escaped_brackets_are_read(write: Write) -> None:
    text = "[a] " * 2_000 + "\\[ " * 2_000 + "[b](https://example.org)"
    publication = read(write(FRONT + text))
    assert words(publication) == ["[a]"] * 2_000 + ["["] * 2_000 + ["b"]
    assert len(list(publication.sections[0].body.iter("a"))) == 1


def test_twenty_thousand_notes_are_numbered(write: Write) -> None:
    text = "".join(f"Text.[^{n}]\n\n[^{n}]: Note {n}.\n\n" for n in range(20_000))
    publication = read(write(FRONT + text))
    assert [text_of(note.body).strip() for note in publication.notes()] == [
        f"Note {n}." for n in range(20_000)
    ]
    assert words(publication) == ["Text."] * 20_000


def test_a_note_called_two_thousand_times_is_one_note(write: Write) -> None:
    publication = read(write(FRONT + "Text.[^a] " * 2_000 + "\n\n[^a]: Note.\n"))
    assert [note.calls for note in publication.notes()] == [2_000]
    calls = [call.get("nth") for call in publication.sections[0].body.iter(NOTE_CALL)]
    assert calls == [str(n) for n in range(1, 2_001)]


def test_nested_emphasis_is_parsed(write: Write) -> None:
    publication = read(write(FRONT + "*a **b " * 50 + "c" + " d** e*" * 50))
    assert words(publication) == ["a", "b"] * 50 + ["c"] + ["d", "e"] * 50


@pytest.mark.parametrize("text", ["*a **b " * 3_500 + "c" + " d** e*" * 3_500, "<b>" * 10_000 + "c"])
def test_elements_nested_too_deeply_are_refused(write: Write, text: str) -> None:
    with pytest.raises(SourceError, match="Elements are nested more than 120 deep") as refused:
        read(write(FRONT + "Text.\n\n" + text))
    assert str(refused.value.where).endswith("text.md:7")


def test_blockquotes_nested_too_deeply_are_refused(write: Write) -> None:
    with pytest.raises(SourceError, match="more than 100 deep"):
        read(write(FRONT + ">" * 1_000 + " a"))


@pytest.mark.parametrize("opening", ["<![CDATA[", "<!--", "<?", "<!A "])
def test_unclosed_html_constructs_are_text(write: Write, opening: str) -> None:
    as_typed = FRONT.replace("---\n", "---\nsmart: false\n", 1)
    assert "".join(words(read(write(as_typed + f"a {opening}" * 10_000)))) == f"a{opening.strip()}" * 10_000


@pytest.mark.parametrize("opening", ["![[", "[[a|", "![", "[^", "^[", "==a", "~a", "^a", "![a](", "$", "{{"])
def test_unclosed_delimiters_are_text(write: Write, opening: str) -> None:
    assert "".join(words(read(write(FRONT + f"b {opening} " * 10_000)))) == f"b{opening}" * 10_000


def test_equal_headings_have_unique_anchors(write: Write) -> None:
    headings = read(write(FRONT + "## Same\n\n" * 3_000)).sections[0].headings
    assert [h.anchor for h in headings] == ["same", *(f"same-{n}" for n in range(1, 3_000))]


def test_findings_name_their_line_among_thousands(write: Write) -> None:
    publication = read(write(FRONT + "".join(f"a\nb [c](#x{n})\n\n" for n in range(3_000))))
    assert [f.where.line for f in publication.findings if f.where] == list(range(6, 9_005, 3))
