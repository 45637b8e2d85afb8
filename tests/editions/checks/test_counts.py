"""The loss meter: source and editions hold the same, and whatever is taken out of an edition is missed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from lxml import etree

from bifolio import make
from bifolio.checks.counts.count_table import compare_counts, count_files
from bifolio.cli.report import print_measure
from tests.conftest import Built

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
TEXT = """---
title: Counted
language: en
---

See www.example.org, ftp://example.org/x and [this](https://example.org/y), not [that](#part).[^n]

# Part

> ## In a quotation with `code`

- a
- b

  1. c[^n]

     - d

       ```
       code
       ```

| a | b |
| - | - |
| 1 | 2 |
|   |   |

Table: A caption

![Words](a.svg)

![Decoration](a.svg){alt=""}

![A [link](https://example.org/z).](a.svg){alt="Words"}

[![Linked](a.svg)](https://example.org/w)

<table><tr><td>raw</td></tr></table>

    indented

::: note
- in a div
:::

[^n]: A note.

    - with an item
"""
KINDS = {
    "headings of level 1": 1,
    "headings of level 2": 1,
    "headings of level 3": 1,
    "list items at depth 1": 4,
    "list items at depth 2": 1,
    "list items at depth 3": 1,
    "code blocks": 2,
    "tables": 2,
    "table rows": 3,
    "images": 3,
    "external links": 5,
    "notes": 1,
}


@pytest.fixture
def counted(build: Callable[..., Built]) -> Built:
    return build(TEXT, a__svg=SVG)


def test_source_and_editions_hold_the_same(counted: Built) -> None:
    measured = count_files([counted.pdf, counted.epub, counted.source])
    assert measured.files == (counted.source, counted.epub, counted.pdf)
    assert dict(measured.rows) == {kind: (number,) * 3 for kind, number in KINDS.items()}
    assert compare_counts(measured) == []


@pytest.mark.parametrize(
    "above",
    ["<!-- A remark -->\n\n<a id='old'></a>", "<a id='old'></a>\n<a id='older'></a>", "<!-- A remark -->"],
)
def test_what_shows_nothing_hides_no_title(write: Callable[..., Path], tmp_path: Path, above: str) -> None:
    source = write(f"{above}\n\n## Title\n\n### Part\n\nText.\n")
    made = make(source, tmp_path, only="epub")
    measured = count_files([source, *(file.path for file in made.files)])
    assert measured.rows == (("headings of level 1", (1, 1)), ("headings of level 2", (1, 1)))


def test_the_title_is_the_only_heading_of_its_level(build: Callable[..., Built]) -> None:
    built = build("# Title\n\nText.\n\n# One\n\n## Two\n")
    rows = dict(count_files([built.source, built.epub, built.pdf]).rows)
    assert [rows[f"headings of level {level}"] for level in (1, 2, 3)] == [(1, 1, 1)] * 3


def test_a_term_and_its_meanings_are_one_item(build: Callable[..., Built]) -> None:
    built = build(
        "---\ntitle: T\nlanguage: en\n---\nOne\n: Its meaning\n\nTwo\n: Its meaning\n: Another\n\n"
        "  - With an item\n\n<dl><dt>Three</dt><dt>Four</dt><dd>Their meaning</dd></dl>\n\n"
        "<dl><div><dt>Five</dt><dd>Its meaning</dd></div></dl>\n"
    )
    rows = dict(count_files([built.source, built.epub, built.pdf]).rows)
    assert rows["list items at depth 1"] == (4, 4, 4)
    assert rows["list items at depth 2"] == (1, 1, 1)


def test_the_article_has_lost_nothing(article: Built) -> None:
    measured = count_files([article.source, article.epub, article.pdf])
    assert compare_counts(measured) == []
    assert ("notes", (7, 7, 7)) in measured.rows


PLACES = {
    "headings of level 1": "//x:header/x:h1",
    "headings of level 2": "//x:h2",
    "headings of level 3": "//x:h3",
    "list items at depth 1": "//x:ul/x:li",
    "list items at depth 2": "//x:li//x:li",
    "list items at depth 3": "//x:li//x:li//x:li",
    "code blocks": "//x:pre",
    "tables": "//x:table",
    "table rows": "//x:tbody/x:tr",
    "images": "//x:img[@alt!='']",
    "external links": "//x:a[starts-with(@href, 'https:')]",
    "notes": "//x:aside[@role='doc-footnote']",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_out_of_an_epub_is_missed(counted: Built, tmp_path: Path, kind: str) -> None:
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(counted.epub) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("article.xhtml"):
                root = etree.fromstring(data)
                find = etree.XPath(PLACES[kind], namespaces={"x": "http://www.w3.org/1999/xhtml"})
                place: Any = find(root)
                place[0].getparent().remove(place[0])
                data = etree.tostring(root)
            new.writestr(entry, data)
    findings = compare_counts(count_files([counted.source, broken, counted.pdf]))
    there = KINDS[kind]
    lost = [f.message for f in findings if f.message.startswith(f"The number of {kind} differs: ")]
    fewer = lost[0].partition(f"{there} in text.md, ")[2].partition(" in broken.epub")[0]
    assert int(fewer) < there
    assert lost[0].endswith(f"{there} in text.pdf.")
    assert {f.where.file for f in findings if f.where} == {broken}


def is_of(kind: str, element: Any) -> bool:
    name = str(element.S)[1:]
    if kind.startswith("headings"):
        return name == f"H{kind[-1]}"
    if kind == "external links":
        return name == "Link" and "/URI" in getattr(element, "K", [{}])[0].get("/Obj", {}).get("/A", {})
    names = {"tables": "Table", "table rows": "TR", "images": "Figure", "notes": "Note"}
    return name == names.get(kind)


def take_out(element: Any, wanted: Callable[[Any, int], bool], depth: int = 0) -> bool:
    """Take the first structure element that is *wanted* out of *element*; *depth* counts list items."""
    kids = element.get("/K")
    for place, kid in enumerate(list(kids) if isinstance(kids, pikepdf.Array) else []):
        if isinstance(kid, int) or "/S" not in kid:
            continue
        deep = depth + (str(kid.S) == "/LI")
        if wanted(kid, deep):
            del kids[place]
            return True
        if take_out(kid, wanted, deep):
            return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_out_of_a_pdf_is_missed(counted: Built, tmp_path: Path, kind: str) -> None:
    def wanted(element: Any, depth: int) -> bool:
        if kind.startswith("list items"):
            return str(element.S) == "/LI" and depth == int(kind[-1])
        if kind == "code blocks":
            return str(element.S) == "/Code" and "/A" in element
        return is_of(kind, element)

    broken = tmp_path / "broken.pdf"
    with pikepdf.open(counted.pdf) as pdf:
        assert take_out(pdf.Root.StructTreeRoot, wanted)
        pdf.save(broken)
    findings = compare_counts(count_files([counted.source, counted.epub, broken]))
    assert any(f.message.startswith(f"The number of {kind} differs: {KINDS[kind]} in") for f in findings)
    assert {(f.code, f.where.file) for f in findings if f.where} == {("count-differs", broken)}


def test_the_table_marks_what_differs(counted: Built, capsys: pytest.CaptureFixture[str]) -> None:
    other = counted.source.with_name("other.md")
    other.write_text(TEXT.replace("- b\n", ""), "utf-8")
    print_measure(count_files([other, counted.epub]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["other.md", "text.epub"]
    marked = {
        line.rpartition("  differ")[0].rsplit(maxsplit=2)[0] for line in lines if line.endswith("differ")
    }
    assert "list items at depth 1" in marked
    assert "tables" not in marked


def test_the_command_prints_the_counts(write: Callable[..., Path]) -> None:
    from bifolio import cli

    source = write("---\ntitle: T\nlanguage: en\n---\nText.\n")
    other = source.with_name("other.txt")
    other.write_text("T\n\nText.\n", "utf-8")
    printed = CliRunner().invoke(cli.bifolio, ["proof", str(other), str(source)]).output.splitlines()
    assert ["headings", "of", "level", "1", "1", "1"] in [line.split() for line in printed]


def test_a_parted_file_has_its_headings_counted_together(write: Callable[..., Path], tmp_path: Path) -> None:
    chapters = "".join(f"## Chapter {n}\n\n{'word ' * 400}\n\n### Below\n\nText.\n\n" for n in range(55))
    source = write(f"---\ntitle: T\nlanguage: en\n---\n\n{chapters}")
    (epub,) = make(source, tmp_path / "out", only="epub").files
    assert ("headings", (110, 110)) in count_files([source, epub.path]).rows
    source.write_text(source.read_text("utf-8").replace("## Chapter 7\n", ""), "utf-8")
    assert ("headings", (109, 110)) in count_files([source, epub.path]).rows
