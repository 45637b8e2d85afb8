"""The generated front cover: positions of its text, line breaks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from PIL import Image, ImageChops

from bifolio.covers import front_cover as cover_module
from bifolio.covers.front_cover import HEIGHT, WIDTH, render_cover
from bifolio.covers.text_fitting import FontSpec, fit_text
from bifolio.fonts.coverage import find_fallbacks
from bifolio.fonts.faces import bundled_face
from bifolio.model.publication import Metadata, Publication, Section

SERIF = FontSpec(bundled_face("Source Serif Pro", 600), (), 290, 1.1)
PAPER, CLOTH = (246, 243, 236), (140, 41, 29)


def cover(metadata: Metadata, date: str = "") -> Image.Image:
    section = Section("a", metadata.title, Element("div"), (), Path("a.md"))
    fallbacks, _, _ = find_fallbacks(Publication(metadata, (section,), (), Path("a.md")))
    return Image.open(BytesIO(render_cover(metadata, date, fallbacks))).convert("RGB")


def words_box(image: Image.Image, left: int, right: int) -> tuple[int, int, int, int]:
    """Return the bounding box of everything but paper between *left* and *right*."""
    cut = image.crop((left, 0, right, HEIGHT))
    box = ImageChops.difference(cut, Image.new("RGB", cut.size, cut.getpixel((0, 0)))).getbbox()
    assert box is not None
    return box[0] + left, box[1], box[2] + left, box[3]


@pytest.mark.parametrize(
    "metadata",
    [
        Metadata("Salt"),
        Metadata("A small book of salt", subtitle="How it is won", authors=("Ann",), publisher="Two Leaves"),
        Metadata(
            "The improbable and only partly documented history of salt, from the first pan to the last mine"
        ),
        Metadata(
            "Title " * 40, subtitle="word " * 60, authors=("A. Long-Name",) * 9, series="S", position="3"
        ),
        Metadata("Donaudampfschifffahrtsgesellschaftskapitän", "de", authors=("Hans",)),
        Metadata("x" * 200),
        Metadata("Աղի փոքրիկ գիրքը", "hy", authors=("Անահիտ Սարգսյան",), publisher="Երկու թերթ"),
        Metadata("盐之小书：它如何被采得、运送与保存", "zh", authors=("林玛拉", "李明")),
    ],
    ids=lambda metadata: metadata.title[:12],
)
def test_the_text_is_within_the_margins(metadata: Metadata) -> None:
    image = cover(metadata, "12 May 2026")
    assert image.size == (WIDTH, HEIGHT)
    left, top, right, bottom = words_box(image, 200, WIDTH)
    assert 320 <= left <= 360
    assert right <= WIDTH - 120
    assert top > 250
    assert bottom < HEIGHT - 150


def test_the_cloth_is_on_the_right_for_a_right_to_left_language() -> None:
    image = cover(Metadata("كتاب الملح الصغير", "ar", authors=("مريم الأحمد",)))
    left, _, right, _ = words_box(image, 0, WIDTH - 200)
    assert left >= 120
    assert WIDTH - 370 <= right <= WIDTH - 320
    near = [abs(a - b) for a, b in zip(image.getpixel((WIDTH - 20, 60)), CLOTH, strict=True)]  # type: ignore[arg-type]
    assert max(near) < 8


def test_an_arabic_title_is_one_run() -> None:
    title = "«كتاب الملح» الصغير"
    section = Section("a", title, Element("div"), (), Path("a.md"))
    fallbacks, missing, _ = find_fallbacks(Publication(Metadata(title, "ar"), (section,), (), Path("a.md")))
    if missing:
        pytest.skip("no installed font has Arabic letters")
    assert [run for run, _ in FontSpec(SERIF.face, fallbacks, 90, 1.1).runs(title)] == [title]


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("Salt", "en", ["Salt"]),
        ("Fire exchanged at Sotk three days before Brussels talks", "en",
         ["Fire exchanged", "at Sotk three", "days before", "Brussels talks"]),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "de",
         ["Donaudampfschiff-", "fahrtsgesellschafts-", "kapitän"]),
        ("10\N{NO-BREAK SPACE}km of salt and nothing else", "en",
         ["10\N{NO-BREAK SPACE}km of", "salt and", "nothing else"]),
    ],
)  # fmt: skip
def test_lines_are_few_and_of_similar_length(text: str, language: str, lines: list[str]) -> None:
    assert fit_text([text], SERIF, (1110, 850), language)[1] == lines


def test_no_chinese_line_begins_or_ends_with_the_wrong_punctuation() -> None:
    _, lines = fit_text(["盐之小书：它如何被采得、运送与保存（第二版）"], SERIF, (1100, 1200), "zh")
    assert len(lines) > 2
    assert not any(line[0] in "：、）" or line[-1] == "（" for line in lines)


def test_the_same_metadata_give_the_same_bytes() -> None:
    metadata = Metadata("A small book of salt", authors=("Ann",))
    assert render_cover(metadata, "", ()) == render_cover(metadata, "", ())


def test_a_chinese_title_breaks_after_its_colon() -> None:
    title = "\u76d0\u7684\u5386\u53f2\uff1a\u4ece\u6d77\u8fb9\u5230\u9910\u684c"
    kind, lines = fit_text(cover_module._title_lines(title), SERIF, (1110, 800), "zh")
    assert lines[0] == title[:5]
    assert "".join(lines) == title
    assert kind.size > 150


def test_no_line_of_author_names_begins_with_the_separator() -> None:
    names = cover_module._author_lines(Metadata("T", authors=("Maximilian von Hohenstein", *["B. Two"] * 5)))
    _, lines = fit_text(names, FontSpec(SERIF.face, (), 68, 1.35), (1110, 370), "en")
    assert len(lines) > 1
    assert not any(line.startswith("\N{MIDDLE DOT}") for line in lines)
