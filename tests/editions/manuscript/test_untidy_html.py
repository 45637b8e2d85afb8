"""Untidy HTML and odd Markdown: the editions still pass the validators, and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from bifolio.checks.compare import READERS
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built

FRONT = "---\ntitle: T\nlanguage: en\n---\n"
TEXTS = {
    "a link in a link": '<a href="https://a.example/">one [two](https://b.example/) three</a>',
    "a block in a line": "<span>\n\none\n\n</span>\n\n<em><p>two</p></em>",
    "items without their lists": "<li>one</li>\n\n<dd>two</dd>\n\n<figcaption>three</figcaption>",
    "parts of details": "<summary>one</summary>\n\n<details>two</details>\n\n<rt>three</rt>",
    "attributes that say nothing": '<ol start="x"><li value="y">one</li></ol><p dir="z" lang="a b">two</p>',
    "a cell with no column to span": '<table><tr><td colspan="x">one</td></tr></table>',
    "words in a list and no item": "<ul>one<p>two</p><li>three</li>four</ul>\n\n<dl>five<dt>six</dt></dl>",
    "a block in a heading": "<h2><p>one</p></h2>",
    "drawing programs": (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:i="http://i" '
        'i:x="1" viewBox="0 0 9 9"><title>T</title><rect id="r" width="3"/><use xlink:href="#r"/></svg>'
    ),
    "empty cells": "| one | two |\n|---|---|\n| three | |\n|  | four |",
    "a picture as a link": "[![one](a.png)](https://a.example/)",
    "names that differ in case": "![one](a.png) ![two](A.png) ![three](b.html)",
    "colours for a press": "![one](c.jpg)",
    "a note in a head that is repeated": "| one[^n] | two |\n|---|---|\n"
    + "| three | four |\n" * 120
    + "\n[^n]: Five.",
    "classes of ours": "one [two]{.note} [three]{.note-call} [four]{.address}\n\n::: note\nfive\n:::",
    "an anchor called title": "## One {#title}\n\n[two](#title)",
    "ruby and lines": "<p>one<hr>two</p>\n\n<ruby>three<rt>four</rt></ruby>\n\n<pre>five\n <b>six</b></pre>",
    "a table with a head alone": "| one | two |\n|---|---|\n"
    "\n<table><thead><tr><th>three</th></tr></thead></table>",
    "nothing much": "## \n\n- \n- one\n\n> \n\n| |\n|-|\n| |",
}


PICTURE = re.compile(r"!\[[^\]]*\]")


def picture(kind: str, mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, (4, 4)).save(out, kind)
    return out.getvalue()


@pytest.fixture
def build_untidy(build: Callable[..., Built]) -> Callable[[str], Built]:
    def build_untidy(text: str) -> Built:
        files = {"a__png": picture("PNG"), "A__png": picture("PNG"), "b__html": picture("PNG")}
        return build(FRONT + text + "\n", c__jpg=picture("JPEG", "CMYK"), **files)

    return build_untidy


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_pdf_passes_and_no_word_is_lost(build_untidy: Callable[[str], Built], text: str) -> None:
    built = build_untidy(text)
    assert [f.code for f in built.made.findings if f.code == "word-lost"] == []
    assert run_page_validation(built.pdf) == []
    reading = READERS[".epub"](built.epub)
    written = set(re.findall(r"\b(one|two|three|four|five|six)\b", PICTURE.sub("", text).lower()))
    said = f"{reading.text} {reading.notes}".lower()
    assert [word for word in sorted(written) if word not in said] == []


@pytest.mark.usefixtures("epubcheck_here")
def test_the_epubs_pass(build_untidy: Callable[[str], Built]) -> None:
    books = []
    for number, text in enumerate(TEXTS.values()):
        book = build_untidy(text).epub
        books.append(book.rename(book.with_name(f"{number}.epub")))
    assert [str(finding) for finding in run_epubcheck(books)] == []
