"""The EPUB of the book that has every part, read as a reading system reads it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from posixpath import dirname, join, normpath

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from bifolio import make
from bifolio.checks.compare import compare_files
from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.qpdf import run_qpdf
from tests.conftest import EVERYTHING, Built
from tests.xhtml import words_in

X = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
Tree = tuple[str, str, tuple["Tree", ...]]

SPINE = [
    ("halftitlepage", None, "frontmatter", "Half title"),
    ("titlepage", None, "frontmatter", "A small book of salt"),
    ("colophon", "doc-colophon", "frontmatter", "Colophon"),
    ("dedication", "doc-dedication", "frontmatter", "Dedication"),
    ("epigraph", "doc-epigraph", "frontmatter", "Epigraph"),
    ("toc", "doc-toc", None, "Contents"),
    ("loi", None, "frontmatter", "Figures"),
    ("lot", None, "frontmatter", "Tables"),
    ("preface", "doc-preface", "frontmatter", "Preface"),
    ("introduction", "doc-introduction", "bodymatter", "Introduction"),
    ("part", "doc-part", "bodymatter", "The sea"),
    ("chapter", "doc-chapter", "bodymatter", "The pans"),
    ("chapter", "doc-chapter", "bodymatter", "The boats"),
    ("part", "doc-part", "bodymatter", "The mine"),
    ("chapter", "doc-chapter", "bodymatter", "The shaft"),
    ("appendix", "doc-appendix", "backmatter", "Appendix: Measures"),
    ("glossary", "doc-glossary", "backmatter", "Glossary"),
    ("bibliography", "doc-bibliography", "backmatter", "Bibliography"),
    ("index", "doc-index", "backmatter", "Index"),
    ("backmatter", None, "backmatter", "About the author"),
]
"""Every section in its order: its type, its role, the matter it stands in, and what it is called."""


@pytest.fixture(scope="module")
def book(everything: Built) -> dict[str, bytes]:
    with zipfile.ZipFile(everything.epub) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def package(book: dict[str, bytes]) -> etree._Element:
    return tree(book, "content.opf")


@pytest.fixture(scope="module")
def pages(book: dict[str, bytes]) -> dict[str, etree._Element]:
    names = [name.removeprefix("EPUB/") for name in book if name.endswith(".xhtml")]
    return {name: tree(book, name) for name in names}


def tree(book: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(book[f"EPUB/{name}"])


def spine(package: etree._Element) -> list[str]:
    items = {item.get("id"): item.get("href", "") for item in package.iter(f"{OPF}item")}
    return [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]


def name_of(section: etree._Element) -> str:
    """Return what a screen reader calls *section*."""
    label = section.get("aria-labelledby")
    headings = [e for e in section.iter(f"{X}h1") if not label or e.get("id") == label]
    return section.get("aria-label") or words_in(headings[0])


def nav(pages: dict[str, etree._Element], kind: str) -> etree._Element:
    return next(n for n in pages["nav.xhtml"].iter(f"{X}nav") if n.get(TYPE) == kind)


# ---- the order and the ways in -----------------------------------------------------------------


def test_every_section_stands_in_its_place_and_says_what_it_is(
    package: etree._Element, pages: dict[str, etree._Element]
) -> None:
    real = []
    for name in spine(package):
        body = pages[name].find(f"{X}body")
        assert body is not None
        section = next(part for part in body if part.get(TYPE) != "pagebreak")
        real.append((section.get(TYPE), section.get("role"), body.get(TYPE), name_of(section)))
    assert real == SPINE


def branches(items: etree._Element | None) -> tuple[Tree, ...]:
    """Return the tree of an `ol` in the navigation."""
    if items is None:
        return ()
    links = [(item, item.find(f"{X}a")) for item in items.iterfind(f"{X}li")]
    return tuple(
        (words_in(a), a.get("href", ""), branches(li.find(f"{X}ol"))) for li, a in links if a is not None
    )


def points(parent: etree._Element) -> tuple[Tree, ...]:
    """Return the tree of an NCX below *parent*."""
    return tuple(
        (p.findtext(f"{NCX}navLabel/{NCX}text", ""), p.find(f"{NCX}content").get("src", ""), points(p))  # type: ignore[union-attr]
        for p in parent.iterfind(f"{NCX}navPoint")
    )


def test_the_contents_have_chapters_below_their_parts(pages: dict[str, etree._Element]) -> None:
    toc = branches(nav(pages, "toc").find(f"{X}ol"))
    listed = [title for kind, _, _, title in SPINE if kind not in ("toc", "chapter")]
    assert [title if title != "Title page" else "A small book of salt" for title, _, _ in toc] == listed
    below = {title: tuple(t for t, _, _ in inner) for title, _, inner in toc if inner}
    assert below == {
        "Introduction": ("What it is for",), "The sea": ("The pans", "The boats"), "The mine": ("The shaft",),
    }  # fmt: skip
    sea = next(inner for title, _, inner in toc if title == "The sea")
    assert [t for t, _, _ in sea[0][2]] == ["The pans at work"]


def test_the_ncx_is_the_same_tree(book: dict[str, bytes], pages: dict[str, etree._Element]) -> None:
    ncx = tree(book, "toc.ncx")
    top = ncx.find(f"{NCX}navMap")
    assert top is not None
    assert points(top) == branches(nav(pages, "toc").find(f"{X}ol"))
    orders = [int(point.get("playOrder", "0")) for point in ncx.iter(f"{NCX}navPoint")]
    # The pages of the print edition are counted among them.
    assert orders == sorted(set(orders))
    said = {meta.get("name"): meta.get("content") for meta in ncx.iter(f"{NCX}meta")}
    assert (said["dtb:uid"], said["dtb:depth"]) == ("urn:isbn:9783161484100", "3")


def test_landmarks_lead_to_what_a_reader_looks_for(pages: dict[str, etree._Element]) -> None:
    marks = [(a.get(TYPE), a.get("href", "")) for a in nav(pages, "landmarks").iter(f"{X}a")]
    assert [kind for kind, _ in marks] == [
        "titlepage", "toc", "loi", "lot", "glossary", "bibliography", "index", "bodymatter",
    ]  # fmt: skip
    for kind, name in marks:
        if kind == "bodymatter":
            assert name == "introduction.xhtml"
        else:
            assert any(e.get(TYPE) == kind for e in pages[name].iter())


# ---- links -------------------------------------------------------------------------------------


def test_every_link_leads_to_something_that_is_there(
    book: dict[str, bytes], pages: dict[str, etree._Element]
) -> None:
    anchors = {name: [e.get("id") for e in page.iter() if e.get("id")] for name, page in pages.items()}
    assert all(len(ids) == len(set(ids)) for ids in anchors.values())
    seen = 0
    for name, page in pages.items():
        for element in page.iter():
            for target in filter(None, (element.get("href"), element.get("src"))):
                if target.startswith(("http:", "https:")):
                    continue
                file, _, anchor = target.partition("#")
                path = normpath(join(dirname(name), file)) if file else name
                assert f"EPUB/{path}" in book, (name, target)
                assert not anchor or anchor in anchors[path], (name, target)
                seen += 1
    assert seen > 70


def test_links_between_files_say_where_they_lead(pages: dict[str, etree._Element]) -> None:
    links = {
        words_in(a): a.get("href", "") for a in pages["introduction.xhtml"].iter(f"{X}a") if not a.get(TYPE)
    }
    assert links["the pans"] == "pans.xhtml#the-pans-at-work"
    assert links["The shaft"].partition("#")[0] == "shaft.xhtml"
    assert links["Table 1"] == "#tbl-use"


def test_entries_of_the_index_lead_to_their_terms(pages: dict[str, etree._Element]) -> None:
    entries = {}
    for item in pages["made-index.xhtml"].iter(f"{X}li"):
        terms = []
        for link in item.iter(f"{X}a"):
            file, _, anchor = link.get("href", "").partition("#")
            terms += [words_in(e) for e in pages[file].iter() if e.get("id") == anchor]
        entries[(item.text or "").strip()] = terms
    assert entries == {
        "brine": ["brine", "brine"], "pan": ["pan"], "salt": ["salt"], "shaft": ["shaft"],
    }  # fmt: skip


def test_notes_are_numbered_anew_in_each_chapter(pages: dict[str, etree._Element]) -> None:
    signs = {
        name: [words_in(a) for a in page.iter(f"{X}a") if a.get(TYPE) == "noteref"]
        for name, page in pages.items()
    }
    assert {name: marks for name, marks in signs.items() if marks} == {
        "preface.xhtml": ["1"], "introduction.xhtml": ["1"], "pans.xhtml": ["1"], "boats.xhtml": ["1", "2"],
        "shaft.xhtml": ["1"],
    }  # fmt: skip
    calls = [a for page in pages.values() for a in page.iter(f"{X}a") if a.get(TYPE) == "noteref"]
    assert all(call.get("href", "").startswith("#note-") for call in calls)


# ---- what is said of it ------------------------------------------------------------------------


def refined(package: etree._Element, target: str | None) -> dict[str, str]:
    return {
        meta.get("property", ""): meta.text or ""
        for meta in package.iter(f"{OPF}meta")
        if target and meta.get("refines") == f"#{target}"
    }


def test_people_are_named_with_what_they_did(package: etree._Element) -> None:
    people = [
        (e.tag.removeprefix(DC), e.text, refined(package, e.get("id"))["role"])
        for e in package.iter(f"{DC}creator", f"{DC}contributor")
    ]
    assert people == [
        ("creator", "Mara Lind", "aut"), ("contributor", "Anahit Sar", "trl"),
        ("contributor", "Jon Ray", "ill"),
    ]  # fmt: skip


def test_the_package_says_what_book_toml_says(package: etree._Element) -> None:
    said = {
        name: package.findtext(f".//{DC}{name}")
        for name in ("identifier", "source", "date", "publisher", "rights")
    }
    assert said == {
        "identifier": "urn:isbn:9783161484100",
        "source": "urn:isbn:9780306406157",
        "date": "2026-03",
        "publisher": "Two Leaves",
        "rights": "© 2026 Mara Lind. You may copy and share this book.",
    }
    series = next(m for m in package.iter(f"{OPF}meta") if m.get("property") == "belongs-to-collection")
    assert series.text == "Small books"
    assert refined(package, series.get("id")) == {"collection-type": "series", "group-position": "3"}
    assert [e.text for e in package.iter(f"{DC}subject")] == ["salt", "trade"]
    editions = [m.text for m in package.iter(f"{OPF}meta") if m.get("property") == "schema:bookEdition"]
    assert editions == ["Second edition"]


def test_both_numbers_stand_in_the_colophon(pages: dict[str, etree._Element]) -> None:
    text = words_in(pages["made-colophon.xhtml"])
    assert "Second edition" in text
    assert "ISBN 9783161484100 (EPUB)" in text
    assert "ISBN 9780306406157 (PDF)" in text


def test_the_cover_is_the_author_s_own(package: etree._Element, book: dict[str, bytes]) -> None:
    covers = [i.get("href") for i in package.iter(f"{OPF}item") if i.get("properties") == "cover-image"]
    assert covers == ["cover.png"]
    assert book["EPUB/cover.png"] == (EVERYTHING / "pictures" / "cover.png").read_bytes()
    assert not any(name.endswith("pictures/cover.png") for name in book)


# ---- the validators ----------------------------------------------------------------------------


def test_the_author_is_told_nothing(everything: Built) -> None:
    assert everything.made.findings == ()


@pytest.mark.usefixtures("epubcheck_here")
def test_epubcheck_has_nothing_to_say(everything: Built) -> None:
    assert run_epubcheck([everything.epub]) == []


@pytest.mark.usefixtures("ace_here")
def test_ace_has_nothing_to_say(everything: Built) -> None:
    assert run_ace(everything.epub) == []


def test_the_pdf_is_pdf_ua_1_and_pdf_a_2a(everything: Built) -> None:
    assert run_page_validation(everything.pdf) == []
    assert run_qpdf(everything.pdf) == []


@pytest.mark.parametrize("own", [True, False])
def test_the_cover_stands_before_the_first_page_on_request(
    everything: Built, tmp_path: Path, own: bool
) -> None:
    folder = shutil.copytree(EVERYTHING, tmp_path / "everything")
    if not own:
        plan = (folder / "book.toml").read_text("utf-8")
        (folder / "book.toml").write_text(plan.replace('cover = "pictures/cover.png"', ""), "utf-8")
    made = make(folder, tmp_path, only="pdf", cover=True)
    path = made.files[0].path
    with pikepdf.open(path) as pdf, pikepdf.open(everything.pdf) as plain:
        assert len(pdf.pages) == len(plain.pages) + 1 == made.files[0].pages
        sizes = [[round(float(x), 3) for x in book.pages[0].mediabox] for book in (pdf, plain)]
        assert sizes[0] == sizes[1]
        assert len(pdf.pages[0].Resources.XObject.keys()) == 1
        labels = [page.label for page in plain.pages]
        assert [page.label for page in pdf.pages] == ["Cover", *labels]
        (top, *_), (first, *_) = (list(book.open_outline().root) for book in (pdf, plain))
        assert top.title == first.title
    assert run_page_validation(path) == []
    assert run_qpdf(path) == []
    assert compare_files([everything.epub, path]) == []


def test_an_article_in_it_keeps_its_byline_date_and_rights(
    everything: Built, pages: dict[str, etree._Element]
) -> None:
    article = " ".join(" ".join(map(str, pages["shaft.xhtml"].itertext())).split())
    assert "The shaft Jon Ray 3 November 2025 The shaft is a well" in article
    assert article.index("Its depth is told") < article.index("\u00a9 2025 Jon Ray. First printed")
    assert "Jon Ray" not in words_in(pages["boats.xhtml"])
    document = pypdfium2.PdfDocument(everything.pdf)
    paper = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    assert "The shaft Jon Ray 3 November 2025 The shaft is a well" in paper
    assert "\u00a9 2025 Jon Ray. First printed in a paper of the harbour." in paper


@pytest.mark.usefixtures("epubcheck_here")
def test_it_may_have_endnotes_in_the_place_of_footnotes(tmp_path: Path) -> None:
    folder = shutil.copytree(EVERYTHING, tmp_path / "everything")
    plan = (folder / "book.toml").read_text("utf-8")
    (folder / "book.toml").write_text(plan.replace('"appendix.md", ', '"appendix.md", "endnotes", '), "utf-8")
    made = make(folder, tmp_path / "build")
    assert made.findings == ()
    epub, pdf = (file.path for file in made.files)
    assert run_epubcheck([epub]) == []
    assert run_page_validation(pdf) == []
    assert compare_files([epub, pdf]) == []
    with zipfile.ZipFile(epub) as archive:
        notes = words_in(etree.fromstring(archive.read("EPUB/made-endnotes.xhtml")))
    said = ("The sea comes back", "Both are old", "The word is used", "It did meet", "Sacks of", "And, since")
    places = [notes.index(f"{number} {text}") for number, text in enumerate(said, start=1)]
    assert places == sorted(places)


@pytest.mark.usefixtures("epubcheck_here")
def test_a_book_without_a_list_is_well_formed_too(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    for number in (1, 2, 10):
        text = f"# Chapter {number}\n\nText.[^1]\n\n[^1]: Note.\n"
        (folder / f"{number}.md").write_text(text, "utf-8")
    made = make(folder, tmp_path / "build", only="epub")
    assert run_epubcheck([made.files[0].path]) == []
    with zipfile.ZipFile(made.files[0].path) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    assert [name for name in spine(package) if name.startswith("section")] == [
        "section-1.xhtml", "section-2.xhtml", "section-10.xhtml",
    ]  # fmt: skip
