"""Page markers of the EPUB where figures and tables float: each is where running text begins a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from tests.editions.pdf.a5 import LONG, build_a5, lines, text
from tests.xhtml import words_in

FIGURE = '![A field.](field.png "The caption.")'
TABLE = "| A | B |\n|---|---|\n" + "| one | two |\n" * 7 + "\nTable: The caption."


def text_of_pages(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def text_from_markers(epub: Path) -> dict[str, str]:
    """Return the words that follow each page marker, by the number of the page."""
    with zipfile.ZipFile(epub) as book:
        root = etree.fromstring(book.read("EPUB/article.xhtml"))
    for marker in root.iter("{*}span"):
        if marker.get("role") == "doc-pagebreak":
            marker.text = f" [[{marker.get('aria-label')}]] "
    parts = words_in(root).split("[[")[1:]
    return {number: words.strip() for number, _, words in (part.partition("]]") for part in parts)}


@pytest.mark.parametrize("floated", [FIGURE, TABLE], ids=["figure", "table"])
def test_a_page_begins_with_its_running_text_and_not_with_what_floats_there(
    write: Callable[..., Path], tmp_path: Path, floated: str
) -> None:
    pdf = build_a5(write, tmp_path, text("# Begin", lines(19), floated, LONG, f"Last. {LONG}"))
    first, second = text_of_pages(pdf)
    assert "Line 19. w0 w1" in first and "caption" not in first
    begins = re.search(r"w\d+", second)
    assert begins and second.index("The caption.") < begins.start()
    marked = text_from_markers(pdf.with_suffix(".epub"))
    assert list(marked) == ["1", "2"]
    assert "The caption." in marked["1"]  # it comes before the text in whose place it moved
    assert marked["2"] == second[begins.start() :].removesuffix(" 2 T")
