"""The PDF of the book that has every part, read as a reader turns its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2

from bifolio import make
from bifolio.checks.compare import compare_files
from bifolio.checks.counts.count_table import compare_counts, count_files
from tests.conftest import Built
from tests.unit.manuscript.project.test_book_toml import write_files

NUMBER = re.compile(r"([ivxlc]+|\d+)\s*$")


def named_places(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Give the page of each named destination, counted from 0."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {name: pages[names[name][0].objgen] for name in names}


def inner_links(pdf: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object, str]]:
    """Give each link within the PDF: its page, its annotation, and the name that it leads to."""
    for number, page in enumerate(pdf.pages):
        for annotation in page.get("/Annots", []):
            if annotation.Subtype == "/Link" and "/Dest" in annotation:
                yield number, annotation, str(annotation.Dest)


def test_every_number_of_the_contents_is_that_of_the_page(everything: Built) -> None:
    document = pypdfium2.PdfDocument(everything.pdf)
    labels = [document.get_page_label(number) for number in range(len(document))]
    checked = 0
    with pikepdf.open(everything.pdf) as pdf:
        places = named_places(pdf)
        for number, annotation, name in inner_links(pdf):
            page = document[number]
            _, low, _, high = (float(side) for side in annotation.Rect)
            line = page.get_textpage().get_text_bounded(0, low - 1, page.get_width(), high + 1)
            shown = NUMBER.search(line)
            if ". . ." in line and shown:
                assert shown.group(1) == labels[places[name]], line
                checked += 1
    assert checked == 19
    document.close()


def test_every_link_leads_to_a_place(everything: Built) -> None:
    with pikepdf.open(everything.pdf) as pdf:
        places = named_places(pdf)
        names = [name for _, _, name in inner_links(pdf)]
    assert len(names) > 40
    assert set(names) <= set(places)


def test_no_word_and_nothing_else_is_lost(everything: Built) -> None:
    files = [everything.epub, everything.pdf]
    assert compare_files(files) == []
    assert compare_counts(count_files(files)) == []


def test_the_metadata_say_what_book_toml_says(everything: Built) -> None:
    with pikepdf.open(everything.pdf) as pdf, pdf.open_metadata() as said:
        assert said["dc:title"] == "A small book of salt"
        assert said["dc:creator"] == ["Mara Lind"]
        assert said["dc:identifier"] == "urn:isbn:9780306406157"
        assert said["dc:contributor"] == {"Anahit Sar", "Jon Ray"}
        assert said["dc:publisher"] == {"Two Leaves"}
        assert said["dc:relation"] == {"Small books 3"}
        assert said["dc:language"] == {"en-GB"}
        assert said["dc:subject"] == {"salt", "trade"}
        assert str(said["dc:rights"]).startswith("© 2026 Mara Lind.")


def test_endnotes_stand_at_the_end_and_are_linked_both_ways(tmp_path: Path) -> None:
    toml = 'title = "T"\nlanguage = "en"\nchapters = ["a.md", "b.md"]\nback = ["endnotes"]\n'
    one = "# A\n\nOne.[^x]\n\n[^x]: The first note.[^y]\n[^y]: Inner.\n"
    two = "# B\n\nTwo.[^x] Again.[^x]\n\n[^x]: The last note.\n"
    folder = write_files(tmp_path / "book", book__toml=toml, a__md=one, b__md=two)
    made = make(folder, tmp_path / "build")
    assert made.findings == ()
    document = pypdfium2.PdfDocument(made.files[1].path)
    last = document[len(document) - 1].get_textpage().get_text_range()
    assert " ".join(last.split()).startswith("Notes 1 The first")
    assert all(words in last for words in ("Inner.", "The last note."))
    document.close()
    with pikepdf.open(made.files[1].path) as pdf:
        places = named_places(pdf)
        names = [name for _, _, name in inner_links(pdf)]
        end = len(pdf.pages) - 1
    assert {places[name] for name in names if name.startswith("note-")} == {end}
    assert {name for name in names if name.startswith("call-")} == {"call-1-1", "call-2-1", "call-11-1"}
