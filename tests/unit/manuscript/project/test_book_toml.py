"""The plan of a source: book.toml, chapter lists of other programs, folders without a list, single files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.manuscript.project.find_plan import find_plan
from bifolio.manuscript.project.plan import Plan
from bifolio.model.errors import BifolioError, SourceError, UsageError


def write_files(folder: Path, **files: str) -> Path:
    """Write *files* into *folder* and return it; in a name, `__` is a dot and `_in_` a slash."""
    for name, text in files.items():
        path = folder / name.replace("_in_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def summarised(plan: Plan) -> list[tuple[str, str, str, int]]:
    """Return the file or title, role, matter and depth of each item with a file or title."""
    return [
        (item.path.name if item.path else item.title, item.role, item.matter, item.depth)
        for item in plan.items
        if item.path or item.title
    ]


def test_a_file_is_an_article(tmp_path: Path) -> None:
    plan = find_plan(write_files(tmp_path, a__md="One") / "a.md")
    assert (plan.is_book, summarised(plan)) == (False, [("a.md", "article", "body", 0)])


def test_a_folder_with_one_file_is_an_article(tmp_path: Path) -> None:
    plan = find_plan(write_files(tmp_path, a__md="One", README__md="About"))
    assert (plan.is_book, plan.path) == (False, tmp_path / "a.md")


def test_a_folder_without_a_chapter_list_is_a_book_in_natural_order(tmp_path: Path) -> None:
    files = {"chapter-10__md": "Ten", "chapter-2__md": "Two", "preface__md": "P", "appendix-a__md": "A"}
    plan = find_plan(write_files(tmp_path, **files))
    assert summarised(plan) == [
        ("preface.md", "preface", "front", 0),
        ("chapter-2.md", "chapter", "body", 0),
        ("chapter-10.md", "chapter", "body", 0),
        ("appendix-a.md", "appendix", "back", 0),
    ]
    assert [item.role for item in plan.items if not item.path] == ["titlepage", "colophon", "toc"]


def test_book_toml_lists_the_sections(tmp_path: Path) -> None:
    toml = """
title = "T"
front = ["half-title", "dedication.md", {file = "x.md", role = "preface"}]
chapters = ["one.md", {part = "The sea", chapters = ["two.md", {part = "p.md", chapters = ["three.md"]}]}]
back = ["endnotes", "about-the-author.md"]
"""
    names = ("dedication", "x", "one", "two", "p", "three", "about-the-author")
    plan = find_plan(write_files(tmp_path, book__toml=toml, **{f"{name}__md": "A" for name in names}))
    assert summarised(plan) == [
        ("dedication.md", "dedication", "front", 0),
        ("x.md", "preface", "front", 0),
        ("one.md", "chapter", "body", 0),
        ("The sea", "part", "body", 0),
        ("two.md", "chapter", "body", 1),
        ("p.md", "part", "body", 1),
        ("three.md", "chapter", "body", 2),
        ("about-the-author.md", "backmatter", "back", 0),
    ]
    assert [item.role for item in plan.items if not item.path and not item.title] == [
        "halftitlepage",
        "endnotes",
    ]


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        ('titel = "T"', 1, "The key `titel` is unknown. Did you mean `title`?"),
        ('chapters = [\n"a.md",\n"none.md"]', 3, "The file none.md does not exist."),
        ('chapters = [\n"a.md",\n"a.md"]', 2, "The file a.md is listed twice"),
        ('chapters = ["../a.md"]', 1, "The file ../a.md is outside of the book's folder."),
        ('chapters = "a.md"', 1, "`chapters` must be a list."),
        ('chapters = [{title = "x"}]', 1, "A part must contain `part` and `chapters`."),
        ('front = [{file = "a.md", role = "prefase"}]', 1, "`prefase` is unknown. Did you mean `preface`?"),
        ('cover = "none.png"', 1, "The file none.png does not exist."),
        ('title = ', 1, "The front matter is not TOML"),
    ],
)  # fmt: skip
def test_an_error_in_book_toml_is_reported_at_its_line(
    tmp_path: Path, toml: str, line: int, message: str
) -> None:
    write_files(tmp_path.parent, a__md="A")
    with pytest.raises(SourceError) as caught:
        find_plan(write_files(tmp_path, a__md="A", book__toml=toml))
    assert message in str(caught.value)
    assert caught.value.where is not None
    assert (caught.value.where.file.name, caught.value.where.line) == ("book.toml", line)


def test_chapter_lists_of_mdbook_and_gitbook_are_read(tmp_path: Path) -> None:
    summary = """# Summary

[Before](before.md)

# The sea

- [One *and* all](one.md)
  - [Sub](sub/sub.md)
- [Later]()

---

[Thanks](thanks.md)
"""
    toml = '[book]\ntitle = "T"\nauthors = ["A"]\nmultilingual = false\n[output.html]\nx = 1\n'
    files = {f"src_in_{name}__md": "A" for name in ("before", "one", "sub_in_sub", "thanks")}
    plan = find_plan(write_files(tmp_path, book__toml=toml, src_in_SUMMARY__md=summary, **files))
    assert summarised(plan) == [
        ("before.md", "chapter", "front", 0),
        ("The sea", "part", "body", 0),
        ("one.md", "chapter", "body", 1),
        ("sub.md", "chapter", "body", 2),
        ("Later", "chapter", "body", 1),
        ("thanks.md", "chapter", "back", 0),
    ]
    assert [item.title for item in plan.items if item.path][1] == "One and all"
    assert {entry.key: entry.value.text for entry in plan.entries} == {
        "title": "T",
        "authors": "",
        "language": "en",
    }


def test_chapter_lists_of_leanpub_are_read(tmp_path: Path) -> None:
    text = "frontmatter:\npreface.md\nmainmatter:\npart1.md\n# not yet: two.md\none.md\nbackmatter:\nend.md\n"
    files = {f"manuscript_in_{name}__md": "A" for name in ("preface", "one", "end")}
    folder = write_files(
        tmp_path, manuscript_in_Book__txt=text, manuscript_in_part1__md="{class: part}\n# P", **files
    )
    assert summarised(find_plan(folder)) == [
        ("preface.md", "preface", "front", 0),
        ("part1.md", "part", "body", 0),
        ("one.md", "chapter", "body", 1),
        ("end.md", "chapter", "back", 0),
    ]


def test_missing_files_and_folders_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match=r"The file does not exist\."):
        find_plan(tmp_path / "none.md")
    with pytest.raises(UsageError, match="has no Markdown or text file"):
        find_plan(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BifolioError, match="There is no folder `source` here"):
        find_plan(None)
    write_files(tmp_path, book__toml='chapters = ["b.md"]', b__md="Two")
    assert find_plan(None).path == Path("book.toml")
    write_files(tmp_path, source_in_a__md="One")
    assert find_plan(None).path == Path("source/a.md")
