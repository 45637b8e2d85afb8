"""How large a picture is to be: what the author wrote, as both editions take it."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)[ ]*(%|px|cm|mm|in|pt|pc|em|rem|ex)?", re.IGNORECASE)


def set_size(picture: Element) -> list[tuple[str, str]]:
    """Make of `width` and `height` what HTML and CSS know; return each that is no length, as (side, value).

    Whole pixels stay attributes, the only unit that these have (HTML, 4.8.17); any other length goes to
    `style`. So does a height alone, for the stylesheet lets the height follow from the width.
    """
    wrong: list[tuple[str, str]] = []
    styles: list[str] = []
    for side in ("width", "height"):
        value = picture.attrib.pop(side, "").strip()
        length = _LENGTH.fullmatch(value)
        unit = (length.group(2) or "px").lower() if length else ""
        # Of what a height would be a share, no edition can say.
        if not length or not float(length.group(1)) or (side == "height" and unit == "%"):
            if value and value != "auto":
                wrong.append((side, value))
        elif unit == "px" and length.group(1).isdigit() and (side == "width" or "width" in picture.attrib):
            picture.set(side, str(int(length.group(1))))
        else:
            styles.append(f"{side}: {length.group(1)}{unit}")
    if styles:
        picture.set("style", "; ".join(styles))
    return wrong
