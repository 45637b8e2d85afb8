"""Cross-references as a reader of both editions meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from bifolio.checks.compare import READERS, compare, compare_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built
from tests.editions.pdf.test_article import page_texts

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
WORDS = "Word. " * 600
TEXT = f"""---
title: T
language: en
---
See [](#fig-b), [](#tbl) and [](#end).[^n]

![A](a.svg "One"){{#fig-a}}

{WORDS}

![B](a.svg "Two"){{#fig-b}}

{WORDS}

## The end {{#end}}

| x |
|---|
| y |

Table: Three {{#tbl}}

[^n]: As in [](#fig-a).
"""


@pytest.fixture
def built(build: Callable[..., Built]) -> Built:
    return build(TEXT, a__svg=SVG)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_on_paper_the_pages_are_those_where_the_targets_stand(built: Built) -> None:
    texts = [one_line(text) for text in page_texts(built)]
    pages = {
        name: next(number for number, text in enumerate(texts, start=1) if caption in text)
        for name, caption in (("b", "Figure 2. Two"), ("end", "Table 1. Three"))
    }
    assert 1 < pages["b"] < pages["end"]
    assert (
        f"See Figure 2, page {pages['b']}, Table 1, page {pages['end']} and The end, page {pages['end']}."
        in texts[0]
    )
    assert "As in Figure 1, page 1." in texts[0]
    assert "Figure 1. One" in texts[0]


def test_in_the_epub_there_are_no_pages(built: Built) -> None:
    reading = READERS[".epub"](built.epub)
    wanted = "Figure 2 Table 1 The end Figure 1. Figure 2. Table 1. Figure 1"
    assert one_line(reading.references or "") == wanted
    assert "page" not in reading.text


def test_the_references_of_the_pdf_are_links(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        links = [str(a.Dest) for page in pdf.pages for a in page.get("/Annots", []) if "/Dest" in a]
    assert {"fig-a", "fig-b", "tbl", "end"} <= set(links)


def test_editions_and_source_say_the_same_and_each_word_counts(built: Built) -> None:
    assert built.made.findings == ()
    assert compare_files([built.source, built.epub, built.pdf]) == []
    epub, pdf = READERS[".epub"](built.epub), READERS[".pdf"](built.pdf)
    words = (pdf.references or "").split()
    for place in range(len(words)):
        less = replace(pdf, references=" ".join([*words[:place], *words[place + 1 :]]))
        assert [f.code for f in compare(epub, less, Path("x.pdf"))] == ["word-lost"], words[place]


def test_epubcheck_finds_nothing(built: Built, epubcheck_here: None) -> None:
    assert run_epubcheck([built.epub]) == []


def test_the_pdf_conforms(built: Built) -> None:
    assert run_page_validation(built.pdf) == []
