"""Column widths of tables in the EPUB, in percent."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bifolio.epub.content.columns import ColumnWidths, column_widths


def table(*rows: str, more: str = "") -> ElementTree.Element:
    """Return a table of *rows*, whose cells are separated by bars; the first is the header row."""
    cells = [
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row.split("|"))
        for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    return ElementTree.fromstring(f"<table{more}>{lines}</table>")


def test_shares_add_up_to_100_and_grow_with_the_text() -> None:
    shares = column_widths(
        table("No.|What|Why", "1|A short word|A long sentence that asks for most of the room")
    ).shares
    assert sum(shares) == 100
    assert sorted(shares) == list(shares)
    assert shares[0] < 15 < 45 < shares[2]


def test_a_column_is_as_wide_as_its_longest_word_if_there_is_room() -> None:
    """A line of a phone has 46 letters."""
    rows = table("Place|Depth", "Negotiations|" + "Very many words about it and about " * 9)
    [first, _] = column_widths(rows).shares
    assert round(46 * first / 100) >= len("Negotiations")


def test_spare_width_is_shared_among_the_columns() -> None:
    first, second = column_widths(table("Use|Of a hundred grains", "Chemistry|38")).shares
    assert second > first > 30


def test_a_table_too_wide_for_its_words_is_crowded_and_its_longest_columns_shrink() -> None:
    long, short = "Incomprehensibilities", "Internationally"
    columns = column_widths(table("a|b|c", f"{long}|{short}|{long}"))
    assert columns.crowded
    assert columns.shares[0] == pytest.approx(columns.shares[2], abs=1)
    assert 54 * columns.shares[1] / 100 >= len(short)


@pytest.mark.parametrize(
    "rows",
    [
        ("only|<img/>", "a|b"),
        ("a|<table><tr><td>b</td></tr></table>",),
        ("one column", "of words"),
        ("|".join("abcdefghijklmnopqrstuvwxyz"),),
        (),
    ],
)
def test_tables_without_a_computed_width_are_left_to_the_reading_system(rows: tuple[str, ...]) -> None:
    assert column_widths(table(*rows)) == ColumnWidths(())


def test_a_row_that_spans_columns_is_ignored() -> None:
    spanned = ElementTree.fromstring(
        '<tr><td colspan="2">A heading over both that is very long indeed</td></tr>'
    )
    rows = table("a|b", "c|d")
    plain = column_widths(rows)
    rows.insert(1, spanned)
    assert column_widths(rows) == plain
    spanned[0].set("rowspan", "2")
    assert column_widths(rows) == ColumnWidths(())


def test_chinese_text_breaks_between_any_two_characters() -> None:
    assert not column_widths(table("甲|乙", "版本控制系统" * 9 + "|" + "版本控制系统" * 9)).crowded
