"""Tables on paper that find no room on their page: behind the text that follows them, or in two parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.conftest import kinds
from tests.editions.pdf.a5 import LONG, build_a5, lines, text

CAPTION = "\n\nTable: The caption."

Build = Callable[..., list[str]]


def table(rows: int, caption: str = "") -> str:
    """Return a table of *rows* under a head."""
    body = "\n".join(f"| r{number} | c{number} |" for number in range(1, rows + 1))
    return f"| Row | Cell |\n| --- | --- |\n{body}{caption}"


@pytest.fixture
def build(write: Callable[..., Path], tmp_path: Path) -> Build:
    """Give a function that builds a text on A5, and returns its pages; the editions have the same words."""

    def build(source: str, more: str = "", **properties: str) -> list[str]:
        document = pypdfium2.PdfDocument(build_a5(write, tmp_path, source, more, **properties))
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]

    return build


def read_aloud(path: Path) -> list[str]:
    """Return the kinds of the blocks of the PDF at *path*, in the order in which they are read."""
    blocks = {"/Table": "table", "/Caption": "caption", "/TR": "row", "/P": "text", "/Figure": "picture"}
    with pikepdf.open(path) as pdf:
        return [blocks[kind] for kind, _ in kinds(pdf.Root.StructTreeRoot) if kind in blocks]


def shown(page: str) -> list[int]:
    """Return the rows that stand on *page*, by number."""
    return [int(number) for number in re.findall(r"\br(\d+)\b", page)]


def test_the_text_behind_a_table_with_a_caption_fills_the_page(build: Build, tmp_path: Path) -> None:
    first, second = build(text("# Begin", lines(19), table(7, CAPTION), LONG, LONG))
    assert "Line 19. w0 w1" in first and "caption" not in first and not shown(first)
    assert shown(second) == [1, 2, 3, 4, 5, 6, 7]
    assert second.index("The caption.") < second.index("Row") < second.index("c7 ") < second.index("w69")
    words = f"{first} {second}".split()
    assert [words.count(f"w{number}") for number in range(70)] == [2] * 70
    read = read_aloud(tmp_path / "build" / "text.pdf")
    assert read[-12:] == ["table", "caption", *["row"] * 8, "text", "text"]


def test_a_table_keeps_its_place_where_the_sheet_wants_it(build: Build) -> None:
    first, second = build(text("# Begin", lines(21), table(7, CAPTION), LONG, LONG), figures="here")
    assert first.endswith("Line 21.")
    assert second.index("The caption.") < second.index("w0")


def test_tables_and_figures_that_wait_keep_their_order(build: Build) -> None:
    figure = '![A field.](field.png "The field.")'
    first, second, *_ = build(text("# Begin", lines(20), table(7, CAPTION), "Between.", figure, *[LONG] * 4))
    assert "Line 20. Between. w0" in first and "The" not in first
    assert second.index("The caption.") < second.index("The field.") < second.index("w69")


def test_a_note_in_a_table_comes_along(build: Build) -> None:
    noted = table(7, CAPTION).replace("c3 ", "c3[^n] ")
    first, second = build(text("# Begin", lines(20), noted, LONG, LONG, "[^n]: The words of the note."))
    assert "w0" in first and "note" not in first
    assert "The words of the note." in second and shown(second) == [1, 2, 3, 4, 5, 6, 7]


def test_a_paragraph_behind_a_table_that_waits_is_indented(build: Build, tmp_path: Path) -> None:
    build(text("# Begin", lines(20), table(7, CAPTION), LONG, LONG))
    words = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0].get_textpage()
    found = words.get_text_range()
    edges = [words.get_charbox(found.index(start))[0] for start in ("Line 1.", "Line 2.", "w0 w1")]
    assert edges[2] == pytest.approx(edges[1], abs=0.5) and edges[2] > edges[0] + 5


@pytest.mark.parametrize("behind", ["## Next", "The end.\n\n## Next"])
def test_a_table_with_a_caption_breaks_where_too_little_text_follows(build: Build, behind: str) -> None:
    first, second = build(text("# Begin", lines(15), table(7, CAPTION), behind, LONG))
    assert "Line 15. The caption. Row Cell r1" in first
    assert len(shown(first)) >= 2 and len(shown(second)) >= 2
    assert shown(first) + shown(second) == [1, 2, 3, 4, 5, 6, 7]
    assert "Row Cell" in second and "caption" not in second


def test_a_table_with_a_caption_leaves_a_small_gap(build: Build) -> None:
    first, second = build(text("# Begin", lines(20), table(7, CAPTION), "## Next", LONG))
    assert first.endswith("Line 20.")
    assert shown(second) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("before", range(14, 23))
def test_a_table_breaks_with_two_rows_on_either_side(build: Build, before: int) -> None:
    found = [shown(page) for page in build(text("# Begin", lines(before), table(7), LONG))]
    assert [row for rows in found for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert all(len(rows) >= 2 for rows in found if rows)


def test_a_table_is_read_as_one_where_it_breaks(build: Build, tmp_path: Path) -> None:
    first, second = build(text("# Begin", lines(17), table(7), LONG))
    assert shown(first) and shown(second)
    assert read_aloud(tmp_path / "build" / "text.pdf")[-10:] == ["table", *["row"] * 8, "text"]


def test_a_low_table_stays_whole(build: Build) -> None:
    first, second = build(text("# Begin", lines(21), table(4), LONG))
    assert first.endswith("Line 21.")
    assert shown(second) == [1, 2, 3, 4]


def test_the_sheet_keeps_a_table_whole(build: Build) -> None:
    source = text("# Begin", lines(18), table(7), LONG)
    assert [len(shown(page)) for page in build(source)] != [0, 7]
    kept = build(source, more="\n@media print { table { break-inside: avoid } }\n")
    assert [len(shown(page)) for page in kept] == [0, 7]


def test_a_high_row_may_stand_alone(build: Build) -> None:
    picture = "![A field.](field.png)"
    rows = "\n".join(f"| r{number} | {picture} |" for number in (1, 2, 3))
    found = build(text("# Begin", lines(8), f"| Row | Cell |\n| --- | --- |\n{rows}", LONG))
    assert [shown(page) for page in found[:2]] == [[1], [2, 3]]


def test_cells_of_many_rows_are_not_parted(build: Build) -> None:
    cell = '<td rowspan="3">s</td>'
    rows = "".join(f"<tr>{cell if number == 2 else ''}<td>r{number}</td></tr>" for number in range(1, 8))
    for before in range(14, 22):
        found = [
            shown(page) for page in build(text("# Begin", lines(before), f"<table>{rows}</table>", LONG))
        ]
        assert all(rows[-1] not in (2, 3) for rows in found if rows)


def test_a_figure_of_two_pictures_shrinks_evenly(build: Build, tmp_path: Path) -> None:
    pictures = '<img src="field.png" alt="One"/><br/><img src="field.png" alt="Two" width="150"/>'
    figure = f"<figure>{pictures}<figcaption>Both.</figcaption></figure>"
    build(text("# Begin", lines(9), figure, LONG))
    page = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0]
    widths = sorted(
        right - left for left, _, right, _ in (item.get_bounds() for item in page.get_objects([3]))
    )
    assert widths[1] < 0.95 * 225 and widths[1] / widths[0] == pytest.approx(2, rel=0.01)


def test_a_picture_without_a_figure_shrinks_and_keeps_what_follows(build: Build, tmp_path: Path) -> None:
    first, *_ = build(
        text("# Begin", lines(13), '<img src="field.png" alt="Field"/>', "Figure 1: A field.", LONG)
    )
    page = pypdfium2.PdfDocument(tmp_path / "build" / "text.pdf")[0]
    ((left, _, right, _),) = [item.get_bounds() for item in page.get_objects([3])]
    assert 0.7 * 225 <= right - left < 0.98 * 225
    assert "Line 13. Figure 1: A field." in first
