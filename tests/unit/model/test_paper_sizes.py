"""Paper sizes by name and by sides."""

from __future__ import annotations

import pytest

from bifolio.model.errors import UsageError
from bifolio.model.paper_sizes import PaperSize, parse_paper_size


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a3", (297, 420)),
        (" A4 ", (210, 297)),
        ("a6", (105, 148)),
        ("Legal", (215.9, 355.6)),
        ("tabloid", (279.4, 431.8)),
        ("148x210mm", (148, 210)),
        ("9X6IN", (228.6, 152.4)),
        ("60x1000mm", (60, 1000)),
    ],
)
def test_a_size_is_a_name_or_two_sides(text: str, sides: tuple[float, float]) -> None:
    size = parse_paper_size(text)
    assert (size.width, size.height) == pytest.approx(sides)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a99", "`a99` is not a paper size. Use a3, a4, a5, a6, letter, legal, tabloid, or a width and a"),
        ("210x297", "`210x297` is not a paper size."),
        ("1x1mm", "The paper size 1x1mm is out of range. Use sides from 60 to 1000 mm."),
        ("60x60in", "The paper size 60x60in is out of range."),
    ],
)
def test_an_invalid_size_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_paper_size(text)
    assert str(raised.value).startswith(message)


def test_the_caller_sets_the_longest_side() -> None:
    assert parse_paper_size("700x1200mm", 1500.0) == PaperSize("700x1200mm", 700, 1200)
