"""The text of an EPUB in reading order: text, notes, and what the edition has added."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bifolio.checks.file_readers.epub import read_epub
from bifolio.checks.file_readers.extracted_text import ExtractedText

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a%20b.xhtml"/></manifest>'
    '<spine><itemref idref="a"/></spine></package>'
)


def read_body(folder: Path, body: str) -> ExtractedText:
    path = folder / "book.epub"
    html = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>No</title></head><body>{body}</body></html>"
    )
    with zipfile.ZipFile(path, "w") as epub:
        epub.writestr("META-INF/container.xml", CONTAINER)
        epub.writestr("EPUB/book.opf", PACKAGE)
        epub.writestr("EPUB/a b.xhtml", html)
    return read_epub(path)


@pytest.mark.parametrize(
    ("body", "text", "notes", "references"),
    [
        ("<p>One <em>two</em> three</p>", "One two three", "", ""),
        ("<p>One</p><svg xmlns='http://www.w3.org/2000/svg'><text>no</text></svg>", "One", "", ""),
        ("<p>A <math xmlns='http://www.w3.org/1998/Math/MathML' alttext='x²'><mi>x</mi></math></p>",
         "A x²", "", ""),
        ("<nav epub:type='toc'><h2>No</h2></nav><p>One</p>", "One", "", ""),
        ("<section data-generated='matter'><h2>List</h2><p>of <b>figures</b></p></section><p>One</p>",
         "One", "", "List of figures"),
        ("<figure><figcaption><span data-generated='number'>Figure 1</span> One</figcaption></figure>",
         "One", "", "Figure 1"),
        ("<p>One<a role='doc-noteref'>1</a></p><section role='doc-endnotes'><h2>No</h2>"
         "<aside role='doc-footnote'><p>Note <span data-generated='number'>Table 2</span>"
         "<a role='doc-backlink'>no</a></p></aside></section><p><b data-generated='number'>Table 1</b></p>",
         "One", "Note", "Table 1 Table 2"),
    ],
)  # fmt: skip
def test_text_notes_and_what_the_edition_adds_are_apart(
    body: str, text: str, notes: str, references: str, tmp_path: Path
) -> None:
    read = read_body(tmp_path, body)
    assert read.references is not None
    found = [" ".join(part.split()) for part in (read.text, read.notes, read.references)]
    assert found == [text, notes, references]
