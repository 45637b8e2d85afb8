"""Assembled books: sections, links between files, notes, and generated sections."""

from __future__ import annotations

from pathlib import Path

from bifolio import read
from bifolio.model.publication import NOTE_CALL, Publication, Section, text_of, words_of
from tests.unit.manuscript.project.test_book_toml import write_files

LONG = "word " * 400


def section(book: Publication, name: str) -> Section:
    return next(s for s in book.sections if s.name == name)


def hrefs(s: Section) -> list[str]:
    return [a.get("href", "") for a in s.body.iter("a")]


def codes(book: Publication) -> list[str]:
    return [f.code for f in book.findings if f.code != "language-missing"]


def test_links_between_files_are_resolved(tmp_path: Path) -> None:
    one = "# One\n\n[a](two.md) [b](two.md#sub) [c](./two.html#sub) [](two.md#sub) [d](none.md) [e](sub/)\n"
    folder = write_files(
        tmp_path, book__toml='title = "T"\nchapters = ["one.md", "two.md", "sub/README.md"]', one__md=one,
        two__md="# Two\n\n## Sub\n\n[one](/one.md)\n", sub_in_README__md="# Three\n\nA",
    )  # fmt: skip
    book = read(folder)
    two = section(book, "two")
    top, sub = (f"#{h.get('id')}" for h in two.body.iter() if h.tag in ("h1", "h2"))
    three = section(book, "readme").body.find(".//h1")
    assert three is not None
    assert hrefs(section(book, "one")) == [top, sub, sub, sub, f"#{three.get('id')}"]
    assert words_of(section(book, "one").body) == "One a b c Sub d e".split()
    assert codes(book) == ["link-outside"]


