"""Conversion of colours to the inks of a printing process."""

from __future__ import annotations

import pytest

from bifolio.prepress.inks import BLACK, WHITE, Ink, Process, blend_with_paper, ink_for, to_cmyk

INK, QUIET, CLOTH, TINT = (
    (0.114, 0.114, 0.106),
    (0.42, 0.42, 0.4),
    (0.549, 0.161, 0.114),
    (0.965, 0.953, 0.925),
)


@pytest.mark.parametrize("process", Process)
def test_nearly_black_type_is_black_ink_only(process: Process) -> None:
    assert ink_for(INK, process, is_type=True) == BLACK
    assert ink_for((0.0, 0.0, 0.0, 1.0), process, is_type=True) == BLACK


def test_in_black_ink_grey_type_is_black_and_grey_lines_are_grey() -> None:
    assert ink_for(QUIET, Process.BLACK, is_type=True) == BLACK
    (light,) = ink_for(QUIET, Process.BLACK, is_type=False)
    assert light == pytest.approx(0.42, abs=0.01)


def test_a_tint_has_a_minimum_of_black_ink_and_white_stays_white() -> None:
    assert ink_for(TINT, Process.BLACK, is_type=False) == (0.9,)
    assert ink_for((1.0, 1.0, 1.0), Process.BLACK, is_type=False) == WHITE
    assert ink_for((1.0, 1.0, 1.0), Process.BLACK, is_type=True) == WHITE


def test_rgb_colours_stay_for_vendors_that_accept_them() -> None:
    assert ink_for(CLOTH, Process.SCREEN, is_type=True) == CLOTH
    assert ink_for(TINT, Process.SCREEN, is_type=False) == TINT


@pytest.mark.parametrize("colour", [(0.0, 0.0, 0.0), CLOTH, TINT, (0.1, 0.1, 0.4), (1.0, 0.0, 0.0)])
def test_the_total_ink_of_a_cmyk_colour_is_limited(colour: Ink) -> None:
    inks = to_cmyk(colour)
    assert len(inks) == 4
    assert all(0 <= ink <= 1 for ink in inks)
    assert sum(inks) <= 2.2001


def test_cmyk_greys_are_black_ink_and_saturated_colours_have_none() -> None:
    assert to_cmyk((0.5, 0.5, 0.5)) == (0, 0, 0, 0.5)
    assert to_cmyk(CLOTH)[3] == 0


def test_half_opaque_colours_are_blended_with_white_paper() -> None:
    assert blend_with_paper(BLACK, 0.5) == (0.5,)
    assert blend_with_paper((0.0, 1.0, 0.0, 1.0), 0.5) == (0.0, 0.5, 0.0, 0.5)
