"""The tags of the finished PDFs, as a screen reader goes through them (ISO 32000-1, 14.8)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built, kinds, need

TEXT = """---
title: T
language: en
---
Some `code` and [mots français]{lang=fr} in **one** line.[^1] ![](plain.svg){alt=""}

> A quotation
>
> of two paragraphs.

```python
first = 1
second = 2
```

| | Head |
|---|---|
| a | b |

[^1]: The note.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def tree(node: Any, depth: int = 0) -> list[str]:
    """Return the types of the structure below *node*, indented as they are nested."""
    found = []
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [f"{' ' * depth}{str(kid.S)[1:]}", *tree(kid, depth + 1)]
    return found


def test_the_parts_of_a_text_have_their_types(build: Callable[..., Built]) -> None:
    built = build(TEXT, plain__svg=SVG)
    with pikepdf.open(built.pdf) as pdf:
        found = tree(pdf.Root.StructTreeRoot)
        nodes = dict(kinds(pdf.Root.StructTreeRoot))
        code = [node for name, node in kinds(pdf.Root.StructTreeRoot) if name == "/Code"]
    assert found == [
        "Document", " Art", "  Div", "   H1",
        "  P", "   Code", "   Span", "   Reference", "    Link", "   Note", "    P", "     Lbl", "      Link",
        "  BlockQuote", "   P", "   P",
        "  P", "   Code",
        "  Table", "   THead", "    TR", "     TH", "     TH", "   TBody", "    TR", "     TD", "     TD",
    ]  # fmt: skip
    assert str(nodes["/Span"].Lang) == "fr"
    assert str(nodes["/TH"].A.Scope) == "/Column"
    assert str(nodes["/Note"].ID) == "note-1"
    # Code in a line, and a block of it.
    assert ["/A" in node for node in code] == [False, True]
    assert str(code[1].A.Placement) == "/Block"
    assert run_page_validation(built.pdf) == []


def test_contents_are_tagged_as_contents(everything: Built) -> None:
    with pikepdf.open(everything.pdf) as pdf:
        lists = [node for name, node in kinds(pdf.Root.StructTreeRoot) if name == "/Contents"]
        contents, figures, tables = map(tree, lists)
        roles = pdf.Root.StructTreeRoot.RoleMap
        assert (str(roles.Contents), str(roles.ContentsReference)) == ("/Sect", "/Reference")
        titles = [str(note.Contents) for note in links_in(lists[0])]
    assert contents[:5] == ["H1", "TOC", " TOCI", "  ContentsReference", "   Link"]
    assert [kind.strip() for kind in contents].count("TOCI") == len(titles) == 16
    assert "   TOCI" in contents  # those of a part stand in its own
    assert titles[3:7] == ["Introduction", "What it is for", "The sea", "The pans"]
    assert [kind.strip() for kind in figures].count("TOCI") == 1
    assert [kind.strip() for kind in tables].count("TOCI") == 2
    assert run_page_validation(everything.pdf) == []


def links_in(node: Any) -> list[Any]:
    """Return the annotations of the links below *node*."""
    return [
        kid.Obj
        for name, link in kinds(node)
        if name == "/Link"
        for kid in link.K
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    ]


def artifacts(page: pikepdf.Page) -> list[str]:
    """Return the operators within each artifact of *page*, joined."""
    found: list[str] = []
    depth: list[bool] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            depth.append(str(instruction.operands[0]) == "/Artifact")
            if depth[-1]:
                found.append("")
        elif operator == "EMC":
            depth.pop()
        elif any(depth):
            found[-1] += f"{operator} "
    return found


@pytest.mark.parametrize("kind", ["article", "everything"])
def test_running_heads_are_artifacts_and_all_else_is_tagged(
    kind: str, request: pytest.FixtureRequest
) -> None:
    built: Built = request.getfixturevalue(kind)
    with pikepdf.open(built.pdf) as pdf:
        for page in pdf.pages:
            marked = [False]
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                if operator in ("BMC", "BDC"):
                    marked.append(True)
                elif operator == "EMC":
                    marked.pop()
                elif operator in ("Tj", "TJ", "S", "f", "Do", "B"):
                    assert marked[-1], f"{operator} is no content and no artifact on page {page.label}"
        second = pdf.pages[1 if kind == "article" else 18]
        assert len([marks for marks in artifacts(second) if "TJ" in marks]) >= 2


def test_a_picture_that_says_nothing_is_an_artifact(build: Callable[..., Built]) -> None:
    with_words = build(TEXT.replace('{alt=""}', '{alt="A square"}'), plain__svg=SVG)
    with pikepdf.open(with_words.pdf) as pdf:
        assert [name for name, _ in kinds(pdf.Root.StructTreeRoot)].count("/Figure") == 1
        count = len(artifacts(pdf.pages[0]))
    silent = build(TEXT, plain__svg=SVG)
    with pikepdf.open(silent.pdf) as pdf:
        assert "/Figure" not in [name for name, _ in kinds(pdf.Root.StructTreeRoot)]
        assert len(artifacts(pdf.pages[0])) > count


def test_read_aloud_in_order_it_is_the_article(article: Built) -> None:
    need(shutil.which("pdfinfo"), "Poppler")
    told = subprocess.run(
        ["pdfinfo", "-struct-text", article.pdf], capture_output=True, text=True, check=True
    )
    said = " ".join(re.findall(r'^\s*"(.*)"$', told.stdout, flags=re.M))
    said = re.sub(r"\W", "", said)
    source = re.sub(r"\W", "", Path("source/article.md").read_text("utf-8"))
    places = []
    for words in (
        "Fire exchanged at Sotk three days before Brussels talks", "Armenia reports artillery",
        "expected at talks in Brussels", "The Brussels talks are the three-sided ones",
        "The firing was around", "Two accounts of the firing", "The two versions agree",
        "Each ministry accuses the other",
        "uses negotiations to look for a reason", "From Washington to Brussels", "A speech in Shusha",
        "Months of stalled talks", "they differ on who is doing it",
    ):  # fmt: skip
        plain = re.sub(r"\W", "", words)
        assert said.count(plain) >= 1, words
        assert plain in source
        places.append(said.index(plain))
    assert places == sorted(places)
    assert said.endswith("theydifferonwhoisdoingit")
    # A running head or a folio would be heard on every page.
    assert said.count("FireexchangedatSotkthreedaysbeforeBrusselstalks") == 1
