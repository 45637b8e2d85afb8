"""Converts colours to the inks of a press."""

from __future__ import annotations

from enum import Enum

Ink = tuple[float, ...]
"""The components of a PDF colour, from 0 to 1: one is grey, three are RGB, four are CMYK."""
BLACK: Ink = (0.0,)
WHITE: Ink = (1.0,)

_DARK = 0.2
"""The lightness up to which grey is printed as solid black, as a halftone would only blur it."""
_DARK_TYPE = 0.5
"""The same for type, whose thin strokes suffer more from a halftone."""
_LIGHTEST_TINT, _WHITE_FROM = 0.9, 0.985
"""The lightest tint that prints reliably (KDP asks for 10 % of black), and the lightness of white."""
_GREY_TYPE_SPREAD, _GREY_SPREAD = 0.04, 0.01
"""The greatest difference between R, G and B that counts as grey: in type, and elsewhere."""
MAX_GREY_SPREAD = 0.35
"""The difference between C, M and Y from which no grey component is replaced by black."""
MAX_INK = 2.2
"""The total area coverage, 1 being one ink at 100 %: less than any vendor allows."""


class Process(Enum):
    """The inks of a print process."""

    BLACK = "black"
    """Black only."""
    PRESS = "press"
    """CMYK."""
    SCREEN = "screen"
    """RGB, for a vendor that converts it."""


def ink_for(colour: Ink, process: Process, *, is_type: bool) -> Ink:
    """Return *colour* in the inks of *process*; black, and what is close to it, is black ink only."""
    light = lightness(colour)
    if process is Process.BLACK:
        return printable_grey(light, is_type=is_type)
    if len(colour) == 4:
        return printable_grey(light, is_type=is_type) if max(colour[:3]) == 0 else colour
    spread = max(colour) - min(colour)
    is_dark = light <= _DARK and (is_type or spread <= _GREY_TYPE_SPREAD)
    if is_dark or spread <= (_GREY_TYPE_SPREAD if is_type else _GREY_SPREAD):
        return BLACK if is_dark or light <= _DARK else (round(light, 4),)
    return to_cmyk(colour) if process is Process.PRESS else colour


def lightness(colour: Ink) -> float:
    """Return the luma of *colour*, from 0 to 1 (ITU-R BT.601)."""
    if len(colour) == 1:
        return colour[0]
    if len(colour) == 4:
        colour = tuple((1 - part) * (1 - colour[3]) for part in colour[:3])
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def printable_grey(light: float, *, is_type: bool) -> Ink:
    """Return the tint of black ink for the lightness *light*: solid, none, or one that prints reliably."""
    if light <= (_DARK_TYPE if is_type else _DARK):
        return BLACK
    if light >= _WHITE_FROM:
        return WHITE
    return (round(min(light, _LIGHTEST_TINT), 4),)


def to_cmyk(colour: Ink) -> Ink:
    """Return the RGB *colour* as CMYK, with a total area coverage of at most 220 %.

    The closer it is to grey, the more of it is replaced by black (GCR), as grey made of C, M and Y prints
    brown. No ICC profile is used, so hues are approximate.
    """
    inks = cyan, magenta, yellow = tuple(1 - part for part in colour)
    replacement = max(0.0, 1 - (max(inks) - min(inks)) / MAX_GREY_SPREAD)
    black = max(min(inks) * replacement, (sum(inks) - MAX_INK) / 2)
    return tuple(round(part, 4) for part in (cyan - black, magenta - black, yellow - black, black))


def blend_with_paper(colour: Ink, opacity: float) -> Ink:
    """Return *colour* with *opacity* as an opaque colour on white."""
    if len(colour) == 4:
        return tuple(round(part * opacity, 4) for part in colour)
    return tuple(round(1 - opacity * (1 - part), 4) for part in colour)
