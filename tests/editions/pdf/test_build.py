"""Books on paper: sections laid out apart are joined so that nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pikepdf
import pypdfium2
import pytest

from bifolio import read
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.qpdf import run_qpdf
from bifolio.fonts.coverage import find_fallbacks
from bifolio.model.publication import GENERATED, Edition, Publication, Section
from bifolio.pdf import bind_pdf, job, workers
from bifolio.pdf.pages.page_size import parse_paper
from bifolio.runtime.cache import Cache
from bifolio.stylesheet import Stylesheet, find_stylesheet, needs_whole_document, read_stylesheet
from tests.conftest import kinds

WORDS = "Slowly the river turns under the long bridge, and nobody in the harbour says a word. " * 9
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><linearGradient id="g">'
    '<stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>'
    '<rect width="90" height="40" fill="url(#g)" opacity="0.5"/></svg>'
)
CHAPTER = """---
title: Chapter {n}
language: en
---
{words}[^a] A *slope* and `code`, 日, and $x^2_{n}$.

![A gradient](g.svg "Figure of {n}")

## Inside {n} {{#inside-{n}}}

| Head | Other |
|------|-------|
| a{n} | b     |

{more}

See [](#inside-{n}).

[^a]: A note of chapter {n}.
"""


def unique(section: Section, number: int) -> Section:
    """Return *section* as chapter *number* of a book; each chapter has one note."""
    for element in (element for tree in section.trees() for element in tree.iter()):
        for name, sign in (("id", ""), ("href", "#")):
            value = element.get(name, "")
            if value.startswith(sign) and value and "inside" not in value:
                element.set(name, f"{sign}c{number}-{value.removeprefix(sign)}")
        if element.get("note"):
            element.set("note", str(number))
    notes = tuple(replace(note, number=number) for note in section.notes)
    return replace(section, name=f"c{number}", role="chapter", notes=notes, depth=1)


def generated(source: Path, role: str, matter: str, title: str) -> Section:
    body = Element("section")
    head = SubElement(body, "header", {"class": "title-block"})
    SubElement(head, "h1", {"id": f"{role}-title"}).text = title
    return Section(role, title, body, (), source, role=role, matter=matter)


def contents(chapters: list[Section], source: Path) -> Section:
    section = generated(source, "toc", "front", "Contents")
    entries = SubElement(SubElement(section.body, "nav", {"class": "contents"}), "ol")
    for chapter in chapters:
        heading = next(chapter.body.iter("h1"))
        heading.set("id", f"{chapter.name}-title")
        SubElement(SubElement(entries, "li"), "a", {"href": f"#{chapter.name}-title"}).text = chapter.title
    return section


def index(chapters: list[Section], source: Path) -> Section:
    section = generated(source, "index", "back", "Index")
    entry = SubElement(SubElement(section.body, "ul"), "li")
    entry.text = "bridges "
    for place, anchor in enumerate(("c1-title", "c1-title", "inside-2", "inside-3")):
        link = SubElement(entry, "a", {"href": f"#{anchor}", GENERATED: "locator"})
        link.text, link.tail = str(place + 1), ", " if place < 3 else ""
    return section


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A book of title page, contents, a part of four chapters, and an index."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "g.svg").write_text(SVG)
    chapters, publication = [], None
    for number in range(1, 5):
        path = folder / f"{number}.md"
        more = "\n\n".join([WORDS] * 4 * number)
        path.write_text(CHAPTER.replace("{words}", WORDS).replace("{more}", more).replace("{n}", str(number))
                        .replace("{{", "{").replace("}}", "}"), "utf-8")  # fmt: skip
        publication = read(path)
        chapters.append(unique(publication.sections[0], number))
    assert publication is not None
    paragraph = next(p for p in chapters[0].body.iter("p") if p.text and p.text.startswith("Slowly"))
    link = SubElement(paragraph, "a", {"href": "#inside-4", GENERATED: "reference"})
    link.text = "Inside 4"
    source = publication.source
    sections = [
        generated(source, "titlepage", "front", "The Book"), contents(chapters, source),
        generated(source, "part", "body", "Part One"), *chapters, index(chapters, source),
    ]  # fmt: skip
    metadata = replace(publication.metadata, title="The Book")
    return replace(publication, metadata=metadata, sections=tuple(sections))


def sheet(book: Publication) -> Stylesheet:
    return read_stylesheet(find_stylesheet(book.source))


def set_book(book: Publication, cache: Path | None = None, whole: bool = False) -> Edition:
    missing = find_fallbacks(book)[1]
    return bind_pdf(book, sheet(book), parse_paper("a5"), missing=missing, whole=whole,
                    cache=Cache(cache) if cache else None)  # fmt: skip


@pytest.fixture(scope="module")
def apart(book: Publication) -> Edition:
    return set_book(book)


@pytest.fixture(scope="module")
def whole(book: Publication) -> Edition:
    return set_book(book, whole=True)


def texts(edition: Edition) -> list[str]:
    document = pypdfium2.PdfDocument(edition.data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def opened(edition: Edition) -> Any:
    from io import BytesIO

    return pikepdf.open(BytesIO(edition.data))


def links(pdf: Any) -> list[tuple[int, str, list[float]]]:
    found = []
    for number, page in enumerate(pdf.pages):
        for note in page.get("/Annots", []):
            where = str(note.get("/Dest", "")) or str(note.A.URI)
            found.append((number, f"{where} {note.Contents}", [round(float(x), 2) for x in note.Rect]))
    return found


def destinations(pdf: Any) -> dict[str, tuple[int, list[float]]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    tree = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {name: (pages[dest[0].objgen], [round(float(x), 2) for x in list(dest)[2:4]])
            for name, dest in tree.items()}  # fmt: skip


def bookmarks(pdf: Any) -> list[tuple[int, str, int]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(items: Any, depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            yield depth, item.title, pages[item.destination[0].objgen]
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def structure(pdf: Any) -> list[tuple[str, str]]:
    return [(kind, str(node.get("/Alt", ""))) for kind, node in kinds(pdf.Root.StructTreeRoot)]


def test_pages_are_those_of_a_single_run(apart: Edition, whole: Edition) -> None:
    assert texts(apart) == texts(whole)
    assert apart.pages == whole.pages > 12
    assert apart.page_breaks == whole.page_breaks


def test_links_bookmarks_and_tags_are_those_of_a_single_run(apart: Edition, whole: Edition) -> None:
    with opened(apart) as ours, opened(whole) as theirs:
        assert links(ours) == links(theirs)
        assert destinations(ours) == destinations(theirs)
        assert bookmarks(ours) == bookmarks(theirs)
        assert structure(ours) == structure(theirs)
        assert ours.Root.PageLabels.Nums[0] == theirs.Root.PageLabels.Nums[0] == 0
        assert [page.label for page in ours.pages] == [page.label for page in theirs.pages]


def test_pages_look_like_those_of_a_single_run(apart: Edition, whole: Edition) -> None:
    def pictures(edition: Edition) -> list[bytes]:
        document = pypdfium2.PdfDocument(edition.data)
        try:
            return [page.render(scale=0.5).to_pil().tobytes() for page in document]
        finally:
            document.close()

    assert pictures(apart) == pictures(whole)


def test_fonts_are_embedded_once_as_in_a_single_run(apart: Edition, whole: Edition) -> None:
    def fonts(edition: Edition) -> tuple[list[str], list[str]]:
        with opened(edition) as pdf:
            used = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
            dictionaries = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
            return sorted(used), sorted(str(o.FontName) for o in dictionaries if "/FontFile3" in o)

    used, embedded = fonts(apart)
    assert len(embedded) == len(set(embedded)) == 5
    assert (used, embedded) == fonts(whole)
    # Each section has content streams of its own; all else is shared.
    assert len(whole.data) < len(apart.data) < 1.06 * len(whole.data)


def test_the_validators_find_nothing(apart: Edition, tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(apart.data)
    said = [*run_qpdf(path), *run_page_validation(path)]
    assert [finding for finding in said if "GLYPH" not in finding.message] == []  # no font here has 日


def test_front_matter_has_roman_numerals_and_the_text_begins_on_the_right(apart: Edition) -> None:
    with opened(apart) as pdf:
        labels = [page.label for page in pdf.pages]
        starts = {title: page for _, title, page in bookmarks(pdf)}
    assert labels[:2] == ["i", "ii"]
    assert labels[starts["Part One"]] == "1"
    assert starts["Part One"] % 2 == 0


def test_contents_references_and_index_name_the_right_pages(apart: Edition) -> None:
    with opened(apart) as pdf:
        labels = [page.label for page in pdf.pages]
        where = {name: labels[page] for name, (page, _) in destinations(pdf).items()}
    pages = [" ".join(text.split()) for text in texts(apart)]
    listed = next(page for page in pages if page.startswith("Contents"))
    for number in range(1, 5):
        after = listed.partition(f"Chapter {number} ")[2].lstrip(". ")
        assert after.split()[0] == where[f"c{number}-title"]
    assert any(f"Inside 4, page {where['inside-4']}" in page for page in pages)
    expected = ", ".join(dict.fromkeys(where[a] for a in ("c1-title", "inside-2", "inside-3")))
    assert f"bridges {expected}" in pages[-1]


def test_running_heads_say_the_book_and_the_chapter(apart: Edition) -> None:
    with opened(apart) as pdf:
        first = {title: page for _, title, page in bookmarks(pdf)}["Chapter 4"]
    pages = [" ".join(text.split()) for text in texts(apart)]
    for place in (first + 1, first + 2):
        head = "Chapter 4" if place % 2 == 0 else "The Book"
        assert head in pages[place]
    assert "The Book" not in pages[first]


def test_other_processes_make_the_same_bytes(
    book: Publication, apart: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_SMALL_JOB", dict.fromkeys(workers._SMALL_JOB, 0))
    monkeypatch.setenv("BIFOLIO_CORES", "2")
    assert set_book(book).data == apart.data


def test_the_cache_gives_the_same_bytes_and_no_layout(
    book: Publication, apart: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set_book(book, tmp_path).data == apart.data
    monkeypatch.setattr(workers, "_run_task", None)
    again = set_book(book, tmp_path)
    assert (again.data, again.findings) == (apart.data, apart.findings)


def test_a_damaged_entry_is_made_again(book: Publication, apart: Edition, tmp_path: Path) -> None:
    set_book(book, tmp_path)
    for number, path in enumerate(sorted(tmp_path.glob("*/*"))):
        data = path.read_bytes()
        path.write_bytes((data[:-1] + bytes([data[-1] ^ 1]), data[: len(data) // 2], b"")[number % 3])
    assert set_book(book, tmp_path).data == apart.data


def test_an_edit_sets_its_own_chapter_again(
    book: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import copy

    set_book(book, tmp_path)
    done: list[job.Task] = []
    do = workers._run_task

    def spy(order: job.LayoutJob, cache: Cache, key: str, task: job.Task) -> bytes:
        done.append(task)
        return do(order, cache, key, task)

    monkeypatch.setattr(workers, "_run_task", spy)
    body = copy.deepcopy(book.sections[5].body)
    last = [p for p in body.iter("p") if p.text][-1]
    last.text = f"Well, {last.text}"
    sections = tuple(replace(s, body=body) if n == 5 else s for n, s in enumerate(book.sections))
    edited = replace(book, sections=sections)
    with_cache = set_book(edited, tmp_path)
    assert {task.sections for task in done if isinstance(task, job.TextTask)} == {(5,)}
    assert not [task for task in done if isinstance(task, job.MarginBoxTask)]
    assert with_cache.data == set_book(edited).data


@pytest.mark.parametrize(
    ("css", "across"),
    [
        ("p { color: red }", False),
        ("/* counter-reset: x */ @page :left { @top-left { content: counter(page) } }", False),
        ("@media print { @page :left { margin-left: 3cm } }", True),
        ("h1 { counter-increment: chapter }", True),
        ("a::after { content: target-counter(attr(href), page) }", True),
        (".chapter { break-before: right }", True),
        ("@page :nth(2n) { color: red }", True),
        ("@page chapter:nth(1 of chapter) { @top-left { content: none } }", False),
        ("@page { @top-left { content: counter(pages) } }", True),
    ],
)
def test_a_sheet_that_reaches_across_sections_is_known(css: str, across: bool) -> None:
    assert needs_whole_document(css) is across


def test_our_own_sheet_does_not_reach_across(book: Publication) -> None:
    assert not needs_whole_document(sheet(book).text)


def test_numbers_of_pages_are_tagged_and_put_into_what_is_set_once(
    book: Publication, apart: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents and references wait for their numbers; they are set anew only where these have more digits."""
    done: list[job.TextTask] = []
    do = workers._run_task

    def spy(order: job.LayoutJob, cache: Cache, key: str, task: job.Task) -> bytes:
        if isinstance(task, job.TextTask):
            done.append(task)
        return do(order, cache, key, task)

    monkeypatch.setattr(workers, "_run_task", spy)
    monkeypatch.setenv("BIFOLIO_CORES", "1")
    assert set_book(book).data == apart.data
    texts_set = [task.sections for task in done]
    named_in_an_index = len(book.sections) - 1  # whose numbers are sorted and joined, and cannot wait
    assert all(texts_set.count((place,)) <= 2 for place in range(len(book.sections)))
    waiting = [task for task in done if task.sections != (named_in_an_index,)]
    assert all(set(number) <= set("0ivx") for task in waiting for _, number in task.page_numbers)
    with opened(apart) as pdf:
        numbers = [node for kind, node in kinds(pdf.Root.StructTreeRoot) if kind == "/PageReference"]
        assert len(numbers) == 4 + 5 + 3  # in the contents, in the chapters, and in the index
        assert all("/K" in node for node in numbers)
        dots = [len(list(node.K)) for node in numbers if isinstance(node.K, pikepdf.Array)]
        assert max(dots, default=1) <= 2  # those that lead to the number are not read aloud
