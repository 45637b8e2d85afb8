"""Pictures written: JPEG for what a camera saw, PNG for what was drawn."""

from __future__ import annotations

from io import BytesIO
from typing import Any

QUALITY = 90
"""Of JPEG: nobody sees the difference (libjpeg's scale)."""
_DRAWN = 0.4
"""What share of its pixels is like its neighbour, to the last bit, in a picture that was drawn.

In photographs it is below a fifth, for the grain."""


def encode(image: Any, *, drawn: bool | None = None, quality: int = QUALITY) -> tuple[str, bytes]:
    """Return the media type and the file of *image*.

    *drawn* says that it was drawn, or that it was not, where that is known. What can be seen through is PNG.
    """
    image = drop_opaque_alpha(image)
    if has_alpha(image) or (is_drawn(image) if drawn is None else drawn):
        return "image/png", _png(image)
    return "image/jpeg", encode_jpeg(image, quality)


def encode_jpeg(image: Any, quality: int = QUALITY) -> bytes:
    """Return *image* as JPEG: sequential, for old readers, and sharp in its colours too."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
    return out.getvalue()


def is_drawn(image: Any) -> bool:
    """Say whether *image* was drawn, as plans, letters and screens are, and not photographed."""
    plain = image.convert("RGB")
    width, height = plain.size
    # A plain gradient is like its neighbours in one direction.
    across = _alike(plain, (0, 0, width - 1, height), (1, 0, width, height))
    down = _alike(plain, (0, 0, width, height - 1), (0, 1, width, height))
    return max(across, down) >= _DRAWN


def _alike(image: Any, one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return what share of the pixels is the same in two parts of *image*; all of none."""
    from PIL import ImageChops

    pixels = (one[2] - one[0]) * (one[3] - one[1])
    if not pixels:
        return 1.0
    red, green, blue = ImageChops.difference(image.crop(one), image.crop(other)).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return float(most.histogram()[0] / pixels)


def has_alpha(image: Any) -> bool:
    """Say whether *image* has a channel for what can be seen through."""
    return image.mode in ("LA", "RGBA")


def drop_opaque_alpha(image: Any) -> Any:
    """Return *image* without its channel for transparency where that says nothing."""
    if has_alpha(image) and image.getchannel("A").getextrema()[0] == 255:
        return image.convert(image.mode[:-1])
    return image


def flatten_on_white(image: Any) -> Any:
    """Return *image* on white paper."""
    from PIL import Image

    if not has_alpha(image):
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _png(image: Any) -> bytes:
    """Return *image* as PNG, with a palette where that holds every colour that it has."""
    out = BytesIO()
    few = image.getcolors(256) if image.mode == "RGB" else None
    if few:
        palette = image.convert("P", palette=1, colors=len(few))
        if palette.convert("RGB").tobytes() == image.tobytes():
            image = palette
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
