"""Booklets read back from the finished file: which page stands where, upright, and how far from the fold."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf import Array, Dictionary, Name

from bifolio.imposition import impose_booklet, impose_n_up
from tests.conftest import Built

A5 = (419.528, 595.276)
MM = 72 / 25.4
MARK = (40.0, 60.0)
"""Where the number of a page begins on it, in pt."""


@dataclass(frozen=True)
class Found:
    """A number on a side: where it begins, in pt, and by how many degrees it is turned."""

    number: int
    x: float
    y: float
    angle: float


def numbered(
    path: Path, pages: int, size: tuple[float, float] = A5, *, rotate: int = 0, right_to_left: bool = False
) -> Path:
    """Make a PDF of *pages* pages that have nothing on them but their number."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=size)
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        turn = {0: "1 0 0 1 40 60", 90: f"0 1 -1 0 {size[0] - 60:g} 40"}[rotate]
        page.obj.Contents = pdf.make_stream(f"BT {turn} Tm /F 20 Tf ({number}) Tj ET".encode())
        page.obj.Rotate = rotate
    if right_to_left:
        pdf.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
    pdf.save(path)
    return path


def sides(path: Path) -> list[list[Found]]:
    """Return the numbers on each side of the PDF at *path*, from left to right, the upper ones first."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [sorted(_numbers(pdf[side]), key=lambda n: (-round(n.y), n.x)) for side in range(len(pdf))]
    finally:
        pdf.close()


def _numbers(page: pypdfium2.PdfPage) -> Iterator[Found]:
    text = page.get_textpage()
    count, start, digits = text.count_chars(), 0, ""
    for index in range(count + 1):
        letter = text.get_text_range(index, 1) if index < count else ""
        # Every number begins at an origin of its own: digits that follow stand close to it.
        if letter.isdigit() and (not digits or _origin(text, index)[0] - _origin(text, start)[0] < 40):
            digits, start = digits + letter, start if digits else index
            continue
        if digits:
            angle = pdfium.FPDFText_GetCharAngle(text.raw, start)
            yield Found(int(digits), *_origin(text, start), round(angle * 57.2958, 1) % 360)
        digits, start = (letter, index) if letter.isdigit() else ("", index)


def _origin(text: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    assert pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
    return x.value, y.value


def halves(side: list[Found], width: float) -> tuple[int | None, int | None]:
    """Return the numbers on the left half and on the right half of *side*."""
    left = [found.number for found in side if found.x < width / 2]
    right = [found.number for found in side if found.x >= width / 2]
    assert len(left) <= 1 and len(right) <= 1
    return next(iter(left), None), next(iter(right), None)


def folded(printed: list[list[Found]], width: float, *, right_to_left: bool) -> list[int]:
    """Fold the *printed* sides of one signature, and return the numbers as one leafs through them."""
    pairs = [halves(side, width) for side in printed]
    first = [
        page for front, back in zip(pairs[::2], pairs[1::2], strict=True) for page in (front[1], back[0])
    ]
    other = [
        page for front, back in zip(pairs[::2], pairs[1::2], strict=True) for page in (front[0], back[1])
    ]
    leaves = other + first[::-1] if right_to_left else first + other[::-1]
    return [page for page in leaves if page]


@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("pages", range(1, 34))
def test_order_and_orientation(tmp_path: Path, pages: int, right_to_left: bool) -> None:
    source = numbered(tmp_path / "a.pdf", pages, right_to_left=right_to_left)
    for signature in (None, 2):
        made = impose_booklet(source, tmp_path / "out", signature=signature)
        assert made.path == tmp_path / "out" / "a-booklet.pdf"
        assert (made.sheets, made.right_to_left) == (-(-pages // 4), right_to_left)
        printed = sides(made.path)
        assert len(printed) == made.sides == 2 * made.sheets
        assert {found.angle for side in printed for found in side} == {0.0}
        at_once = 2 * (signature or made.sheets)
        read = [
            page
            for start in range(0, len(printed), at_once)
            for page in folded(printed[start : start + at_once], made.grid.width, right_to_left=right_to_left)
        ]
        assert read == list(range(1, pages + 1))


def test_pages_stand_at_their_size_on_either_side_of_the_fold(tmp_path: Path) -> None:
    made = impose_booklet(numbered(tmp_path / "a.pdf", 8))
    with pikepdf.open(made.path) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx(
            [0, 0, 841.89, 595.276], abs=0.01
        )
    for left, right in sides(made.path):
        assert (left.x, left.y) == pytest.approx((420.945 - A5[0] + MARK[0], MARK[1]), abs=0.01)
        assert (right.x, right.y) == pytest.approx((420.945 + MARK[0], MARK[1]), abs=0.01)


@pytest.mark.parametrize("right_to_left", [False, True])
def test_creep_moves_each_sheet_further_into_the_fold(tmp_path: Path, right_to_left: bool) -> None:
    source = numbered(tmp_path / "a.pdf", 24, right_to_left=right_to_left)
    plain = sides(impose_booklet(source, tmp_path / "plain", signature=3).path)
    moved = sides(impose_booklet(source, tmp_path / "moved", signature=3, creep=0.5).path)
    shifts = [
        [round((after.x - before.x) / MM, 2) for before, after in zip(*pair, strict=True)]
        for pair in zip(plain, moved, strict=True)
    ]
    one = [[0, 0], [0, 0], [0.5, -0.5], [0.5, -0.5], [1, -1], [1, -1]]
    assert shifts == one + one


def test_a_page_that_is_turned_stands_upright(tmp_path: Path) -> None:
    source = numbered(tmp_path / "a.pdf", 4, (A5[1], A5[0]), rotate=90)
    for side in sides(impose_booklet(source).path):
        assert [found.angle for found in side] == [0.0, 0.0]
        assert [found.y for found in side] == pytest.approx([60, 60], abs=0.01)


def test_pages_are_cut_at_their_trim(tmp_path: Path) -> None:
    source = numbered(tmp_path / "a.pdf", 4, (A5[0] + 60, A5[1] + 60))
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            page.trimbox = Array([30, 30, A5[0] + 30, A5[1] + 30])
        pdf.save()
    made = impose_booklet(source)
    assert (made.grid.paper.name, made.grid.scale) == ("A4", 1)
    assert sides(made.path)[0][1].y == pytest.approx(MARK[1] - 30, abs=0.01)


def test_remarks_that_print_stay_and_hidden_layers_stay_hidden(tmp_path: Path) -> None:
    source = numbered(tmp_path / "a.pdf", 1)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Hidden"))
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), OFF=Array([layer]))
        )
        page.obj.Resources.Properties = Dictionary(L=layer)
        page.contents_add(b"/OC /L BDC 1 0 0 rg 0 0 200 200 re f EMC")
        stamp = pdf.make_stream(b"0 0 1 rg 0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form)
        stamp.BBox = Array([0, 0, 50, 50])
        remark = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([300, 300, 350, 350]), F=4)
        remark.AP = Dictionary(N=stamp)
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Border=Array([0, 0, 1])
        )
        page.obj.Annots = pdf.make_indirect(Array([pdf.make_indirect(remark), pdf.make_indirect(link)]))
        pdf.save()
    made = impose_booklet(source)
    pdf = pypdfium2.PdfDocument(made.path)
    front = pdf[0].render().to_pil().convert("RGB")
    pdf.close()
    left = round(made.grid.width / 2)
    assert front.getpixel((left + 325, 595 - 325)) == (0, 0, 255)
    assert front.getpixel((left + 100, 595 - 150)) == (255, 255, 255)


def test_a_title_is_taken_from_the_file_or_its_name(tmp_path: Path) -> None:
    source = numbered(tmp_path / "leaflet.pdf", 1)
    with pikepdf.open(impose_n_up(source, number=2).path) as pdf:
        assert str(pdf.docinfo.Title) == "leaflet (2-up)"
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata(update_docinfo=False) as metadata:
            metadata["dc:title"] = "A title"
        pdf.save()
    with pikepdf.open(impose_booklet(source).path) as pdf:
        assert str(pdf.docinfo.Title) == "A title (booklet)"


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("pages", [1, 2, 3, 4, 5, 9])
def test_several_on_a_side(tmp_path: Path, pages: int, number: int, right_to_left: bool) -> None:
    made = impose_n_up(numbered(tmp_path / "a.pdf", pages), number=number, right_to_left=right_to_left)
    assert made.path == tmp_path / f"a-{number}-up.pdf"
    read = []
    for side in sides(made.path):
        for row in (side[:2], side[2:]):
            read += [found.number for found in (row[::-1] if right_to_left else row)]
    assert read == list(range(1, pages + 1))


def test_wide_pages_stand_one_above_the_other(tmp_path: Path) -> None:
    made = impose_n_up(numbered(tmp_path / "a.pdf", 2, (A5[1], A5[0])), number=2)
    ((upper, lower),) = sides(made.path)
    assert (upper.number, lower.number, made.grid.is_turned) == (1, 2, False)
    assert upper.x == lower.x
    assert upper.y > lower.y


def test_the_article_keeps_its_fonts_and_words_and_loses_its_links(article: Built, tmp_path: Path) -> None:
    made = impose_booklet(article.pdf, tmp_path)
    again = impose_booklet(article.pdf, tmp_path / "again")
    assert made.path.read_bytes() == again.path.read_bytes()
    with pikepdf.open(article.pdf) as before, pikepdf.open(made.path) as after:
        assert fonts(after) == fonts(before)
        assert after.check_pdf_syntax() == []
        assert str(after.docinfo.Title) == f"{before.docinfo.Title} (booklet)"
        assert all("/Annots" not in page for page in after.pages)
        assert not {"/Outlines", "/StructTreeRoot", "/Names", "/Metadata"} & set(after.Root.keys())
        assert after.Root.ViewerPreferences.Duplex == Name.DuplexFlipShortEdge
    words = [sorted(words_of(path)) for path in (article.pdf, made.path)]
    assert words[0] == words[1]


def fonts(pdf: pikepdf.Pdf) -> list[str]:
    return sorted(
        str(item.BaseFont)
        for item in pdf.objects
        if isinstance(item, Dictionary) and item.get("/Subtype") == Name.Type0
    )


def words_of(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [word for page in pdf for word in page.get_textpage().get_text_bounded().split()]
    finally:
        pdf.close()
