"""Texts that run from right to left: both editions turn with them, and no word is called lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from bifolio.checks.compare import READERS, compare
from bifolio.checks.file_readers.extracted_text import ExtractedText
from bifolio.model.localized_strings import direction
from tests.conftest import Built

X = "{http://www.w3.org/1999/xhtml}"
ARABIC = "---\ntitle: عنوان المقال\nlanguage: ar\n---\nهذا نص قصير باللغة العربية، وهو يمتد على سطر واحد.\n"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("en", "ltr"), ("az", "ltr"), ("ur-Latn", "ltr")],
)
def test_the_direction_of_a_language(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_an_arabic_article_turns_and_keeps_its_words(build: Callable[..., Built]) -> None:
    built = build(ARABIC)
    assert [f.code for f in built.made.findings] == []
    with zipfile.ZipFile(built.epub) as book:
        assert b'dir="rtl"' in book.read(
            "EPUB/text.xhtml" if "EPUB/text.xhtml" in book.namelist() else "EPUB/article.xhtml"
        )
        assert b'page-progression-direction="rtl"' in book.read("EPUB/content.opf")
    with pikepdf.open(built.pdf) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"


def test_a_hebrew_phrase_in_english_is_not_called_lost(build: Callable[..., Built]) -> None:
    built = build("---\ntitle: T\nlanguage: en\n---\nA [שלום עולם]{lang=he dir=rtl} there.\n")
    assert [f.code for f in built.made.findings] == []
    reading = READERS[".epub"](built.epub)
    assert compare(reading, ExtractedText("x", reading.text.replace("עולם", ""), ""), built.epub)


def test_code_runs_from_left_to_right_among_arabic(build: Callable[..., Built]) -> None:
    built = build(ARABIC + "\nاكتب `ls /` ثم:\n\n```\n$ git clone ssh://host/\n```\n")
    assert [f.code for f in built.made.findings] == []
    root = etree.fromstring(zipfile.ZipFile(built.epub).read("EPUB/article.xhtml"))
    assert {e.get("dir") for e in root.iter(f"{X}pre", f"{X}code")} == {"ltr"}
    assert root.get("dir") == "rtl"
    with pypdfium2.PdfDocument(built.pdf) as pdf:
        page = pdf[0].get_textpage()
        text = page.get_text_range()
        places = [page.get_charbox(text.index(letter))[0] for letter in "$ch"]
        page.close()
    assert places == sorted(places)  # the prompt stands left of what is typed


def test_code_in_a_text_from_left_to_right_is_left_alone(build: Callable[..., Built]) -> None:
    root = etree.fromstring(zipfile.ZipFile(build("# T\n\n`code`\n").epub).read("EPUB/article.xhtml"))
    assert [e.get("dir") for e in root.iter(f"{X}code")] == [None]
