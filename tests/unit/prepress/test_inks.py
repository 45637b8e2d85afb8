"""Which ink prints which colour."""

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
def test_type_that_is_nearly_black_is_black_ink_alone(process: Process) -> None:
    assert ink_for(INK, process, is_type=True) == BLACK
    assert ink_for((0.0, 0.0, 0.0, 1.0), process, is_type=True) == BLACK


def test_black_ink_prints_grey_type_as_black_and_grey_lines_as_grey() -> None:
    assert ink_for(QUIET, Process.BLACK, is_type=True) == BLACK
    (light,) = ink_for(QUIET, Process.BLACK, is_type=False)
    assert light == pytest.approx(0.42, abs=0.01)


def test_a_tint_is_never_too_faint_for_black_ink_and_white_stays_white() -> None:
    assert ink_for(TINT, Process.BLACK, is_type=False) == (0.9,)
    assert ink_for((1.0, 1.0, 1.0), Process.BLACK, is_type=False) == WHITE
    assert ink_for((1.0, 1.0, 1.0), Process.BLACK, is_type=True) == WHITE


def test_colours_stay_for_vendors_that_take_them() -> None:
    assert ink_for(CLOTH, Process.SCREEN, is_type=True) == CLOTH
    assert ink_for(TINT, Process.SCREEN, is_type=False) == TINT


@pytest.mark.parametrize("colour", [(0.0, 0.0, 0.0), CLOTH, TINT, (0.1, 0.1, 0.4), (1.0, 0.0, 0.0)])
def test_no_colour_of_a_press_takes_more_ink_than_dries(colour: Ink) -> None:
    inks = to_cmyk(colour)
    assert len(inks) == 4
    assert all(0 <= ink <= 1 for ink in inks)
    assert sum(inks) <= 2.2001


def test_greys_of_a_press_are_of_black_ink_and_full_colours_have_none() -> None:
    assert to_cmyk((0.5, 0.5, 0.5)) == (0, 0, 0, 0.5)
    assert to_cmyk(CLOTH)[3] == 0


def test_what_is_half_opaque_is_as_light_as_on_paper() -> None:
    assert blend_with_paper(BLACK, 0.5) == (0.5,)
    assert blend_with_paper((0.0, 1.0, 0.0, 1.0), 0.5) == (0.0, 0.5, 0.0, 0.5)
