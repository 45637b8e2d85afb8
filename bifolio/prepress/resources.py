"""Interprets resources of a page: graphics state parameters and colour spaces (ISO 32000-1, 8.4.5, 8.6)."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Name

_OPACITY_KEYS = frozenset({"/Type", "/ca", "/CA", "/AIS"})


def has_only_opacity(state: Any) -> bool:
    """Return whether the graphics state *state* sets nothing but opacity, apart from default values."""
    others = set(state.keys()) - _OPACITY_KEYS
    has_default_mask = state.get("/SMask", Name.None_) == Name.None_ if "/SMask" in others else True
    has_default_blend = state.get("/BM", Name.Normal) in (Name.Normal, Name.Compatible)
    return others <= {"/SMask", "/BM"} and has_default_mask and has_default_blend


def component_count(resources: Any, space: str) -> int:
    """Return the number of components of *space*, a name: 1, 3 or 4; 0 if it is not grey, RGB or CMYK."""
    device_spaces = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
    if space in device_spaces:
        return device_spaces[space]
    definition = (resources.get("/ColorSpace") or {}).get(space)
    if isinstance(definition, pikepdf.Array) and definition[0] == Name.ICCBased:
        return int(definition[1].get("/N", 0))
    return 0
