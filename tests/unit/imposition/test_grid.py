"""The grid of an imposed sheet: paper size, orientation, scale and positions of pages."""

from __future__ import annotations

import pytest

from bifolio.imposition.grid import grid_for
from bifolio.model.paper_sizes import parse_paper_size
from bifolio.model.units import PT_PER_MM

Size = tuple[float, float]


def pt(width: float, height: float) -> Size:
    return width * PT_PER_MM, height * PT_PER_MM


@pytest.mark.parametrize(
    ("page", "paper", "name", "is_turned", "scale"),
    [
        (pt(148, 210), None, "A4", True, 1),
        (pt(148, 210), "a4", "A4", True, 1),
        ((421, 596), None, "A4", True, 1),  # A5 as some programs round it
        (pt(105, 148), None, "A5", True, 1),
        (pt(105, 148), "a4", "A4", True, 148.5 / 105),
        (pt(105, 148), "a6", "A6", True, 74 / 105),
        (pt(139.7, 215.9), None, "letter", True, 1),
        (pt(210, 297), None, "A4", True, 210 / 297),
        (pt(210, 297), "a3", "A3", True, 1),
        (pt(215.9, 279.4), None, "letter", True, 139.7 / 215.9),
        (pt(215.9, 279.4), "tabloid", "tabloid", True, 1),
        (pt(152.4, 228.6), None, "A4", True, 210 / 228.6),
        (pt(100, 140), None, "A5", True, 1),  # smaller than half the sheet: not enlarged
        (pt(100, 290), None, "A4", False, 1),
        (pt(148, 210), "297x210mm", "297x210mm", True, 1),
        (pt(148, 210), "11x8.5in", "11x8.5in", True, 139.7 / 148),
    ],
)
def test_the_sheet_and_scale_for_two_pages(
    page: Size, paper: str | None, name: str, is_turned: bool, scale: float
) -> None:
    grid = grid_for(page, 2, 1, parse_paper_size(paper) if paper else None)
    assert (grid.paper.name, grid.is_turned) == (name, is_turned)
    assert grid.scale == pytest.approx(scale)


def test_pages_touch_the_fold_and_are_centred_vertically() -> None:
    grid = grid_for((300, 500), 2, 1, parse_paper_size("a4"))
    width, height = grid.cell
    for index in (0, 1):
        x, y, scale = grid.place(index, (300, 500), 0.0)
        fold = x + 300 * scale if index == 0 else x
        assert fold == pytest.approx(width)
        assert y * 2 + 500 * scale == pytest.approx(height)


def test_a_page_larger_than_the_others_is_scaled_to_fit() -> None:
    grid = grid_for(pt(148, 210), 2, 1, None)
    x, _, scale = grid.place(1, pt(210, 148), 0.0)
    assert scale == pytest.approx(148.5 / 210)
    assert x == pytest.approx(grid.width / 2)


def test_four_pages_on_a_side() -> None:
    grid = grid_for(pt(148, 210), 2, 2, None)
    assert (grid.paper.name, grid.is_turned) == ("A4", False)
    assert grid.scale == pytest.approx(148.5 / 210)
    assert [grid.corner(index) for index in range(4)] == [
        (0, grid.height / 2), (grid.width / 2, grid.height / 2), (0, 0), (grid.width / 2, 0),
    ]  # fmt: skip
