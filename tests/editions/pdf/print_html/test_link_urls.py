"""The addresses of links, as they are printed for paper readers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from bifolio import make
from bifolio.checks.counts.count_table import compare_counts, count_files
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import kinds

TEXT = """---
title: T
language: en
---
See [one](https://example.org/a), [two](https://example.com/b?q=1) and [one again](https://example.org/a).[^1]
Also <https://example.net/> as it is.

## A [heading](https://example.org/h) of it

| a | [b](https://example.org/t) |
|---|---|
| c | d |

[^1]: A note with [a link](https://example.org/note).
"""


@pytest.fixture
def files(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Path]]:
    (tmp_path / "text.md").write_text(TEXT, "utf-8")
    made = make(tmp_path / "text.md", tmp_path, style=style(tmp_path, request.param))
    assert made.findings == ()
    yield made.files[0].path, made.files[1].path


def style(folder: Path, way: str) -> Path:
    """Return a sheet that prints addresses in the given *way*."""
    (folder / "sheet.css").write_text(
        Path("styles/bifolio.css").read_text("utf-8") + f":root {{ --addresses: {way} }}", "utf-8"
    )
    return folder / "sheet.css"


def words(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


@pytest.mark.parametrize("files", ["notes"], indirect=True)
def test_addresses_stand_in_notes_each_once_and_linked_both_ways(files: tuple[Path, Path]) -> None:
    _, pdf = files
    text = words(pdf)
    assert text.endswith(
        "a example.org/a b example.com/b?q=1 1 A note with a link (example.org/note). c example.org/h d "
        "example.org/t"
    )
    assert "See onea, twob and one again. 1 Also https://example.net/ as it is." in text
    assert run_page_validation(pdf) == []
    with pikepdf.open(pdf) as opened:
        found = [(name, node) for name, node in kinds(opened.Root.StructTreeRoot)]
        role = opened.Root.StructTreeRoot.RoleMap.AddressNote
        destinations = {str(n) for n in opened.Root.Names.Dests.Names if isinstance(n, pikepdf.String)}
        links = {str(a.Dest) for p in opened.pages for a in p.Annots if "/Dest" in a}
    assert str(role) == "/Note"
    names = [name for name, _ in found]
    assert names.count("/AddressNote") == 4
    for place, name in enumerate(names):
        if name == "/AddressNote":
            assert names[place - 2 : place] == ["/Reference", "/Link"]
            assert names[place + 1 : place + 4] == ["/P", "/Lbl", "/Link"]
    assert len([name for name in links if "address" in name]) == 8
    assert links <= destinations


@pytest.mark.parametrize("files", ["notes"], indirect=True)
def test_notes_with_addresses_are_no_notes_of_the_author(files: tuple[Path, Path]) -> None:
    assert compare_counts(count_files(list(files))) == []


@pytest.mark.parametrize("files", ["none"], indirect=True)
def test_no_address_is_printed_on_request(files: tuple[Path, Path]) -> None:
    assert "example.org" not in words(files[1])


@pytest.mark.parametrize("end", [" …", " —", "日"])
def test_a_mark_stays_in_the_line_of_its_link(tmp_path: Path, end: str) -> None:
    """By UAX #14 a line may break before a letter that follows a dash, an ellipsis or an ideograph."""
    words = random.Random(1).choices(("a", "long", "river", "turns", "slowly", "bridge"), k=120)
    links = " ".join(f"[{word}{end}](https://example.org/{n})" for n, word in enumerate(words))
    (tmp_path / "text.md").write_text(f"---\ntitle: T\nlanguage: en\n---\n{links}\n", "utf-8")
    sheet = style(tmp_path, "notes")
    made = make(tmp_path / "text.md", tmp_path, only="pdf", paper="75x110mm", style=sheet)
    marks = 0
    with pikepdf.open(made.files[0].path) as pdf:
        for page in pdf.pages:
            rects = [(a, [float(side) for side in a.Rect]) for a in page.get("/Annots", [])]
            linked = [rect for a, rect in rects if "/A" in a]
            for left, y, *_ in (rect for a, rect in rects if str(a.get("/Dest", "")).startswith("note-")):
                marks += 1
                assert any(abs(right - left) < 0.5 and low < y < high for _, high, right, low in linked)
    assert marks == 120


def test_marks_go_on_behind_z() -> None:
    from bifolio.pdf.print_html.link_urls import _note_letter

    assert [_note_letter(number) for number in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
