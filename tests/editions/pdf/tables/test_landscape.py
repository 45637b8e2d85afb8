"""Tables too wide for a portrait page: on landscape pages of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from bifolio import make
from bifolio.checks.page_list import compare_pages
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.qpdf import run_qpdf
from bifolio.model.findings import Finding
from tests.conftest import ROOT, kinds

HEAD = "---\ntitle: The title\nauthor: A\ndate: 2026\nlanguage: en\n---\n\n"
LONG = " ".join(f"w{number}" for number in range(70))
WORDS = (
    "Switzerland", "8700000", "Bern", "German", "Franc", "Lausanne", "Europe", "Zermatt", "temperate",
    "cantons", "Alps", "Matterhorn", "Ticino", "Geneva", "Winterthur", "Valais", "Grisons", "Rhine",
)  # fmt: skip

Write = Callable[..., Path]


def table(rows: int = 1, caption: str = "The cantons", columns: int = len(WORDS)) -> str:
    """Return a table with a cell for each of the words, under a head of numbers."""
    words = (WORDS * 3)[:columns]
    heads = [f"h{number}" for number in range(columns)]
    body = [[f"{words[0]} r{row}", *words[1:]] for row in range(1, rows + 1)]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * columns, *body])
    return f"{lines}\n\nTable: {caption}" if caption else lines


def text(*blocks: str) -> str:
    return HEAD + "\n\n".join(blocks) + "\n"


@dataclass(frozen=True)
class Page:
    size: tuple[float, float]
    text: str
    turned: bool
    """Whether the letters of its first word of the table, if it has any, go up."""
    places: dict[str, tuple[float, float]]
    """Where the words of tables stand, by their last letter, in pt from the foot of the page."""


def build(source: Path, into: Path, **options: object) -> tuple[list[Page], list[Finding]]:
    """Build the editions of *source*; return the pages of the PDF and the findings."""
    made = make(source, into, paper="a5", **options)  # type: ignore[arg-type]
    book, paper = (file.path for file in made.files)
    assert compare_pages(book, paper) == []
    assert run_page_validation(paper) == [] and run_qpdf(paper) == []
    return [_page(page) for page in pypdfium2.PdfDocument(paper)], list(made.findings)


def _page(page: pypdfium2.PdfPage) -> Page:
    letters = page.get_textpage()
    words = letters.get_text_range()
    places = {}
    for word in (*WORDS, "h0", "h5", "cantons", "title"):
        if word in words:
            left, foot, *_ = letters.get_charbox(words.index(word) + len(word) - 1)
            places[word] = left, foot
    first = words.find("Bern")
    boxes = [letters.get_charbox(place) for place in (first, first + 3)] if first >= 0 else []
    turned = bool(boxes) and boxes[1][1] > boxes[0][3] and abs(boxes[1][2] - boxes[0][2]) < 3
    return Page(page.get_size(), " ".join(words.split()), turned, places)


def read_aloud(path: Path) -> list[str]:
    blocks = {"/Table": "table", "/Caption": "caption", "/TR": "row", "/P": "text", "/Figure": "picture"}
    with pikepdf.open(path) as pdf:
        return [blocks[kind] for kind, _ in kinds(pdf.Root.StructTreeRoot) if kind in blocks]


def test_a_table_that_is_too_wide_is_placed_on_a_landscape_page(tmp_path: Path, write: Write) -> None:
    pages, findings = build(write(text("Before.", table(), *[LONG] * 9, "After.")), tmp_path)
    assert findings == []
    assert len({page.size for page in pages}) == 1 and pages[0].size[0] < pages[0].size[1]
    assert [page.turned for page in pages] == [False, True, False]
    first, second, third = pages
    assert {"Bern", "Franc", "Alps", "Rhine"} <= set(second.text.split())
    # The head stands at the left, the first column at the foot; nothing runs off the page.
    assert second.places["h0"][0] < second.places["Bern"][0] < second.size[0] / 2
    assert 0 < second.places["h0"][1] < second.places["Bern"][1] < second.places["Rhine"][1] < second.size[1]
    # The text fills the page before, and goes on behind.
    assert "Before. w0 w1" in first.text and first.text.count("w0 ") > 4 and "After." in third.text
    words = f"{first.text} {third.text}".split()
    assert [words.count(f"w{number}") for number in range(70)] == [9] * 70
    read = read_aloud(tmp_path / "text.pdf")
    assert read[-14:] == ["table", "caption", "row", "row", *["text"] * 10]


def test_a_table_does_not_float_if_the_stylesheet_forbids_it(tmp_path: Path, write: Write) -> None:
    sheet = (ROOT / "styles" / "bifolio.css").read_text("utf-8").replace("--figures: near", "--figures: here")
    (tmp_path / "sheet.css").write_text(sheet, "utf-8")
    source = write(text("Before.", table(), LONG))
    pages, findings = build(source, tmp_path, style=tmp_path / "sheet.css")
    assert findings == []
    assert [page.turned for page in pages] == [False, True, False]
    assert pages[0].text.endswith("Before.") and "w0 w1" in pages[2].text


def test_the_running_head_is_not_rotated(tmp_path: Path, write: Write) -> None:
    _, page = build(write(text("Before.", table(), "After.")), tmp_path)[0]
    assert page.turned and "2 The title" in page.text
    assert page.places["title"][1] > 0.9 * page.size[1]


def test_running_heads_of_a_book_continue_on_landscape_pages(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.toml").write_text('title = "The book"\nlanguage = "en"\nauthor = "A"\nfront = []\n')
    (book / "one.md").write_text(f"# One\n\n{LONG}\n\n{table()}\n\n{LONG}\n\n" + f"{LONG}\n\n" * 8)
    (book / "two.md").write_text("# Two\n\nText\n")
    pages, findings = build(book, tmp_path / "out")
    assert findings == []
    assert [page.turned for page in pages[:4]] == [False, True, False, False]
    assert "2 The book" in pages[1].text and "One 3" in pages[2].text


def test_a_long_landscape_table_repeats_its_header_on_each_page(tmp_path: Path, write: Write) -> None:
    pages, findings = build(write(text("Before.", table(30), "After.")), tmp_path)
    middle = pages[1:-1]
    assert findings == [] and len(middle) > 1
    assert all(page.turned and page.places["h0"][0] < page.places["Bern"][0] for page in middle)
    assert ["The cantons" in page.text for page in middle] == [True] + [False] * (len(middle) - 1)
    rows = [word for page in middle for word in page.text.split() if word[0] == "r" and word[1:].isdigit()]
    assert rows == [f"r{number}" for number in range(1, 31)]
    assert "After." in pages[-1].text
    assert read_aloud(tmp_path / "text.pdf").count("row") == 31


def test_links_in_a_landscape_table_are_on_their_words(tmp_path: Path, write: Write) -> None:
    linked = table().replace("Geneva", "[Geneva](#here)") + " {#wide}"
    build(write(text("## Place {#here}", linked, "See [the table](#wide).")), tmp_path)
    letters = pypdfium2.PdfDocument(tmp_path / "text.pdf")[1].get_textpage()
    at = letters.get_text_range().index("Geneva")
    boxes = [letters.get_charbox(place) for place in range(at, at + 6)]
    with pikepdf.open(tmp_path / "text.pdf") as pdf:
        (link,) = pdf.pages[1].Annots
        x1, y1, x2, y2 = map(float, link.Rect)
        for left, foot, right, top in boxes:
            assert min(x1, x2) - 1 <= left and right <= max(x1, x2) + 1
            assert min(y1, y2) - 1 <= foot and top <= max(y1, y2) + 1
        names = dict(zip(*[iter(pdf.Root.Names.Dests.Names)] * 2, strict=True))
        assert names["wide"][0].objgen == pdf.pages[1].objgen


def test_an_image_in_a_landscape_table_is_where_its_tag_says(tmp_path: Path, write: Write) -> None:
    out = BytesIO()
    Image.new("RGB", (30, 60), "teal").save(out, "PNG")
    pictured = table().replace("Geneva", "Geneva ![Dot](dot.png)")
    build(write(text("Before.", pictured), dot__png=out.getvalue()), tmp_path)
    (picture,) = pypdfium2.PdfDocument(tmp_path / "text.pdf")[1].get_objects([3])
    with pikepdf.open(tmp_path / "text.pdf") as pdf:
        boxes = [item.A.BBox for kind, item in kinds(pdf.Root.StructTreeRoot) if kind == "/Figure"]
        assert [*map(float, boxes[0])] == pytest.approx(picture.get_bounds(), abs=0.5)


def test_a_footnote_in_a_landscape_table_is_on_its_page(tmp_path: Path, write: Write) -> None:
    noted = table().replace("Geneva", "Geneva[^n]")
    pages, findings = build(write(text("Before.", noted, "After.", "[^n]: Said of it.")), tmp_path)
    assert findings == []
    assert ["Said of it." in page.text for page in pages] == [False, True]


def test_a_table_that_fits_is_not_landscape(tmp_path: Path, write: Write) -> None:
    pages, findings = build(write(text("Before.", table(columns=8), "After.")), tmp_path)
    assert findings == [] and len(pages) == 1 and not pages[0].turned


def test_a_table_too_wide_for_a_landscape_page_is_reported(tmp_path: Path, write: Write) -> None:
    pages, findings = build(write(text("Before.", table(columns=40), "After.")), tmp_path)
    assert [finding.code for finding in findings] == ["table-narrow"]
    assert len(pages) == 2


def test_nothing_is_rotated_if_pages_are_landscape(tmp_path: Path, write: Write) -> None:
    made = make(write(text("Before.", table(columns=40), "After.")), tmp_path, only="pdf", paper="210x148mm")
    assert [finding.code for finding in made.findings] == ["table-narrow"]
    assert len(pypdfium2.PdfDocument(tmp_path / "text.pdf")) == 1


@pytest.mark.parametrize("behind", ["", LONG])
def test_a_deferred_figure_comes_after_a_landscape_table(behind: str, tmp_path: Path, write: Write) -> None:
    out = BytesIO()
    Image.new("RGB", (300, 240), "teal").save(out, "PNG")
    lines = "\n\n".join(f"Line {number}." for number in range(1, 21))
    blocks = lines, '![A field.](field.png "The field.")', "Between.", table(), behind
    pages, findings = build(write(text(*blocks), field__png=out.getvalue()), tmp_path)
    assert findings == []
    assert [page.turned for page in pages] == [False, True, False]
    assert "Between." in pages[0].text and "The field." in pages[2].text
    read = read_aloud(tmp_path / "text.pdf")
    assert read.index("picture") < read.index("table")
