"""What screens need of a picture: within the limits of the stores, and in a form that every reader shows.

The limits are the strictest that a store gives (docs/pictures.md names them). A picture that keeps to them
already is not touched, but for what it says besides what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from bifolio.model.publication import Picture
from bifolio.pictures.encoding import (
    drop_opaque_alpha,
    encode,
    encode_jpeg,
    flatten_on_white,
    has_alpha,
    is_drawn,
)
from bifolio.pictures.image_cache import cached_image
from bifolio.pictures.raster import RasterInfo, load_normalized, read_raster_info
from bifolio.pictures.strip_metadata import strip_metadata
from bifolio.runtime.cache import Cache

_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}
"""The core media types that old readers know as well (EPUB 2.0.1; EPUB 3.3, 3.2)."""
_WORTH = 150_000
"""From how many bytes on it is looked whether a PNG holds a photograph."""
_GAIN = 0.6
"""A JPEG in its place must be smaller than this share of it."""


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """How large a picture may be."""

    pixels: int
    size: int
    """In bytes."""
    side: int = 4096
    """In px: what the chips of phones and e-readers take as one."""
    still: bool = False
    """Nothing may move."""
    plain: bool = False
    """Nothing may be seen through."""
    only_jpeg: bool = False


CONTENT_LIMITS = ImageLimits(4_000_000, 5_000_000)
COVER_LIMITS = ImageLimits(5_600_000, 3_000_000, still=True, plain=True)


def convert_for_screen(picture: Picture, limits: ImageLimits, cache: Cache | None = None) -> Picture:
    """Return *picture* as screens need it, called by what it is; a drawing in SVG as it is.

    *cache* keeps what had to be made anew. Raises what Pillow raises.
    """
    if picture.media_type == "image/svg+xml":
        return picture
    facts = read_raster_info(picture.data)
    known = _fits(picture, facts, limits)
    if known:
        return _as_it_is(picture, facts)
    unsure = known is None
    return _named(
        cached_image(cache, picture, limits, lambda: _remake(picture, facts, limits, unsure=unsure))
    )


def _fits(picture: Picture, facts: RasterInfo, limits: ImageLimits) -> bool | None:
    """Say whether *picture* can stay as it is; None where its pixels must be seen for that."""
    if facts.kind not in _KINDS or facts.turned or facts.foreign or facts.deep:
        return False
    if _scale(facts.width, facts.height, limits) < 1 or len(picture.data) > limits.size:
        return False
    if facts.kind == "PNG":
        unsure = (limits.plain and facts.clear) or _large(picture, facts)
        return False if limits.only_jpeg else None if unsure else True
    return facts.kind == "JPEG" or not (limits.still and (facts.frames > 1 or limits.plain))


def _large(picture: Picture, facts: RasterInfo) -> bool:
    """Say whether *picture* may be a photograph that takes more room than it needs."""
    return len(picture.data) > _WORTH and not facts.few


def _as_it_is(picture: Picture, facts: RasterInfo) -> Picture:
    media_type = _KINDS[facts.kind]
    return _named(replace(picture, media_type=media_type, data=strip_metadata(picture.data, media_type)))


def _remake(picture: Picture, facts: RasterInfo, limits: ImageLimits, *, unsure: bool) -> Picture:
    """Return *picture* made anew within *limits*; *unsure* leaves it, where that is as good."""
    image = drop_opaque_alpha(load_normalized(picture.data))
    seen_through = has_alpha(image)
    photograph = facts.kind == "JPEG" or not (facts.few or seen_through or is_drawn(image))
    if unsure and not (limits.plain and seen_through):
        small = photograph and _large(picture, facts) and len(encode_jpeg(image)) < _GAIN * len(picture.data)
        if not small:
            return _as_it_is(picture, facts)
    if limits.plain:
        image = flatten_on_white(image)
    image = _smaller(image, _scale(image.width, image.height, limits))
    drawn = not (photograph or limits.only_jpeg)
    media_type, data = encode(image, drawn=drawn)
    while len(data) > limits.size:
        image = _smaller(image, max(0.5, min(0.9, sqrt(limits.size / len(data)))))
        media_type, data = encode(image, drawn=drawn)
    return replace(picture, media_type=media_type, data=data, width=image.width, height=image.height)


def _scale(width: int, height: int, limits: ImageLimits) -> float:
    """Return by how much a picture is to be made smaller; 1 where it has no more pixels than it may."""
    return min(1.0, sqrt(limits.pixels / (width * height)), limits.side / max(width, height))


def _smaller(image: Any, scale: float) -> Any:
    """Return *image* by *scale*, and as it is by 1."""
    from PIL import Image

    if scale == 1:
        return image
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _named(picture: Picture) -> Picture:
    """Return *picture* with the ending that goes with what it is."""
    ending = {"jpeg": "jpg"}.get(picture.media_type[6:], picture.media_type[6:])
    stem, _, last = picture.name.rpartition(".")
    return picture if last == ending else replace(picture, name=f"{stem}.{ending}")
