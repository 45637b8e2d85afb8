"""Encodes images: photographs as JPEG, drawings as PNG."""

from __future__ import annotations

from io import BytesIO
from typing import Any

QUALITY = 90
"""The JPEG quality at which no difference is visible (libjpeg's scale)."""
_DRAWN_SHARE = 0.4
"""The least share of pixels equal to their neighbour, to the last bit, in a drawing.

In photographs it is below a fifth because of their grain."""


def encode(image: Any, *, drawn: bool | None = None, quality: int = QUALITY) -> tuple[str, bytes]:
    """Return the media type and the file of *image*.

    *drawn* says whether the image is a drawing; None means unknown. Images with transparency become PNG.
    """
    image = drop_opaque_alpha(image)
    if has_alpha(image) or (is_drawn(image) if drawn is None else drawn):
        return "image/png", _png(image)
    return "image/jpeg", encode_jpeg(image, quality)


def encode_jpeg(image: Any, quality: int = QUALITY) -> bytes:
    """Return *image* as JPEG: sequential, for old readers, and without chroma subsampling."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
    return out.getvalue()


def is_drawn(image: Any) -> bool:
    """Return whether *image* is a drawing, such as a plan, a text or a screenshot, and not a photograph."""
    rgb = image.convert("RGB")
    width, height = rgb.size
    # A linear gradient equals its neighbours in one direction only.
    across = _equal_share(rgb, (0, 0, width - 1, height), (1, 0, width, height))
    down = _equal_share(rgb, (0, 0, width, height - 1), (0, 1, width, height))
    return max(across, down) >= _DRAWN_SHARE


def _equal_share(image: Any, one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the share of pixels that are equal in two boxes of *image*; 1 if the boxes are empty."""
    from PIL import ImageChops

    pixels = (one[2] - one[0]) * (one[3] - one[1])
    if not pixels:
        return 1.0
    red, green, blue = ImageChops.difference(image.crop(one), image.crop(other)).split()
    greatest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return float(greatest.histogram()[0] / pixels)


def has_alpha(image: Any) -> bool:
    """Return whether *image* has an alpha channel."""
    return image.mode in ("LA", "RGBA")


def drop_opaque_alpha(image: Any) -> Any:
    """Return *image* without its alpha channel if that is fully opaque."""
    if has_alpha(image) and image.getchannel("A").getextrema()[0] == 255:
        return image.convert(image.mode[:-1])
    return image


def flatten_on_white(image: Any) -> Any:
    """Return *image* composited on white."""
    from PIL import Image

    if not has_alpha(image):
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _png(image: Any) -> bytes:
    """Return *image* as PNG, with a palette if it has at most 256 colours."""
    out = BytesIO()
    colours = image.getcolors(256) if image.mode == "RGB" else None
    if colours:
        indexed = image.convert("P", palette=1, colors=len(colours))
        if indexed.convert("RGB").tobytes() == image.tobytes():
            image = indexed
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
