"""Books for print, from the source to the two files that a vendor gets."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from bifolio import make, proof
from bifolio.build import Made
from bifolio.model.errors import UsageError
from tests.conftest import EVERYTHING

LEAK = "ignore:unclosed file .*sRGB2014:ResourceWarning"
pytestmark = pytest.mark.filterwarnings(LEAK)


@pytest.fixture(scope="module")
def salt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """The sample book without its own cover, as IngramSpark prints it."""
    folder = tmp_path_factory.mktemp("print")
    book = folder / "salt"
    shutil.copytree(EVERYTHING, book)
    plan = (book / "book.toml").read_text("utf-8")
    lines = [line for line in plan.splitlines() if not line.startswith(("cover", "paper"))]
    (book / "book.toml").write_text("\n".join(lines) + "\n", "utf-8")
    made = make(book, folder / "build", destinations=["ingram"], spine=0.1)
    return folder / "build", made


def words(path: Path, page: int) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        text: str = pdf[page].get_textpage().get_text_bounded()
    return " ".join(text.split())


def ink(path: Path, page: int = 0, scale: float = 1.0) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        image: Image.Image = pdf[page].render(scale=scale).to_pil()
    return image.convert("RGB")


def left_of_ink(path: Path, page: int) -> int:
    grey = ink(path, page).convert("L").point(lambda value: 255 if value < 200 else 0)
    box = grey.getbbox()
    assert box is not None
    return box[0]


def test_there_are_two_files_and_no_others(salt: tuple[Path, Made]) -> None:
    folder, made = salt
    names = ["salt-ingram.pdf", "salt-ingram-cover.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert [file.path.name for file in made.files] == names
    assert made.files[1].pages == 1
    assert [finding.code for finding in made.findings] == []


def test_pages_are_as_they_are_cut_and_even_and_the_last_is_blank(salt: tuple[Path, Made]) -> None:
    with pikepdf.open(salt[0] / "salt-ingram.pdf") as pdf:
        assert len(pdf.pages) == salt[1].files[0].pages
        assert len(pdf.pages) % 2 == 0
        boxes = {tuple(float(side) for side in page.mediabox) for page in pdf.pages}
        boxes |= {tuple(float(side) for side in page.trimbox) for page in pdf.pages}
        assert boxes == {(0, 0, 432, 648)}
        assert pdf.pdf_version == "1.3"
        assert not any("/Annots" in page for page in pdf.pages)
        assert "/Outlines" not in pdf.Root
    assert words(salt[0] / "salt-ingram.pdf", salt[1].files[0].pages - 1) == ""


def test_the_text_is_all_there_and_the_colophon_claims_no_other_edition(salt: tuple[Path, Made]) -> None:
    path = salt[0] / "salt-ingram.pdf"
    text = [words(path, page) for page in range(salt[1].files[0].pages)]
    assert "A small book of salt" in text[0]
    assert any("Salt is won in two ways." in page for page in text)
    colophon = next(page for page in text if "9781234567" in page or "ISBN" in page)
    assert "Bifolio" in colophon
    assert "PDF/UA" not in "".join(text)


def test_pages_stand_farther_from_the_fold_than_from_the_edge_or_as_far(
    tmp_path: Path, salt: tuple[Path, Made]
) -> None:
    """A long book has a wide inner margin: text begins farther right on right-hand pages."""
    source = tmp_path / "long.md"
    paragraph = "Words upon words upon words. " * 60 + "\n\n"
    chapters = "".join(f"# Chapter {n}\n\n{paragraph * 150}" for n in (1, 2))
    source.write_text(f"---\ntitle: Long\nlanguage: en\nauthor: Ann\ndate: 2026\n---\n\n{chapters}", "utf-8")
    made = make(source, tmp_path / "build", destinations=["kdp"], paper="5x8in")
    path, pages = made.files[0].path, made.files[0].pages
    assert pages > 150
    assert pages % 2 == 0
    assert [f.code for f in made.findings if f.code.startswith("press-")] == []
    with pikepdf.open(path) as pdf:
        first = [pikepdf.parse_content_stream(page)[1].operands[4] for page in pdf.pages[:2]]
    # On pages of 5 in a ninth is 0.556 in; at the fold there are 0.5 and 0.125 in, or more beyond 300 pages.
    inside = 0.625 if pages <= 300 else 0.75
    shift = (inside - 5 / 9) * 72 / 2
    assert [float(move) for move in first] == pytest.approx([shift, -shift], abs=0.05)


def test_a_cover_wraps_the_pages_with_the_design_of_the_epub(salt: tuple[Path, Made]) -> None:
    path = salt[0] / "salt-ingram-cover.pdf"
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        width = round((12.25 + 0.1) * 72, 3)
        assert [float(side) for side in page.mediabox] == [0, 0, pytest.approx(width, abs=0.001), 666]
        assert [float(side) for side in page.trimbox] == pytest.approx([9, 9, width - 9, 657], abs=0.001)
        assert pdf.docinfo["/GTS_PDFXConformance"] == "PDF/X-1a:2001"
    text = words(path, 0)
    assert "A short book that uses every part that a book can have." in text
    assert "Mara Lind" in text
    image = ink(path)
    # Cloth from edge to edge over the spine, paper on the boards.
    for y in (1, 333, 664):
        cloth = image.getpixel((round(width / 2), y))
        assert isinstance(cloth, tuple)
        red, green, _ = cloth
        assert red > green + 40
    paper = image.getpixel((100, 1))
    assert isinstance(paper, tuple)
    assert min(paper) > 220
    # The place of the barcode is of one colour.
    fold = 441
    place = image.crop((fold - 18 - 144, 666 - 9 - 18 - 86, fold - 18, 666 - 9 - 18))
    assert len(place.getcolors() or []) == 1


def test_a_book_too_thin_has_a_bare_spine(salt: tuple[Path, Made]) -> None:
    # It has about 30 pages, and Ingram prints on spines from 48 on: the author stands on the front alone.
    assert words(salt[0] / "salt-ingram-cover.pdf", 0).count("Mara Lind") == 1


def test_the_vendor_takes_what_was_made(salt: tuple[Path, Made]) -> None:
    files = [file.path for file in salt[1].files]
    assert proof(files, "ingram") == []
    # Lulu wants more than the few pages of the sample, and a wider spine.
    assert {"press-count"} <= {finding.code for finding in proof(files, "lulu")}


def test_a_picture_at_the_edge_bleeds(tmp_path: Path) -> None:
    noise = Image.effect_noise((1700, 1000), 60).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")
    (tmp_path / "noise.png").write_bytes(out.getvalue())
    (tmp_path / "sheet.css").write_text(
        "@media print { figure { margin: 0 -30mm } img { width: 100%; max-height: none } }", "utf-8"
    )
    source = tmp_path / "text.md"
    source.write_text("---\ntitle: T\nlanguage: en\n---\n\nText.\n\n![Noise.](noise.png)\n", "utf-8")
    made = make(source, tmp_path / "build", destinations=["kdp"], style=tmp_path / "sheet.css")
    assert not [finding for finding in made.findings if finding.code in ("press-bleed", "press-size")]
    with pikepdf.open(made.files[0].path) as pdf:
        assert {tuple(float(side) for side in page.mediabox) for page in pdf.pages} == {(0, 0, 441, 666)}
        (image,) = pdf.pages[0].Resources.XObject.values()
        assert image.ColorSpace == pikepdf.Name.DeviceGray


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"paper": "a5"},
            "has no trim size of 5.827 x 8.268 in. Use the nearest size, `--paper 5.5x8.5in`",
        ),
        ({"paper": "6.1x9in"}, "has no trim size of 6.1 x 9 in. Use the nearest size, `--paper 6x9in`"),
        (
            {"stock": "vellum"},
            "`vellum` is not a value of `stock`. Use one of white, cream, colour, premium.",
        ),
    ],
)
def test_what_the_vendor_has_not_is_a_usage_error(
    options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    source = tmp_path / "text.md"
    source.write_text("---\ntitle: T\nlanguage: en\n---\nText.\n", "utf-8")
    with pytest.raises(UsageError) as error:
        make(source, tmp_path / "build", destinations=["kdp"], **options)
    assert words in str(error.value)
    assert not (tmp_path / "build").exists()
