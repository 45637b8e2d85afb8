"""Where the parts and chapters of a book open, and what stands on the pages between them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from bifolio import make

TOML = """title = "A book"
language = "en"
front = ["title-page", "colophon", "contents"]
chapters = [{part = "First part", chapters = ["one.md", "two.md"]}, "three.md"]
back = ["glossary.md"]
"""


def write_book(folder: Path) -> Path:
    folder.mkdir()
    (folder / "book.toml").write_text(TOML, "utf-8")
    for name in ("one", "two", "three", "glossary"):
        (folder / f"{name}.md").write_text(f"# Chapter {name}\n\nThe words of {name}.\n", "utf-8")
    return folder


def opening_pages(pdf: Path) -> tuple[list[str], list[str]]:
    """Return the first words of each page that has any, with its label, and the labels of white pages."""
    document = pypdfium2.PdfDocument(pdf)
    shown, white = [], []
    for number, page in enumerate(document):
        label = document.get_page_label(number)
        words = page.get_textpage().get_text_bounded().split()
        if words:
            shown.append(" ".join([label, *words[:2]]))
        if page.render().to_pil().convert("L").getextrema() == (255, 255):
            white.append(label)
    return shown, white


@pytest.mark.parametrize("sheet", ["", ".x { counter-increment: x }"])
def test_parts_and_chapters_open_on_right_hand_pages(sheet: str, tmp_path: Path) -> None:
    # A sheet that counts things lets the whole book be laid out in one run.
    styles = tmp_path / "sheet.css"
    shipped = Path("styles/bifolio.css").read_text("utf-8")
    styles.write_text(shipped + sheet, "utf-8")
    made = make(write_book(tmp_path / "book"), tmp_path / "build", style=styles)
    assert made.findings == ()
    shown, white = opening_pages(made.files[1].path)
    assert shown == [
        "i A book", "ii A book", "iii Contents First", "1 First part", "3 Chapter one", "5 Chapter two",
        "7 Chapter three", "8 Chapter glossary",
    ]  # fmt: skip
    assert white == ["iv", "2", "4", "6"]


def test_any_page_will_do_on_request(tmp_path: Path) -> None:
    made = make(write_book(tmp_path / "book"), tmp_path / "build", variants=("any-page",))
    shown, white = opening_pages(made.files[1].path)
    assert [words.split()[0] for words in shown] == ["i", "ii", "iii", "1", "2", "3", "4", "5"]
    assert white == ["iv"]


def test_what_stands_within_a_chapter_opens_on_the_next_page(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "SUMMARY.md").write_text("- [One](one.md)\n  - [Inner](inner.md)\n- [Two](two.md)\n", "utf-8")
    for name in ("one", "inner", "two"):
        (folder / f"{name}.md").write_text(f"# Chapter {name}\n\nWords.\n", "utf-8")
    shown, _ = opening_pages(make(folder, tmp_path / "build", only="pdf").files[0].path)
    assert shown[-3:] == ["1 Chapter one", "2 Chapter inner", "3 Chapter two"]
