"""The order of pages in signatures, checked by simulating how sheets are stacked, folded and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolio.imposition.signatures import (
    MOST_SEWN,
    MOST_STAPLED,
    Side,
    Signature,
    fold_signatures,
    n_up_sides,
)


def folded_pages(signature: Signature, *, right_to_left: bool) -> list[int | None]:
    """Return the pages of *signature* in reading order after its sheets are stacked and folded.

    The first sheet is at the bottom, all fronts face down, so each back is seen as printed and each front is
    mirrored below it. One half of the stack is folded over the other.
    """
    left_half: list[int | None] = []
    right_half: list[int | None] = []
    for sheet in signature.sheets:
        left_half += [sheet.front.pages[1], sheet.back.pages[0]]
        right_half += [sheet.front.pages[0], sheet.back.pages[1]]
    below, above = (right_half, left_half) if right_to_left else (left_half, right_half)
    return below + above[::-1]


@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("size", [None, 1, 2, 3, 4])
@pytest.mark.parametrize("pages", range(1, 34))
def test_folded_sheets_are_in_reading_order(pages: int, size: int | None, right_to_left: bool) -> None:
    signatures = fold_signatures(pages, size, right_to_left=right_to_left)
    read = [page for each in signatures for page in folded_pages(each, right_to_left=right_to_left)]
    blank = -pages % 4
    assert read == [*range(1, pages + 1), *[None] * blank]


@given(st.integers(1, 3000), st.none() | st.integers(1, 100), st.booleans())
def test_folded_sheets_are_in_reading_order_for_any_page_count(
    pages: int, size: int | None, right_to_left: bool
) -> None:
    signatures = fold_signatures(pages, size, right_to_left=right_to_left)
    read = [page for each in signatures for page in folded_pages(each, right_to_left=right_to_left)]
    assert [page for page in read if page] == list(range(1, pages + 1))
    assert len(read) == pages + -pages % 4


def sheets(signatures: tuple[Signature, ...]) -> list[int]:
    return [len(each.sheets) for each in signatures]


@pytest.mark.parametrize(
    ("pages", "size", "expected"),
    [
        (1, None, [1]),
        (4 * MOST_STAPLED, None, [16]),
        (4 * MOST_STAPLED + 1, None, [6, 6, 5]),
        (4 * 24, None, [MOST_SEWN] * 3),
        (300, None, [8, 8, 8, 8, 8, 7, 7, 7, 7, 7]),
        (33, 4, [4, 4, 1]),
        (33, 100, [9]),
    ],
)
def test_the_number_of_sheets_in_each_signature(pages: int, size: int | None, expected: list[int]) -> None:
    assert sheets(fold_signatures(pages, size)) == expected


def test_the_depth_of_each_sheet_in_its_signature() -> None:
    assert [sheet.depth for each in fold_signatures(33, 4) for sheet in each.sheets] == [
        0,
        1,
        2,
        3,
        0,
        1,
        2,
        3,
        0,
    ]


def test_the_imposition_of_eight_pages() -> None:
    (signature,) = fold_signatures(8)
    assert [(s.front.pages, s.back.pages) for s in signature.sheets] == [((8, 1), (2, 7)), ((6, 3), (4, 5))]
    (signature,) = fold_signatures(7, right_to_left=True)
    assert [(s.front.pages, s.back.pages) for s in signature.sheets] == [
        ((1, None), (7, 2)), ((3, 6), (5, 4)),
    ]  # fmt: skip


def test_n_up_sides_are_in_reading_order() -> None:
    assert n_up_sides(3, 2, 1) == (Side((1, 2)), Side((3, None)))
    assert n_up_sides(3, 2, 1, right_to_left=True) == (Side((2, 1)), Side((None, 3)))
    assert n_up_sides(3, 1, 2, right_to_left=True) == (Side((1, 2)), Side((3, None)))
    assert n_up_sides(6, 2, 2) == (Side((1, 2, 3, 4)), Side((5, 6, None, None)))
    assert n_up_sides(6, 2, 2, right_to_left=True) == (Side((2, 1, 4, 3)), Side((6, 5, None, None)))
