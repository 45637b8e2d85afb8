"""Tables that break between rows, and those that are kept whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editions.pdf.a5 import CAPTION, LONG, BuildA5, lines, rows_shown, table, tags_read_aloud, text


@pytest.mark.parametrize("behind", ["## Next", "The end.\n\n## Next"])
def test_a_table_with_a_caption_breaks_where_too_little_text_follows(a5: BuildA5, behind: str) -> None:
    first, second = a5(text("# Begin", lines(15), table(7, CAPTION), behind, LONG))
    assert "Line 15. The caption. Row Cell r1" in first
    assert len(rows_shown(first)) >= 2 and len(rows_shown(second)) >= 2
    assert rows_shown(first) + rows_shown(second) == [1, 2, 3, 4, 5, 6, 7]
    assert "Row Cell" in second and "caption" not in second


def test_a_table_with_a_caption_leaves_a_small_gap(a5: BuildA5) -> None:
    first, second = a5(text("# Begin", lines(20), table(7, CAPTION), "## Next", LONG))
    assert first.endswith("Line 20.")
    assert rows_shown(second) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("before", range(14, 23))
def test_a_table_breaks_with_two_rows_on_either_side(a5: BuildA5, before: int) -> None:
    found = [rows_shown(page) for page in a5(text("# Begin", lines(before), table(7), LONG))]
    assert [row for rows in found for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert all(len(rows) >= 2 for rows in found if rows)


def test_a_broken_table_is_one_table_in_the_tags(a5: BuildA5, tmp_path: Path) -> None:
    first, second = a5(text("# Begin", lines(17), table(7), LONG))
    assert rows_shown(first) and rows_shown(second)
    assert tags_read_aloud(tmp_path / "build" / "text.pdf")[-10:] == ["table", *["row"] * 8, "text"]


def test_a_short_table_is_not_broken(a5: BuildA5) -> None:
    first, second = a5(text("# Begin", lines(21), table(4), LONG))
    assert first.endswith("Line 21.")
    assert rows_shown(second) == [1, 2, 3, 4]


def test_the_stylesheet_can_forbid_a_break_in_a_table(a5: BuildA5) -> None:
    source = text("# Begin", lines(18), table(7), LONG)
    assert [len(rows_shown(page)) for page in a5(source)] != [0, 7]
    kept = a5(source, more="\n@media print { table { break-inside: avoid } }\n")
    assert [len(rows_shown(page)) for page in kept] == [0, 7]


def test_a_tall_row_may_be_alone_on_a_page(a5: BuildA5) -> None:
    picture = "![A field.](field.png)"
    rows = "\n".join(f"| r{number} | {picture} |" for number in (1, 2, 3))
    found = a5(text("# Begin", lines(8), f"| Row | Cell |\n| --- | --- |\n{rows}", LONG))
    assert [rows_shown(page) for page in found[:2]] == [[1], [2, 3]]


def test_a_cell_that_spans_rows_is_not_split(a5: BuildA5) -> None:
    cell = '<td rowspan="3">s</td>'
    rows = "".join(f"<tr>{cell if number == 2 else ''}<td>r{number}</td></tr>" for number in range(1, 8))
    for before in range(14, 22):
        found = [
            rows_shown(page) for page in a5(text("# Begin", lines(before), f"<table>{rows}</table>", LONG))
        ]
        assert all(rows[-1] not in (2, 3) for rows in found if rows)
