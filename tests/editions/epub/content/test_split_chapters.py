"""Chapters that are too long for one file of an EPUB, read through as a reader does."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from posixpath import normpath

import pytest
from lxml import etree

from bifolio import make
from bifolio.checks.compare import compare_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.epub.content import split_chapters
from tests.conftest import Built
from tests.xhtml import text_in

X = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
FRONT = "---\ntitle: Long\nlanguage: en\n---\n\n"
WORDS = "salt water iron paper bridge winter letter window river stone".split()


def paragraph(number: int, words: int = 110) -> str:
    return " ".join([f"P{number}", *(WORDS[(number * 7 + place) % 10] for place in range(words))]) + "."


class Book:
    """A finished EPUB: its files of text in order, and where links in it lead."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.data = {name: archive.read(name) for name in archive.namelist()}
        package = self.tree("content.opf")
        files = {item.get("id"): item.get("href", "") for item in package.iter(f"{OPF}item")}
        self.spine = [files[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
        self.trees = {name: self.tree(name) for name in self.spine}

    def tree(self, name: str) -> etree._Element:
        return etree.fromstring(self.data[f"EPUB/{name}"])

    def sizes(self) -> list[int]:
        return [len(self.data[f"EPUB/{name}"]) for name in self.spine]

    def text(self) -> list[str]:
        """Return the words of the body, without those of the notes, in the order of reading."""
        found: list[str] = []
        for root in self.trees.values():
            for block in root.iter(f"{X}p", f"{X}li", f"{X}td", f"{X}h2", f"{X}h3"):
                if not any(above.tag == f"{X}aside" for above in block.iterancestors()):
                    found += text_in(block).split()
        return found

    def at(self, href: str, origin: str) -> etree._Element:
        """Return what *href*, in the file *origin*, leads to."""
        file, _, anchor = href.partition("#")
        root = self.trees[normpath(file) if file else origin]
        (target,) = [root] if not anchor else [e for e in root.iter() if e.get("id") == anchor]
        return target

    def all_links_arrive(self) -> int:
        count = 0
        for name, root in [*self.trees.items(), ("nav.xhtml", self.tree("nav.xhtml"))]:
            for link in root.iter(f"{X}a"):
                self.at(link.get("href", ""), name)
                count += 1
        for content in self.tree("toc.ncx").iter(f"{NCX}content"):
            self.at(content.get("src", ""), "")
            count += 1
        return count

    def listed(self) -> list[tuple[str, str]]:
        """Return the contents, as the names of their entries and the files that they lead to."""
        (toc,) = (nav for nav in self.tree("nav.xhtml").iter(f"{X}nav") if nav.get(f"{OPS}type") == "toc")
        return [(text_in(a), a.get("href", "").partition("#")[0]) for a in toc.iter(f"{X}a")]


@pytest.fixture(scope="module")
def megabyte(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Book, Path]:
    """A chapter of a megabyte without a heading, with notes and links from its one end to the other."""
    parts, notes = [], []
    for number in range(1, 1700):
        text = paragraph(number)
        if number % 100 == 0:
            text += f"[^{number}] Back to [the first](#first), on to [the last](#last)."
            notes.append(f"[^{number}]: A note to {number}.")
        parts.append({1: "[At first.]{#first} ", 1699: "[At last.]{#last} "}.get(number, "") + text)
    folder = tmp_path_factory.mktemp("megabyte")
    source = folder / "long.md"
    source.write_text(FRONT + "\n\n".join([*parts, *notes]) + "\n", "utf-8")
    assert source.stat().st_size > 1_000_000
    made = make(source, folder / "build", only="epub")
    assert made.findings == ()
    return "\n\n".join(parts), Book(made.files[0].path), made.files[0].path


def test_no_file_is_over_250_kb(megabyte: tuple[str, Book, Path]) -> None:
    sizes = megabyte[1].sizes()
    assert len(sizes) in (6, 7)  # the title page, and a megabyte and what it is marked with
    assert max(sizes) <= 250_000
    assert min(sizes[1:]) > 150_000


def test_every_word_is_there_in_order(megabyte: tuple[str, Book, Path]) -> None:
    _, book, _ = megabyte
    numbers = [word for word in book.text() if word[0] == "P" and word[1:].isdigit()]
    assert numbers == [f"P{number}" for number in range(1, 1700)]
    assert len(book.text()) > 1699 * 110


def test_links_and_notes_arrive(megabyte: tuple[str, Book, Path]) -> None:
    _, book, _ = megabyte
    assert book.all_links_arrive() == 70
    cited = 0
    for name, root in book.trees.items():
        for call in (a for a in root.iter(f"{X}a") if a.get(f"{OPS}type") == "noteref"):
            href = call.get("href", "")
            assert href.partition("#")[0] in ("", name)  # a note stands in the file that cites it
            note = book.at(href, name)
            (back,) = (a for a in note.iter(f"{X}a") if a.get("role") == "doc-backlink")
            assert book.at(back.get("href", ""), name) is call
            cited += 1
            paragraph_of = text_in(call.getparent()).split()[0]
            assert text_in(note).split()[-1] == f"{paragraph_of[1:]}."
        for link in root.iter(f"{X}a"):
            words = text_in(link)
            if words in ("the first", "the last"):
                assert text_in(book.at(link.get("href", ""), name)) == words.replace("the", "At") + "."
    assert cited == 16


def test_it_is_one_chapter_in_the_contents(megabyte: tuple[str, Book, Path]) -> None:
    assert megabyte[1].listed() == [("Title page", "title.xhtml"), ("Long", "article.xhtml")]


@pytest.mark.usefixtures("epubcheck_here")
def test_epubcheck_says_nothing_of_it(megabyte: tuple[str, Book, Path]) -> None:
    assert run_epubcheck([megabyte[2]]) == []


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be parted at 6 kB in the place of 250."""
    monkeypatch.setattr(split_chapters, "_CONTENT_LIMIT", 6_000)
    monkeypatch.setattr(split_chapters, "_MEASURED_FROM", 1_000)


@pytest.mark.usefixtures("small_files")
def test_a_file_begins_with_a_heading_where_one_is_near(build: Callable[..., Built]) -> None:
    text = "".join(
        f"## Part {part}\n\n"
        + "".join(f"### Piece {part}.{piece}\n\n{paragraph(piece, 130)}\n\n" for piece in (1, 2))
        for part in range(1, 9)
    )
    built = build(FRONT + text)
    book = Book(built.epub)
    firsts = [next(root.iter(f"{X}h1", f"{X}h2", f"{X}h3", f"{X}p")) for root in book.trees.values()]
    assert len(firsts) > 3
    assert {first.tag for first in firsts[2:]} == {f"{X}h2"}
    entries = book.listed()[2:]
    assert [title for title, _ in entries if title.startswith("Part")] == [f"Part {n}" for n in range(1, 9)]
    for title, file in entries:
        assert title in [text_in(h) for h in book.trees[file].iter(f"{X}h2", f"{X}h3")]
    assert book.all_links_arrive() > 40


@pytest.mark.usefixtures("small_files")
def test_pages_stay_where_they_are(build: Callable[..., Built]) -> None:
    built = build(FRONT + "\n\n".join(paragraph(number) for number in range(1, 60)) + "\n")
    book = Book(built.epub)
    assert len(book.spine) > 5
    pages = [
        e.get("aria-label")
        for root in book.trees.values()
        for e in root.iter()
        if e.get("role") == "doc-pagebreak"
    ]
    assert pages == [str(number) for number in range(1, len(pages) + 1)]
    assert len(pages) == next(file.pages for file in built.made.files if file.pages) > 5
    assert compare_files([built.epub, built.pdf]) == []
    assert built.made.findings == ()


@pytest.mark.usefixtures("small_files")
def test_a_list_goes_on_with_its_numbers(build: Callable[..., Built]) -> None:
    built = build(FRONT + "".join(f"{number}. {paragraph(number, 40)}\n" for number in range(3, 80)))
    lists = [found for root in Book(built.epub).trees.values() for found in root.iter(f"{X}ol")]
    assert len(lists) > 3
    number = 3
    for found in lists:
        assert int(found.get("start", "1")) == number
        first = text_in(found[0]).split()[0]
        assert first == f"P{number}"
        number += len(found)
    assert number == 80
    assert built.made.findings == ()


@pytest.mark.usefixtures("small_files")
def test_what_cannot_be_parted_stays_whole_and_is_told(build: Callable[..., Built]) -> None:
    rows = "".join(f"| P{number} | {paragraph(number, 20)} |\n" for number in range(99))
    built = build(FRONT + f"Before.\n\n| A | B |\n| - | - |\n{rows}\nAfter.\n")
    book = Book(built.epub)
    tables = [table for root in book.trees.values() for table in root.iter(f"{X}table")]
    assert len(tables) == 1
    assert len(list(tables[0].iter(f"{X}tr"))) == 100
    (finding,) = built.made.findings
    assert (finding.code, finding.where and finding.where.line) == ("part-large", 8)
    assert finding.message.startswith("A <table> of ")
