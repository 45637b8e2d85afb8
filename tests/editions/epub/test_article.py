"""The EPUB of the sample article, read as a reading system reads it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree

from tests.conftest import Built
from tests.xhtml import words_in

X = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def book(article: Built) -> dict[str, bytes]:
    with zipfile.ZipFile(article.epub) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(book: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(book[f"EPUB/{name}"])


def test_the_archive_begins_with_its_type_uncompressed(article: Built) -> None:
    with zipfile.ZipFile(article.epub) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
        assert archive.read("mimetype") == b"application/epub+zip"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_metadata_say_what_the_front_matter_says(book: dict[str, bytes]) -> None:
    package = tree(book, "content.opf")
    said = {name: [e.text for e in package.iter(f"{DC}{name}")] for name in ("title", "creator", "date")}
    assert said == {
        "title": [
            "Fire exchanged at Sotk three days before Brussels talks",
            "Armenia and Azerbaijan give different accounts of how the firing began, and each accuses the "
            "other of obstructing the negotiations",
        ],
        "creator": ["The Bifolio desk"],
        "date": ["2023-05-12"],
    }
    assert package.get(LANG) == "en-GB"
    assert package.findtext(f".//{DC}identifier", "").startswith("urn:uuid:")
    modified = [m.text for m in package.iter(f"{OPF}meta") if m.get("property") == "dcterms:modified"]
    assert modified == ["2023-05-12T00:00:00Z"]


def test_accessibility_is_claimed_as_computed(book: dict[str, bytes]) -> None:
    said: dict[str, list[str | None]] = {}
    for meta in tree(book, "content.opf").iter(f"{OPF}meta"):
        said.setdefault(meta.get("property", ""), []).append(meta.text)
    assert said["schema:accessMode"] == ["textual", "visual"]
    assert said["schema:accessModeSufficient"] == ["textual", "textual,visual"]
    assert "alternativeText" in said["schema:accessibilityFeature"]
    assert said["schema:accessibilityHazard"] == ["none"]
    assert said["dcterms:conformsTo"] == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert said["a11y:certifiedBy"] == ["The Bifolio project"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("![](a.svg)", "a picture without a text"),
        ("[](https://example.org/)", "a link without words"),
    ],
)
def test_no_conformance_is_claimed_over_a_barrier(build: Callable[..., Built], text: str, why: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    front = "---\ntitle: T\nlanguage: en\ncertifier: Us\n---\n"
    built = build(front + text + "\n", a__svg=svg)
    assert b"conformsTo" not in zipfile.ZipFile(built.epub).read("EPUB/content.opf")
    assert [f.message for f in built.made.findings if f.code == "accessibility-withheld"] == [
        f"The EPUB does not claim to conform to EPUB Accessibility 1.1: {why}."
    ]


def test_the_spine_is_title_page_then_article(book: dict[str, bytes]) -> None:
    package = tree(book, "content.opf")
    items = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    assert [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")] == [
        "title.xhtml",
        "article.xhtml",
    ]


def test_contents_nav_and_ncx_lead_to_the_same_headings(book: dict[str, bytes]) -> None:
    nav = tree(book, "nav.xhtml")
    toc = next(n for n in nav.iter(f"{X}nav") if n.get(TYPE) == "toc")
    by_nav = [(words_in(a), a.get("href")) for a in toc.iter(f"{X}a")]
    n = "{http://www.daisy.org/z3986/2005/ncx/}"
    ncx = tree(book, "toc.ncx")
    by_ncx = [
        (point.findtext(f"{n}navLabel/{n}text"), point.find(f"{n}content").get("src"))  # type: ignore[union-attr]
        for point in ncx.iter(f"{n}navPoint")
    ]
    assert by_nav == by_ncx
    assert [title for title, _ in by_nav] == [
        "Title page",
        "Fire exchanged at Sotk three days before Brussels talks",
        "Two accounts of the firing",
        "Each ministry accuses the other",
        "From Washington to Brussels",
        "A speech in Shusha",
        "Months of stalled talks",
    ]


def test_every_link_of_the_book_leads_somewhere(book: dict[str, bytes]) -> None:
    pages = {name: tree(book, name) for name in ("title.xhtml", "article.xhtml", "nav.xhtml")}
    anchors = {name: {e.get("id") for e in page.iter()} for name, page in pages.items()}
    seen = 0
    for name, page in pages.items():
        for link in page.iter(f"{X}a"):
            file, _, anchor = link.get("href", "").partition("#")
            if not file.startswith("http"):
                seen += 1
                assert not anchor or anchor in anchors[file or name], link.get("href")
    assert seen > 20


def test_notes_are_pop_ups_with_a_way_back(book: dict[str, bytes]) -> None:
    page = tree(book, "article.xhtml")
    calls = [a for a in page.iter(f"{X}a") if a.get(TYPE) == "noteref"]
    notes = {a.get("id"): a for a in page.iter(f"{X}aside") if a.get(TYPE) == "footnote"}
    assert [a.text for a in calls] == ["1", "2", "1", "3", "4", "5", "6", "7"]
    assert len(notes) == 7
    for call in calls:
        assert call.get("role") == "doc-noteref"
        note = notes[call.get("href", "")[1:]]
        assert note.get("role") == "doc-footnote"
        back = {a.get("href") for a in note.iter(f"{X}a") if a.get("role") == "doc-backlink"}
        assert f"#{call.get('id')}" in back
    assert [len(note.findall(f"{X}p")) for note in notes.values()] == [1, 1, 1, 1, 1, 1, 2]


def test_foreign_names_carry_their_language_for_sight_and_sound(book: dict[str, bytes]) -> None:
    page = tree(book, "article.xhtml")
    foreign = [(words_in(e), e.get("lang"), e.get(LANG)) for e in page.iter(f"{X}span") if "lang" in e.attrib]
    assert sorted(foreign) == sorted(
        (name, language, language)
        for name, language in (
            ("Սոթք", "hy"), ("Նիկոլ Փաշինյան", "hy"), ("Արարատ Միրզոյան", "hy"), ("Շուշի", "hy"),
            ("Ceyhun Bayramov", "az"), ("İlham Əliyev", "az"), ("Şuşa", "az"), ("Laçın", "az"),
        )
    )  # fmt: skip


def test_the_one_font_has_the_armenian_letters_and_no_more(book: dict[str, bytes]) -> None:
    from io import BytesIO

    from fontTools.ttLib import TTFont

    fonts = [data for name, data in book.items() if name.startswith("EPUB/fonts/")]
    assert len(fonts) == 1
    armenian = {ord(c) for c in "ՍոթքՆիկոլՓաշինյանԱրարատՄիրզոյանՇուշի"}
    assert set(TTFont(BytesIO(fonts[0])).getBestCmap()) == armenian
    assert b'[lang="hy"]' in book["EPUB/style.css"]


def test_the_style_is_the_view_for_screens(book: dict[str, bytes]) -> None:
    style = book["EPUB/style.css"].decode()
    for word in ("@page", "@media", "var(", "footnote-call", "string-set", "target-counter", "bookmark-"):
        assert word not in style
    assert re.search(r"^figure \{", style, re.M)


def test_pictures_come_with_words_captions_and_credits(book: dict[str, bytes]) -> None:
    figures = list(tree(book, "article.xhtml").iter(f"{X}figure"))
    assert [f.get("id") for f in figures] == ["fig-accounts", "fig-timeline"]
    for figure in figures:
        image = figure.find(f"{X}img")
        assert image is not None
        assert len(image.get("alt", "")) > 100
        assert f"EPUB/{image.get('src')}" in book
        assert words_in(figure).endswith("Drawing: Bifolio")


def test_the_cover_is_as_the_stores_want_it(book: dict[str, bytes]) -> None:
    from io import BytesIO

    from PIL import Image

    image = Image.open(BytesIO(book["EPUB/cover.png"]))
    assert image.size == (1600, 2560)
    assert len(image.convert("RGB").getcolors(1 << 24) or []) > 2
    items = {i.get("href"): i.get("properties") for i in tree(book, "content.opf").iter(f"{OPF}item")}
    assert items["cover.png"] == "cover-image"


def test_a_paragraph_of_pictures_is_set_as_no_paragraph(build: Callable[..., Built]) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    text = "---\ntitle: T\nlanguage: en\n---\n![A.](a.svg) ![B.](a.svg)\n\nWords and ![C.](a.svg)\n"
    page = etree.fromstring(zipfile.ZipFile(build(text, a__svg=svg).epub).read("EPUB/article.xhtml"))
    assert [p.get("class") for p in page.iter(f"{X}p") if p.find(f"{X}img") is not None] == ["picture", None]
