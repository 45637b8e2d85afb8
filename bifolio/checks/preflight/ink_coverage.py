"""Checks the inks of a page: black text, colour spaces and the total ink coverage."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.checks.preflight.colour import Colour, ColourSpace
from bifolio.checks.preflight.file import PreflightFile, PreflightPage
from bifolio.model.findings import Finding, Where, found
from bifolio.model.vendors import MAX_INK, Vendor

_MAX_BLACK = 0.3
"""The lightest colour that counts as black, from 0 to 1."""
_MAX_SPREAD = 0.06
"""How far red, green and blue may differ in a grey."""
_MIN_WHITE = 0.995
"""The darkest grey that counts as white, which takes no ink."""
_SCREEN_SPACES = frozenset({ColourSpace.RGB, ColourSpace.LAB, ColourSpace.UNKNOWN})
"""Colours that are not given in the inks of a press."""


def check_black_text(file: PreflightFile, _: Vendor) -> Iterator[Finding]:
    """Report text in a black or a grey of more than one ink."""
    pages = file.describe_pages(lambda page: any(map(_is_rich_black, page.content.text_colours)))
    if pages:
        yield found("press-black", Where(file.path), pages=pages)


def check_colour_spaces(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    """Report colours that are not given in the inks of a press, if *vendor* wants those."""
    if vendor.requires_cmyk:
        pages = file.describe_pages(lambda page: bool(_colour_spaces(page) & _SCREEN_SPACES))
        if pages:
            yield found("press-colour", Where(file.path), vendor=vendor.title, pages=pages)


def check_ink_coverage(file: PreflightFile, _: Vendor) -> Iterator[Finding]:
    """Report pages on which the inks of a colour add up to more than `MAX_INK`."""
    pages = file.describe_pages(lambda page: max(map(_ink_coverage, _colours(page)), default=0) > MAX_INK)
    if pages:
        yield found("press-ink", Where(file.path), most=round(MAX_INK * 100), pages=pages)


def _colours(page: PreflightPage) -> set[Colour]:
    return page.content.text_colours | page.content.graphics_colours


def _colour_spaces(page: PreflightPage) -> set[ColourSpace]:
    return {colour.space for colour in _colours(page)} | {image.space for image in page.content.images}


def _is_rich_black(colour: Colour) -> bool:
    """Say whether *colour* is a black or a grey that would be printed with more than black ink."""
    if colour.space is ColourSpace.RGB and colour.components:
        least, most = min(colour.components), max(colour.components)
        return most <= _MAX_BLACK or (most - least <= _MAX_SPREAD and most < _MIN_WHITE)
    if colour.space is ColourSpace.CMYK and len(colour.components) == 4:
        *inks, black = colour.components
        return max(inks) > 0 and max((1 - ink) * (1 - black) for ink in inks) <= _MAX_BLACK
    return False


def _ink_coverage(colour: Colour) -> float:
    return sum(colour.components) if colour.space is ColourSpace.CMYK else 0.0
