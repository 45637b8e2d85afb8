"""The widths of the columns of a table."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bifolio.epub.content.columns import ColumnWidths, column_widths


def table(*rows: str, more: str = "") -> ElementTree.Element:
    """Return a table of *rows*, whose cells stand between bars; the first row is its head."""
    cells = [
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row.split("|"))
        for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    return ElementTree.fromstring(f"<table{more}>{lines}</table>")


def test_the_shares_make_a_whole_and_follow_the_words() -> None:
    shares = column_widths(
        table("No.|What|Why", "1|A short word|A long sentence that asks for most of the room")
    ).shares
    assert sum(shares) == 100
    assert sorted(shares) == list(shares)
    assert shares[0] < 15 < 45 < shares[2]


def test_no_word_is_squeezed_that_has_room() -> None:
    """A telephone has 46 letters in a line, and a column at least those of its longest word."""
    rows = table("Place|Depth", "Negotiations|" + "Very many words about it and about " * 9)
    [first, _] = column_widths(rows).shares
    assert round(46 * first / 100) >= len("Negotiations")


def test_room_that_no_column_asks_for_is_shared() -> None:
    first, second = column_widths(table("Use|Of a hundred grains", "Chemistry|38")).shares
    assert second > first > 30


def test_words_that_have_no_room_are_set_smaller_and_the_longest_give_way() -> None:
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
def test_what_has_a_width_of_its_own_is_left_to_the_reader(rows: tuple[str, ...]) -> None:
    assert column_widths(table(*rows)) == ColumnWidths(())


def test_a_row_that_spans_columns_is_passed_over() -> None:
    spanned = ElementTree.fromstring(
        '<tr><td colspan="2">A heading over both that is very long indeed</td></tr>'
    )
    rows = table("a|b", "c|d")
    plain = column_widths(rows)
    rows.insert(1, spanned)
    assert column_widths(rows) == plain
    spanned[0].set("rowspan", "2")
    assert column_widths(rows) == ColumnWidths(())


def test_chinese_may_be_broken_at_every_sign() -> None:
    assert not column_widths(table("甲|乙", "版本控制系统" * 9 + "|" + "版本控制系统" * 9)).crowded
