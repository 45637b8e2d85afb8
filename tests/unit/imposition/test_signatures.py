"""Pages in order: sheets are piled, folded and leafed through here, as paper goes and not as the code."""

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


def leafed(signature: Signature, *, right_to_left: bool) -> list[int | None]:
    """Pile the sheets of *signature*, fold the pile, and return its faces as one leafs through them.

    The pile lies with the first sheet below, fronts down; of a sheet that was turned about the fold one then
    sees the back as it is printed, and the front is mirrored beneath. One half is folded over the other.
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
def test_the_folded_sheets_read_from_the_first_page_to_the_last(
    pages: int, size: int | None, right_to_left: bool
) -> None:
    signatures = fold_signatures(pages, size, right_to_left=right_to_left)
    read = [page for each in signatures for page in leafed(each, right_to_left=right_to_left)]
    blank = -pages % 4
    assert read == [*range(1, pages + 1), *[None] * blank]


@given(st.integers(1, 3000), st.none() | st.integers(1, 100), st.booleans())
def test_so_they_do_whatever_their_number(pages: int, size: int | None, right_to_left: bool) -> None:
    signatures = fold_signatures(pages, size, right_to_left=right_to_left)
    read = [page for each in signatures for page in leafed(each, right_to_left=right_to_left)]
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
def test_sizes_of_signatures(pages: int, size: int | None, expected: list[int]) -> None:
    assert sheets(fold_signatures(pages, size)) == expected


def test_a_sheet_knows_how_deep_it_lies() -> None:
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


def test_the_printed_order_of_eight_pages() -> None:
    (signature,) = fold_signatures(8)
    assert [(s.front.pages, s.back.pages) for s in signature.sheets] == [((8, 1), (2, 7)), ((6, 3), (4, 5))]
    (signature,) = fold_signatures(7, right_to_left=True)
    assert [(s.front.pages, s.back.pages) for s in signature.sheets] == [
        ((1, None), (7, 2)), ((3, 6), (5, 4)),
    ]  # fmt: skip


def test_several_on_a_side_in_the_order_of_reading() -> None:
    assert n_up_sides(3, 2, 1) == (Side((1, 2)), Side((3, None)))
    assert n_up_sides(3, 2, 1, right_to_left=True) == (Side((2, 1)), Side((None, 3)))
    assert n_up_sides(3, 1, 2, right_to_left=True) == (Side((1, 2)), Side((3, None)))
    assert n_up_sides(6, 2, 2) == (Side((1, 2, 3, 4)), Side((5, 6, None, None)))
    assert n_up_sides(6, 2, 2, right_to_left=True) == (Side((2, 1, 4, 3)), Side((6, 5, None, None)))
