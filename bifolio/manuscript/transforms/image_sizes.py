"""Normalises the width and height of images to HTML attributes or CSS."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)[ ]*(%|px|cm|mm|in|pt|pc|em|rem|ex)?", re.IGNORECASE)


def set_size(image: Element) -> list[tuple[str, str]]:
    """Normalise `width` and `height` of *image*; return those that are not a length, as (side, value).

    Whole pixels stay attributes, which have no other unit (HTML, 4.8.17); any other length moves to `style`.
    So does a height without a width, because the stylesheet sets the height to `auto`.
    """
    invalid: list[tuple[str, str]] = []
    styles: list[str] = []
    for side in ("width", "height"):
        value = image.attrib.pop(side, "").strip()
        length = _LENGTH.fullmatch(value)
        unit = (length.group(2) or "px").lower() if length else ""
        # A height in per cent has nothing that it could refer to.
        if not length or not float(length.group(1)) or (side == "height" and unit == "%"):
            if value and value != "auto":
                invalid.append((side, value))
        elif unit == "px" and length.group(1).isdigit() and (side == "width" or "width" in image.attrib):
            image.set(side, str(int(length.group(1))))
        else:
            styles.append(f"{side}: {length.group(1)}{unit}")
    if styles:
        image.set("style", "; ".join(styles))
    return invalid