def test_equal_headings_and_note_labels_of_two_files_stay_separate(tmp_path: Path) -> None:
    text = "# Same\n\nA.[^1] B.[^2] [here](#part)\n\n## Part\n\n[^1]: First {}\n[^2]: Second {}\n"
    folder = write_files(tmp_path, a__md=text.replace("{}", "a"), b__md=text.replace("{}", "b"))
    book = read(folder)
    ids = [e.get("id") for tree, _ in book.trees() for e in tree.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    for name in ("a", "b"):
        s = section(book, name)
        assert [(n.sign, text_of(n.body).strip()) for n in s.notes] == [
            ("1", f"First {name}"),
            ("2", f"Second {name}"),
        ]
        assert [call.get("sign") for call in s.body.iter(NOTE_CALL)] == ["1", "2"]
        assert hrefs(s) == [f"#{h.anchor}" for h in s.headings]
    assert len({n.number for n in book.notes()}) == 4


def test_generated_sections_are_in_their_places(tmp_path: Path) -> None:
    toml = """title = "The book"
author = ["A. Author", {name = "T. Two", role = "translator"}]
identifier = {epub = "978-3-16-148410-0", pdf = "urn:isbn:9783161484100"}
front = ["half-title", "title-page", "colophon", "dedication.md", "contents", "list-of-tables", "preface.md"]
chapters = ["one.md"]
back = ["endnotes"]
"""
    one = "# One\n\nA [pear]{.index} and an [\u00c4pfel]{.index} and a [pear]{.index}.[^1]\n\n"
    one += "| a |\n|---|\n| b |\n\nTable: Fruit\n\n[^1]: A note\n"
    folder = write_files(
        tmp_path, book__toml=toml, one__md=one, dedication__md="To you", preface__md="# Pre\n\nA"
    )
    book = read(folder)
    assert [(s.role, s.matter) for s in book.sections] == [
        ("halftitlepage", "front"), ("titlepage", "front"), ("colophon", "front"), ("dedication", "front"),
        ("toc", "front"), ("lot", "front"), ("preface", "front"), ("chapter", "body"), ("endnotes", "back"),
        ("index", "back"),
    ]  # fmt: skip
    by_role = {s.role: " ".join(words_of(s.body)) for s in book.sections}
    assert by_role["titlepage"] == "The book A. Author Translator: T. Two"
    assert "ISBN 9783161484100" in by_role["colophon"]
    assert by_role["dedication"] == "To you"
    assert by_role["toc"] == "Contents Tables Pre One Notes Index"
    assert by_role["lot"].split() == ["Tables", "Table", "1.", "Fruit"]
    assert by_role["index"] == "Index \u00c4pfel 1 pear 1, 2"
    assert [text_of(n.body).strip() for n in book.sections[-2].notes] == ["A note"]
    assert not section(book, "one").notes


def test_a_long_file_is_split_at_its_headings(tmp_path: Path) -> None:
    chapters = "".join(
        f"## Chapter {n}\n\n{LONG}[^{n}]\n\n### Below\n\nx\n\n[^{n}]: Note {n}\n\n" for n in range(60)
    )
    path = write_files(tmp_path, quixote__md=f"# The title\n\n{chapters}[last](#chapter-3)\n") / "quixote.md"
    book = read(path)
    assert [s.role for s in book.sections[:3]] == ["titlepage", "toc", "chapter"]
    chapters_ = [s for s in book.sections if s.role == "chapter"]
    assert [s.title for s in chapters_] == [f"Chapter {n}" for n in range(60)]
    assert [[n.sign for n in s.notes] for s in chapters_] == [["1"]] * 60
    assert [[h.level for h in s.headings] for s in chapters_] == [[2]] * 60
    assert hrefs(chapters_[-1]) == ["#chapter-3"]
    assert book.metadata.title == "The title"
    assert len(words_of(book.sections[0].body)) == 2


def test_an_article_in_a_collection_keeps_its_own_metadata(tmp_path: Path) -> None:
    one = "---\ntitle: One\nauthor: Ann\ndate: 2025-01-02\nlanguage: de\nrights: By Ann\n---\nText.\n"
    two = "---\ntitle: Two\nauthor: Ed\n---\nText.\n"
    toml = 'title = "Issue"\nauthor = "Ed"\nlanguage = "en"\nchapters = ["one.md", "two.md"]'
    book = read(write_files(tmp_path, book__toml=toml, one__md=one, two__md=two))
    first, second = section(book, "one"), section(book, "two")
    assert " ".join(words_of(first.body)) == "One Ann 2. Januar 2025 Text. By Ann"
    assert (first.language, second.language) == ("de", "")
    assert " ".join(words_of(second.body)) == "Two Text."


def test_empty_chapters_and_unlisted_files_are_reported(tmp_path: Path) -> None:
    toml = 'title = "T"\nlanguage = "en"\nchapters = ["a.md", "b.md"]'
    folder = write_files(tmp_path, book__toml=toml, a__md="", b__md="# B\n\nx", c__md="left")
    book = read(folder)
    assert sorted(codes(book)) == ["file-unbound", "section-empty", "title-missing"]
    assert [s.title for s in book.sections if s.role == "chapter"] == ["A", "B"]


def test_a_heading_equal_to_its_summary_entry_is_the_title(tmp_path: Path) -> None:
    summary = "# Summary\n\n- [Hello, `Cargo`!](one.md)\n- [Named](two.md)\n"
    one = "## Hello, Cargo!\n\nWords.\n\n### Inner\n\nx\n\n## Summary\n\ny\n"
    two = "## Else\n\nWords.\n\n## Summary\n\ny\n"
    book = read(write_files(tmp_path, SUMMARY__md=summary, one__md=one, two__md=two))
    first, second = section(book, "one"), section(book, "two")
    assert " ".join(words_of(first.body)) == "Hello, Cargo! Words. Inner x Summary y"
    assert [(h.level, h.title) for h in first.headings] == [(2, "Inner"), (2, "Summary")]
    assert " ".join(words_of(second.body)) == "Named Else Words. Summary y"
    assert codes(book) == ["title-missing"]
