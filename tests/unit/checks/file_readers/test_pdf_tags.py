"""Marked content in reading order, with the context that its structure elements give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from bifolio.checks.file_readers.pdf_tags import MarkedContent, TagContext, read_tags

PLAIN = TagContext()
NOTE, ADDED, FLOATING = TagContext(is_in_note=True), TagContext(is_added=True), TagContext(is_floating=True)


def element(kind: str, *kids: Any, **entries: Any) -> pikepdf.Dictionary:
    return Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), K=Array(kids), **entries)


def tags_of(folder: Path, *kids: Any) -> list[MarkedContent]:
    """Return the marked content of a PDF whose structure tree has these *kids*, without silent labels."""
    path = folder / "book.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page().obj
        for kid in kids:
            kid.Pg = page
        pdf.Root.StructTreeRoot = Dictionary(K=Array(pdf.make_indirect(kid) for kid in kids))
        pdf.save(path)
    return [content for content in read_tags(path, {"/Lbl"}) if content.mcids or content.alt is not None]


def content_of(folder: Path, *kids: Any) -> list[tuple[TagContext, list[int]]]:
    return [(content.context, content.mcids) for content in tags_of(folder, *kids)]


@pytest.mark.parametrize(
    ("numbering", "expected"), [("None", [[0, 1]]), ("Decimal", [[1]]), (None, [[1]])], ids=str
)
def test_labels_are_text_in_a_list_without_numbering(
    numbering: str | None, expected: list[list[int]], tmp_path: Path
) -> None:
    item = element("LI", element("Lbl", 0), element("LBody", 1))
    entries = {"A": Dictionary(O=Name.List, ListNumbering=Name(f"/{numbering}"))} if numbering else {}
    assert [content.mcids for content in tags_of(tmp_path, element("L", item, **entries))] == expected


def test_a_list_in_an_item_has_a_numbering_of_its_own(tmp_path: Path) -> None:
    inner = element(
        "L", element("LI", element("Lbl", 2), element("LBody", 3)), A=Dictionary(ListNumbering=Name.Disc)
    )
    item = element("LI", element("Lbl", 0), element("LBody", 1, inner))
    found = tags_of(tmp_path, element("L", item, A=Dictionary(ListNumbering=Name("/None"))))
    assert [content.mcids for content in found] == [[0, 1, 3]]


def test_the_context_is_that_of_the_elements_around(tmp_path: Path) -> None:
    assert content_of(
        tmp_path,
        element("P", 0, element("Note", element("P", 1)), 2, element("CrossReference", 3)),
        element("Figure", element("Caption", 4)),
        element("P", 5),
    ) == [(PLAIN, [0]), (NOTE, [1]), (PLAIN, [2]), (ADDED, [3]), (FLOATING, [4]), (PLAIN, [5])]


def test_a_table_floats_with_its_caption(tmp_path: Path) -> None:
    row = element("TR", element("TD", 1))
    assert content_of(tmp_path, element("Table", element("Caption", 0), row)) == [(FLOATING, [0, 1])]
    assert content_of(tmp_path, element("Table", row)) == [(PLAIN, [1])]


def test_a_formula_is_its_alternate_description(tmp_path: Path) -> None:
    found = tags_of(tmp_path, element("P", 0, element("Formula", 1, Alt="x²"), 2))
    assert [(content.mcids, content.alt) for content in found] == [([0], None), ([], "x²"), ([2], None)]


def test_a_file_without_tags_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    with pytest.raises(ValueError, match="it is not a tagged PDF"):
        read_tags(path, ())
