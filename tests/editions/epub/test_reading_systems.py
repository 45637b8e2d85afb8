"""The EPUBs for Kobo and for Kindle, read as their readers read them."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from lxml import etree

from bifolio import make
from bifolio.checks.compare import compare_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.model.publication import Metadata, Picture, Publication, Section
from tests.conftest import ARTICLE, EVERYTHING, Built, need
from tests.xhtml import text_in

X = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module", params=[ARTICLE, EVERYTHING], ids=["article", "book"])
def flavours(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = make(request.param, tmp_path_factory.mktemp("flavours"), destinations=("kobo", "kindle"))
    assert made.findings == ()
    return {"kobo": made.files[0].path, "kindle": made.files[1].path}


def pages(epub: Path) -> dict[str, etree._Element]:
    """Return the files of the text, in the order of reading."""
    with zipfile.ZipFile(epub) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        files = {item.get("id"): item.get("href", "") for item in package.iter(f"{OPF}item")}
        spine = [files[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
        return {name: etree.fromstring(book.read(f"EPUB/{name}")) for name in spine}


def words(root: etree._Element) -> str:
    return text_in(root.find(f"{X}body"))


def test_the_files_are_called_as_their_readers_want_it(flavours: dict[str, Path]) -> None:
    assert {place: path.name.partition(".")[2] for place, path in flavours.items()} == {
        "kobo": "kepub.epub",
        "kindle": "epub",
    }
    assert flavours["kindle"].stem.endswith("-kindle")


def test_kobo_finds_every_sentence_and_picture_in_a_span(flavours: dict[str, Path]) -> None:
    for name, root in pages(flavours["kobo"]).items():
        (columns,) = root.find(f"{X}body")  # type: ignore[misc]
        (inner,) = columns
        assert (columns.get("id"), inner.get("id")) == ("book-columns", "book-inner"), name
        spans = [span for span in root.iter(f"{X}span") if span.get("class") == "koboSpan"]
        numbers = [tuple(map(int, re.fullmatch(r"kobo\.(\d+)\.(\d+)", span.get("id", "")).groups()))  # type: ignore[union-attr]
                   for span in spans]  # fmt: skip
        assert numbers == sorted(set(numbers))
        assert numbers[0] == (1, 1)
        for element in root.find(f"{X}body").iter():  # type: ignore[union-attr]
            bare = element.tag in {f"{X}pre", f"{X}span"} or not str(element.tag).startswith(X)
            inside = any(above.tag == f"{X}pre" for above in element.iterancestors())
            texts = [element.text, *(child.tail for child in element)]
            if not (bare or inside):
                assert not any(text and text.strip() for text in texts), (name, element.tag)
        for image in root.iter(f"{X}img"):
            assert image.getparent().get("class") == "koboSpan"  # type: ignore[union-attr]


def test_a_span_of_kobo_holds_one_sentence() -> None:
    from bifolio.epub.content.kepub import add_kobo_spans

    text = "One. Two? “Three!” 3.5 km: four… 五。六！Seven"
    page = f'<html xmlns="{X[1:-1]}"><body><p>{text} <em>eight. Nine</em></p><pre>a. b.</pre></body></html>'
    root = etree.fromstring(add_kobo_spans(page.encode()))
    spans = [(span.get("id"), span.text) for span in root.iter(f"{X}span")]
    assert spans == [
        ("kobo.1.1", "One. "), ("kobo.1.2", "Two? "), ("kobo.1.3", "“Three!” "), ("kobo.1.4", "3.5 km: "),
        ("kobo.1.5", "four… "), ("kobo.1.6", "五。"), ("kobo.1.7", "六！"), ("kobo.1.8", "Seven "),
        ("kobo.1.9", "eight. "), ("kobo.1.10", "Nine"),
    ]  # fmt: skip
    assert root.findtext(f".//{X}pre") == "a. b."


def test_the_words_are_those_of_the_common_epub(flavours: dict[str, Path], tmp_path: Path) -> None:
    source = ARTICLE if flavours["kobo"].name.startswith("article") else EVERYTHING
    common = pages(make(source, tmp_path, only="epub").files[0].path)
    for path in flavours.values():
        other = pages(path)
        assert list(other) == list(common)
        assert [words(root) for root in other.values()] == [words(root) for root in common.values()]
    assert compare_files(list(flavours.values())) == []


@pytest.mark.usefixtures("epubcheck_here")
def test_epubcheck_has_nothing_to_say(flavours: dict[str, Path]) -> None:
    assert run_epubcheck(list(flavours.values())) == []


def test_kindle_gets_what_it_can_show(flavours: dict[str, Path]) -> None:
    with zipfile.ZipFile(flavours["kindle"]) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
    kinds = {item.get("media-type") for item in package.iter(f"{OPF}item")}
    assert not kinds & {"image/svg+xml", "image/gif", "image/webp", "image/avif"}
    (cover,) = (item for item in package.iter(f"{OPF}item") if item.get("properties") == "cover-image")
    assert cover.get("media-type") == "image/jpeg"
    named = [meta.get("content") for meta in package.iter(f"{OPF}meta") if meta.get("name") == "cover"]
    assert named == [cover.get("id")]


def test_calibre_makes_azw3_without_a_warning(flavours: dict[str, Path], tmp_path: Path) -> None:
    need(shutil.which("ebook-convert"), "Calibre")
    out = tmp_path / "out.azw3"
    run = subprocess.run(
        ["ebook-convert", flavours["kindle"], out], capture_output=True, text=True, check=True
    )
    log = run.stdout + run.stderr
    assert out.stat().st_size > 10_000
    assert [
        line for line in log.splitlines() if re.search(r"warn|error|fail|missing|invalid", line, re.I)
    ] == []


def test_the_same_source_makes_the_same_bytes(flavours: dict[str, Path], tmp_path: Path) -> None:
    source = ARTICLE if flavours["kobo"].name.startswith("article") else EVERYTHING
    again = make(source, tmp_path, destinations=("kobo", "kindle"), cache=False)
    assert [file.path.read_bytes() for file in again.files] == [
        path.read_bytes() for path in flavours.values()
    ]


def test_a_drawing_that_cannot_be_painted_stays_and_is_told() -> None:
    from bifolio.epub.reading_systems import TARGETS
    from bifolio.epub.resources.images import ImageConverter

    def paint(picture: Picture) -> Picture:
        raise ValueError("it cannot be drawn")

    drawing = Picture("a.svg", "image/svg+xml", b"<svg/>", 10, 10)
    section = Section("article", "T", Element("div"), (), Path("a.md"))
    darkroom = ImageConverter(TARGETS["kindle"], Path("a.md"), paint)
    dressed = darkroom.convert_images(Publication(Metadata("T"), (section,), (drawing,), Path("a.md")))
    assert dressed.pictures == (drawing,)
    assert [str(finding) for finding in darkroom.findings] == [
        "a.md: error picture-unpainted: The SVG image `a.svg` cannot be converted for Kindle, which does "
        "not accept SVG: it cannot be drawn. Save it as PNG, and use that file."
    ]


def test_the_common_epub_has_none_of_it(article: Built) -> None:
    with zipfile.ZipFile(article.epub) as book:
        assert b"kobo" not in b"".join(book.read(name) for name in book.namelist() if name.endswith("html"))
