"""Colours as a press prints them: which ink, and how much of it."""

from __future__ import annotations

from enum import Enum

Ink = tuple[float, ...]
"""A colour as a PDF writes it: one number is grey, three are red, green and blue, four are CMYK."""
BLACK: Ink = (0.0,)
WHITE: Ink = (1.0,)

_DARK = 0.2
"""The lightness below which grey means black: dots of black ink would only blur what it draws."""
_DARK_TYPE = 0.5
"""The same for type, whose thin strokes suffer sooner."""
_FAINTEST, _PAPER = 0.9, 0.985
"""The lightest tint that is sure to be printed (KDP asks for 10 % of black), and where white begins."""
_NEUTRAL, _EXACT = 0.04, 0.01
"""How far red, green and blue may differ in type that is still grey, and in grounds and lines."""
COLOURFUL = 0.35
"""How far inks differ in what is no grey at all."""
MOST_INK = 2.2
"""The most ink that a place gets, 1 being all of one: less than any vendor allows."""


class Process(Enum):
    """What a page is printed with."""

    BLACK = "black"
    """Black ink alone."""
    PRESS = "press"
    """The four inks of a press."""
    SCREEN = "screen"
    """Red, green and blue, for a vendor that makes inks of them itself."""


def ink_for(colour: Ink, process: Process, *, is_type: bool) -> Ink:
    """Return the ink that prints *colour*; what is black or nearly so is black ink alone."""
    light = lightness(colour)
    if process is Process.BLACK:
        return printable_grey(light, is_type=is_type)
    if len(colour) == 4:
        return printable_grey(light, is_type=is_type) if max(colour[:3]) == 0 else colour
    apart = max(colour) - min(colour)
    dark = light <= _DARK and (is_type or apart <= _NEUTRAL)
    if dark or apart <= (_NEUTRAL if is_type else _EXACT):
        return BLACK if dark or light <= _DARK else (round(light, 4),)
    return to_cmyk(colour) if process is Process.PRESS else colour


def lightness(colour: Ink) -> float:
    """Return how light *colour* is, from 0 to 1, as the eye weighs red, green and blue (ITU-R BT.601)."""
    if len(colour) == 1:
        return colour[0]
    if len(colour) == 4:
        colour = tuple((1 - part) * (1 - colour[3]) for part in colour[:3])
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def printable_grey(light: float, *, is_type: bool) -> Ink:
    """Return the grey of this lightness as black ink prints it well."""
    if light <= (_DARK_TYPE if is_type else _DARK):
        return BLACK
    if light >= _PAPER:
        return WHITE
    return (round(min(light, _FAINTEST), 4),)


def to_cmyk(colour: Ink) -> Ink:
    """Return red, green and blue as CMYK, of at most 220 % ink.

    The nearer to grey, the more is black ink, for a grey of the other three is brown on paper. No profile
    of a press goes into it: hues are near, not exact.
    """
    inks = cyan, magenta, yellow = tuple(1 - part for part in colour)
    grey = max(0.0, 1 - (max(inks) - min(inks)) / COLOURFUL)
    black = max(min(inks) * grey, (sum(inks) - MOST_INK) / 2)
    return tuple(round(part, 4) for part in (cyan - black, magenta - black, yellow - black, black))


def blend_with_paper(colour: Ink, opacity: float) -> Ink:
    """Return what *colour* looks like on white paper where it is not quite opaque."""
    if len(colour) == 4:
        return tuple(round(part * opacity, 4) for part in colour)
    return tuple(round(1 - opacity * (1 - part), 4) for part in colour)
