"""Figures that do not fit on their page: shrunk, or deferred past the text that follows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest

from bifolio.model.errors import UsageError
from tests.conftest import kinds
from tests.editions.pdf.a5 import LONG, build_a5, lines, text

WIDTH, HEIGHT = 225.0, 180.0
"""The size in pt of the picture: 300 x 240 px."""


@dataclass(frozen=True)
class Page:
    text: str
    pictures: list[tuple[float, float, float]]
    """Their widths, heights and feet, in pt from the foot of the page."""


Build = Callable[..., list[Page]]


def figure(caption: str) -> str:
    return f'![A field.](field.png "{caption}")'


@pytest.fixture
def build(write: Callable[..., Path], tmp_path: Path) -> Build:
    """Give a function that builds a text on A5, and returns its pages; the editions have the same words."""

    def build(source: str, **properties: str) -> list[Page]:
        return pages(build_a5(write, tmp_path, source, **properties))

    return build


def pages(path: Path) -> list[Page]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [_page(page) for page in document]
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    boxes = [item.get_bounds() for item in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE])]
    words = page.get_textpage()
    return Page(
        " ".join(words.get_text_bounded().split()),
        [(right - left, top - foot, foot) for left, foot, right, top in boxes],
    )


def _line_starts(path: Path, starts: tuple[str, ...]) -> dict[str, float]:
    """Return how far from the left, in pt, the lines of the first page begin that begin with *starts*."""
    document = pypdfium2.PdfDocument(path)
    words = document[0].get_textpage()
    found = words.get_text_range()
    return {start: words.get_charbox(found.index(start))[0] for start in starts}


def read_aloud(path: Path) -> list[str]:
    """Return the kinds of the blocks of the PDF at *path*, in the order in which they are read."""
    blocks = {"/H2": "heading", "/Figure": "picture", "/Caption": "caption", "/P": "text", "/Note": "note"}
    with pikepdf.open(path) as pdf:
        return [blocks[kind] for kind, _ in kinds(pdf.Root.StructTreeRoot) if kind in blocks]


def test_an_image_shrinks_if_it_overflows_by_a_little(build: Build) -> None:
    first, second = build(text("# Begin", lines(15), figure("The caption."), LONG))
    ((width, height, _),) = first.pictures
    assert 0.7 * WIDTH <= width < 0.95 * WIDTH
    assert width / height == pytest.approx(WIDTH / HEIGHT, rel=0.01)
    assert first.text.endswith("Line 15. The caption.")
    assert second.text.startswith("2 T w0 w1") or second.text.startswith("w0 w1")


@pytest.mark.parametrize(("share", "page"), [("0.7", 0), ("0.95", 1), ("1", 1)])
def test_the_stylesheet_limits_how_far_an_image_shrinks(build: Build, share: str, page: int) -> None:
    found = build(text("# Begin", lines(15), figure("The caption."), LONG, LONG, LONG), shrink=share)
    assert [len(one.pictures) for one in found] == [int(number == page) for number in range(2)]


def test_text_after_a_deferred_figure_fills_the_page(build: Build, tmp_path: Path) -> None:
    found = build(text("# Begin", lines(20), figure("The caption."), LONG, f"Last. {LONG}"))
    first, second = found
    assert "Line 20. w0 w1" in first.text and "caption" not in first.text
    assert not first.pictures
    ((width, _, foot),) = second.pictures
    assert width == pytest.approx(WIDTH, rel=0.01) and foot > 350
    assert "".join(second.text.split("The caption.")[1:])  # the text goes on below
    words = " ".join(page.text for page in found).split()
    assert [words.count(f"w{number}") for number in range(70)] == [2] * 70
    assert read_aloud(tmp_path / "build" / "text.pdf")[-4:] == ["picture", "caption", "text", "text"]


def test_a_paragraph_is_indented_if_the_figure_before_it_is_deferred(build: Build, tmp_path: Path) -> None:
    build(text("# Begin", lines(20), figure("The caption."), LONG, LONG))
    edges = _line_starts(tmp_path / "build" / "text.pdf", ("Line 1.", "Line 20.", "w0 w1"))
    assert edges["w0 w1"] == pytest.approx(edges["Line 20."], abs=0.5)
    assert edges["w0 w1"] > edges["Line 1."] + 5


def test_a_figure_does_not_float_if_the_stylesheet_forbids_it(build: Build) -> None:
    first, second = build(text("# Begin", lines(20), figure("The caption."), LONG, LONG), figures="here")
    assert first.text.endswith("Line 20.")
    assert len(second.pictures) == 1 and "The caption. w0 w1" in second.text


def test_a_figure_without_a_caption_does_not_float(build: Build) -> None:
    first, second = build(text("# Begin", lines(20), "![A field.](field.png)", LONG, LONG))
    assert first.text.endswith("Line 20.")
    assert len(second.pictures) == 1


def test_figures_keep_their_order(build: Build, tmp_path: Path) -> None:
    blocks = lines(20), figure("Caption one."), "Between.", figure("Caption two."), *[LONG] * 3
    first, second, *_ = build(text("# Begin", *blocks))
    assert "Line 20. Between. w0" in first.text and "Caption" not in first.text
    assert second.text.index("Caption one.") < second.text.index("Caption two.")
    assert read_aloud(tmp_path / "build" / "text.pdf")[-8:] == [
        "picture", "caption", "text", "picture", "caption", "text", "text", "text",
    ]  # fmt: skip


def test_a_figure_without_room_below_another_is_deferred_again(build: Build) -> None:
    wide = "{width=100%}"
    blocks = lines(20), figure("Caption one.") + wide, figure("Caption two.") + wide, *[LONG] * 9
    found = build(text("# Begin", *blocks), shrink="1")
    assert [len(page.pictures) for page in found][:3] == [0, 1, 1]
    assert "Caption one." in found[1].text and "Caption two." in found[2].text
    assert "w69" in found[1].text


@pytest.mark.parametrize(
    "barrier",
    ["## Next", "| a | b |\n| --- | --- |\n| c | d |", "> [!NOTE]\n> Said.", "![A field.](field.png)"],
    ids=["heading", "table", "remark", "figure"],
)
def test_a_figure_floats_past_nothing_but_running_text(build: Build, barrier: str, tmp_path: Path) -> None:
    first, second, *_ = build(text("# Begin", lines(20), figure("The caption."), "Short.", barrier, LONG))
    assert first.text.endswith("Line 20. Short.")
    assert second.text.index("The caption.") < second.text.index("w0")
    assert second.pictures[0][2] > 350


@pytest.mark.parametrize("barrier", ["## Next", "| a | b |\n| --- | --- |\n| c | d |"])
def test_a_figure_without_running_text_after_it_does_not_float(build: Build, barrier: str) -> None:
    first, second = build(text("# Begin", lines(20), figure("The caption."), barrier, LONG))
    assert first.text.endswith("Line 20.")
    assert len(second.pictures) == 1


def test_a_figure_near_the_end_is_placed_before_the_end(build: Build, tmp_path: Path) -> None:
    first, second = build(text("# Begin", lines(20), figure("The caption."), "The end."))
    assert first.text.endswith("Line 20. The end.")
    assert "The caption." in second.text and len(second.pictures) == 1
    assert read_aloud(tmp_path / "build" / "text.pdf")[-3:] == ["picture", "caption", "text"]


def test_two_figures_near_the_end_are_placed_before_the_end(build: Build) -> None:
    first, second = build(
        text("# Begin", lines(20), figure("Caption one."), "The end.", figure("Caption two."))
    )
    assert first.text.endswith("Line 20. The end.")
    assert second.text.index("Caption one.") < second.text.index("Caption two.")
    assert len(second.pictures) == 2


def test_a_figure_floats_past_a_list_and_the_paragraph_before_it(build: Build) -> None:
    listed = "As follows:", "- one\n- two", LONG, LONG
    first, second = build(text("# Begin", lines(20), figure("The caption."), *listed))
    assert "Line 20. As follows: one two w0" in first.text
    assert "The caption." in second.text and len(second.pictures) == 1


def test_a_footnote_in_a_caption_moves_with_its_figure(build: Build, tmp_path: Path) -> None:
    note = "[^n]: The words of the note."
    first, second = build(
        text("# Begin", lines(20), "![A caption.[^n]](field.png){alt=Field}", LONG, LONG, note)
    )
    assert "The words of the note." not in first.text
    assert "The words of the note." in second.text and len(second.pictures) == 1
    read = read_aloud(tmp_path / "build" / "text.pdf")
    assert read[read.index("picture") :].count("note") == 1


def test_a_figure_in_a_block_quotation_shrinks_but_does_not_float(build: Build) -> None:
    quoted = f"> {figure('The caption.')}"
    (first, *_) = build(text("# Begin", lines(14), quoted, LONG))
    assert first.pictures and first.pictures[0][0] < 0.95 * WIDTH
    first, second = build(text("# Begin", lines(20), quoted, LONG))
    assert first.text.endswith("Line 20.") and len(second.pictures) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("figures", "far"), ("shrink", "2"), ("shrink", "70%"), ("feet", "level")]
)
def test_an_invalid_setting_is_an_error(build: Build, name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"`--{name}: {value}` is not valid."):
        build(text("# Begin", LONG), **{name: value})
