"""Converts images for e-readers: within the limits of the stores, and in a format that every reader shows.

The limits are the strictest that any store sets (docs/pictures.md lists them). An image within them keeps its
pixels; only its metadata is removed.
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

_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}
"""The core media types that old readers know as well (EPUB 2.0.1; EPUB 3.3, 3.2)."""
_LARGE_PNG = 150_000
"""The size in bytes from which a PNG is checked for being a photograph."""
_MAX_JPEG_SHARE = 0.6
"""The share of the size of a PNG below which a JPEG replaces it."""


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Limits that an image must comply with."""

    pixels: int
    size: int
    """In bytes."""
    side: int = 4096
    """In px: the texture size of the graphics chips in phones and e-readers."""
    no_animation: bool = False
    no_transparency: bool = False
    only_jpeg: bool = False


CONTENT_LIMITS = ImageLimits(4_000_000, 5_000_000)
COVER_LIMITS = ImageLimits(5_600_000, 3_000_000, no_animation=True, no_transparency=True)


def convert_for_screen(picture: Picture, limits: ImageLimits, cache: Cache | None = None) -> Picture:
    """Return *picture* within *limits*, its file extension that of its format; SVG is returned unchanged.

    Conversions are kept in *cache*. Raises what Pillow raises.
    """
    if picture.media_type == "image/svg+xml":
        return picture
    info = read_raster_info(picture.data)
    complies = _complies(picture, info, limits)
    if complies:
        return _without_metadata(picture, info)
    may_keep = complies is None
    return _with_extension(
        cached_image(cache, picture, limits, lambda: _convert(picture, info, limits, may_keep=may_keep))
    )


def _complies(picture: Picture, info: RasterInfo, limits: ImageLimits) -> bool | None:
    """Return whether *picture* complies with *limits*; None if that depends on its pixels."""
    if info.format not in _MEDIA_TYPES or info.is_rotated or info.is_not_srgb or info.is_deep:
        return False
    if _scale(info.width, info.height, limits) < 1 or len(picture.data) > limits.size:
        return False
    if info.format == "PNG":
        is_unsure = (limits.no_transparency and info.may_be_transparent) or _may_be_photograph(picture, info)
        return False if limits.only_jpeg else None if is_unsure else True
    return info.format == "JPEG" or not (limits.no_animation and (info.frames > 1 or limits.no_transparency))


def _may_be_photograph(picture: Picture, info: RasterInfo) -> bool:
    """Return whether *picture*, a PNG, may be a photograph that JPEG would store in much less space."""
    return len(picture.data) > _LARGE_PNG and not info.has_palette


def _without_metadata(picture: Picture, info: RasterInfo) -> Picture:
    media_type = _MEDIA_TYPES[info.format]
    data = strip_metadata(picture.data, media_type)
    return _with_extension(replace(picture, media_type=media_type, data=data))


def _convert(picture: Picture, info: RasterInfo, limits: ImageLimits, *, may_keep: bool) -> Picture:
    """Return *picture* re-encoded within *limits*; with *may_keep*, unchanged if that gains nothing."""
    image = drop_opaque_alpha(load_normalized(picture.data))
    is_transparent = has_alpha(image)
    is_photograph = info.format == "JPEG" or not (info.has_palette or is_transparent or is_drawn(image))
    if may_keep and not (limits.no_transparency and is_transparent):
        should_convert = is_photograph and _may_be_photograph(picture, info)
        if not (should_convert and len(encode_jpeg(image)) < _MAX_JPEG_SHARE * len(picture.data)):
            return _without_metadata(picture, info)
    if limits.no_transparency:
        image = flatten_on_white(image)
    image = _resize(image, _scale(image.width, image.height, limits))
    drawn = not (is_photograph or limits.only_jpeg)
    media_type, data = encode(image, drawn=drawn)
    while len(data) > limits.size:
        image = _resize(image, max(0.5, min(0.9, sqrt(limits.size / len(data)))))
        media_type, data = encode(image, drawn=drawn)
    return replace(picture, media_type=media_type, data=data, width=image.width, height=image.height)


def _scale(width: int, height: int, limits: ImageLimits) -> float:
    """Return the factor, at most 1, that brings an image of this size within *limits*."""
    return min(1.0, sqrt(limits.pixels / (width * height)), limits.side / max(width, height))


def _resize(image: Any, scale: float) -> Any:
    """Return *image* scaled by *scale*; unchanged if that is 1."""
    from PIL import Image

    if scale == 1:
        return image
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _with_extension(picture: Picture) -> Picture:
    """Return *picture* with the file extension of its format."""
    extension = {"jpeg": "jpg"}.get(picture.media_type[6:], picture.media_type[6:])
    stem, _, current = picture.name.rpartition(".")
    return picture if current == extension else replace(picture, name=f"{stem}.{extension}")
