"""Punctuation as a reader of both editions meets it."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest

from bifolio.checks.compare import READERS, compare_files
from tests.conftest import Built
from tests.editions.pdf.test_article import page_texts


def test_both_editions_set_it_and_lose_no_word(build: Callable[..., Built]) -> None:
    built = build(
        '---\ntitle: It\'s "salt"\nlanguage: en\n---\n'
        '"*Salt*," said the [\'seller\'](https://example.org/a--b)---"it\'s ...[^n]"\n\n[^n]: "So?"\n\n'
        '::: {lang=fr}\n"Du sel!" dit l\'"homme": `"--"`\n:::\n'
    )
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []
    for path in (built.epub, built.pdf):
        reading = READERS[path.suffix](path)
        # Where a file parts its lines and pieces is no matter here.
        text = "".join(reading.text.split())
        assert "It’s“salt”“Salt,”saidthe‘seller’—“it’s…”" in text
        assert '«Dusel!»ditl’«homme»:"--"' in text
        assert "".join(reading.notes.split()) == "“So?”"


@pytest.mark.parametrize("short", [None, "Salt"])
def test_the_running_head_may_be_short_and_the_bookmark_is_whole(
    build: Callable[..., Built], short: str | None
) -> None:
    key = f"short-title: {short}\n" if short else ""
    built = build(f"---\ntitle: Salt, a history of many years\n{key}language: en\n---\n" + "Word. " * 2000)
    heads = [" ".join(text.split()) for text in page_texts(built)[1:]]
    assert heads
    for head in heads:
        assert ("Salt, a history of many years" in head) == (short is None)
        assert "Salt" in head
    with pikepdf.open(built.pdf) as pdf:
        assert str(pdf.docinfo.Title) == "Salt, a history of many years"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Salt, a history of many years"]
