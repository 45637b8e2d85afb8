"""Tables with captions that float: the text that follows them fills the page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.editions.pdf.a5 import CAPTION, LONG, BuildA5, lines, rows_shown, table, tags_read_aloud, text


def test_text_after_a_deferred_table_with_a_caption_fills_the_page(a5: BuildA5, tmp_path: Path) -> None:
    first, second = a5(text("# Begin", lines(19), table(7, CAPTION), LONG, LONG))
    assert "Line 19. w0 w1" in first and "caption" not in first and not rows_shown(first)
    assert rows_shown(second) == [1, 2, 3, 4, 5, 6, 7]
    assert second.index("The caption.") < second.index("Row") < second.index("c7 ") < second.index("w69")
    words = f"{first} {second}".split()
    assert [words.count(f"w{number}") for number in range(70)] == [2] * 70
    read = tags_read_aloud(tmp_path / "build" / "text.pdf")
    assert read[-12:] == ["table", "caption", *["row"] * 8, "text", "text"]


def test_a_table_does_not_float_if_the_stylesheet_forbids_it(a5: BuildA5) -> None:
    first, second = a5(text("# Begin", lines(21), table(7, CAPTION), LONG, LONG), figures="here")
    assert first.endswith("Line 21.")
    assert second.index("The caption.") < second.index("w0")


def test_deferred_tables_and_figures_keep_their_order(a5: BuildA5) -> None:
    figure = '![A field.](field.png "The field.")'
    first, second, *_ = a5(text("# Begin", lines(20), table(7, CAPTION), "Between.", figure, *[LONG] * 4))
    assert "Line 20. Between. w0" in first and "The" not in first
    assert second.index("The caption.") < second.index("The field.") < second.index("w69")


def test_a_footnote_in_a_table_moves_with_it(a5: BuildA5) -> None:
    noted = table(7, CAPTION).replace("c3 ", "c3[^n] ")
    first, second = a5(text("# Begin", lines(20), noted, LONG, LONG, "[^n]: The words of the note."))
    assert "w0" in first and "note" not in first
    assert "The words of the note." in second and rows_shown(second) == [1, 2, 3, 4, 5, 6, 7]


def test_a_paragraph_is_indented_if_the_table_before_it_is_deferred(a5: BuildA5, tmp_path: Path) -> None:
    a5(text("# Begin", lines(20), table(7, CAPTION), LONG, LONG))
    words = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0].get_textpage()
    found = words.get_text_range()
    edges = [words.get_charbox(found.index(start))[0] for start in ("Line 1.", "Line 2.", "w0 w1")]
    assert edges[2] == pytest.approx(edges[1], abs=0.5) and edges[2] > edges[0] + 5
