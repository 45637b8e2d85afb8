"""Colours of a PDF, and the kinds of colour space that preflight tells apart (ISO 32000-1, 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import pikepdf
from pikepdf import Name


class ColourSpace(Enum):
    """The kinds of colour space that preflight tells apart."""

    GREY = auto()
    RGB = auto()
    CMYK = auto()
    LAB = auto()
    SPOT = auto()
    PATTERN = auto()
    STENCIL = auto()
    """An image mask, which is painted in the current colour."""
    UNKNOWN = auto()


_FAMILIES = {
    "/DeviceGray": ColourSpace.GREY,
    "/DeviceRGB": ColourSpace.RGB,
    "/DeviceCMYK": ColourSpace.CMYK,
    "/CalGray": ColourSpace.GREY,
    "/CalRGB": ColourSpace.RGB,
    "/Lab": ColourSpace.LAB,
    "/Separation": ColourSpace.SPOT,
    "/DeviceN": ColourSpace.SPOT,
}
_BY_COMPONENTS = {1: ColourSpace.GREY, 3: ColourSpace.RGB, 4: ColourSpace.CMYK}


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as the file specifies it, with components from 0 to 1."""

    space: ColourSpace
    components: tuple[float, ...] = ()


def colour_space(space: Any, resources: Any) -> ColourSpace:
    """Return the kind of *space*, the value of a `/ColorSpace` entry or a name among *resources*."""
    if isinstance(space, Name):
        name = str(space)
        if name == "/Pattern":
            return ColourSpace.PATTERN
        if name in _FAMILIES:
            return _FAMILIES[name]
        named = (resources.get("/ColorSpace") or {}).get(name)
        return colour_space(named, resources) if named is not None else ColourSpace.UNKNOWN
    if not isinstance(space, pikepdf.Array) or not len(space):
        return ColourSpace.UNKNOWN
    family = str(space[0])
    if family == "/ICCBased":
        return _BY_COMPONENTS.get(int(space[1].get("/N", 0)), ColourSpace.UNKNOWN)
    if family in ("/Indexed", "/Pattern") and len(space) > 1:
        return colour_space(space[1], resources)
    return ColourSpace.PATTERN if family == "/Pattern" else _FAMILIES.get(family, ColourSpace.UNKNOWN)
