"""What the resources of a page mean: graphics states and colour spaces."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Name

_OPAQUE = frozenset({"/Type", "/ca", "/CA", "/AIS"})


def has_only_opacity(asked: Any) -> bool:
    """Say whether a graphics state asks for nothing but opacity, if in many words."""
    rest = set(asked.keys()) - _OPAQUE
    plain_mask = asked.get("/SMask", Name.None_) == Name.None_ if "/SMask" in rest else True
    plain_blend = asked.get("/BM", Name.Normal) in (Name.Normal, Name.Compatible)
    return rest <= {"/SMask", "/BM"} and plain_mask and plain_blend


def component_count(resources: Any, space: str) -> int:
    """Return how many numbers a colour of *space* has: grey, RGB or CMYK; 0 for any other."""
    plain = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
    if space in plain:
        return plain[space]
    known = (resources.get("/ColorSpace") or {}).get(space)
    if isinstance(known, pikepdf.Array) and known[0] == Name.ICCBased:
        return int(known[1].get("/N", 0))
    return 0
