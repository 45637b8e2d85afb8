"""Converts images for print: PNG or JPEG, upright, in sRGB, at no more than 600 dpi."""

from __future__ import annotations

from dataclasses import replace

from bifolio.model.publication import Picture
from bifolio.model.units import MM_PER_INCH
from bifolio.pictures.encoding import encode
from bifolio.pictures.image_cache import cached_image
from bifolio.pictures.raster import RasterInfo, load_normalized, read_raster_info
from bifolio.pictures.strip_metadata import strip_metadata
from bifolio.runtime.cache import Cache

_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
_QUALITY = 95
_MAX_DPI = 600
"""Higher resolutions are only visible in black line art."""


def convert_for_paper(picture: Picture, longest: float, cache: Cache | None = None) -> Picture:
    """Return *picture* for a page whose longer side is *longest* mm; SVG is returned unchanged.

    The name stays even if the format changes. Conversions are kept in *cache*. Raises what Pillow raises.
    """
    if picture.media_type == "image/svg+xml":
        return picture
    info = read_raster_info(picture.data)
    max_side = round(longest / MM_PER_INCH * _MAX_DPI)
    is_normal = not (info.is_rotated or info.is_not_srgb or info.is_deep) and info.frames == 1
    if info.format in _MEDIA_TYPES and is_normal and max(info.width, info.height) <= max_side:
        return replace(picture, data=strip_metadata(picture.data, picture.media_type))
    return cached_image(cache, picture, max_side, lambda: _convert(picture, info, max_side))


def _convert(picture: Picture, info: RasterInfo, max_side: int) -> Picture:
    """Return *picture* re-encoded, no side longer than *max_side* px."""
    from PIL import Image

    image = load_normalized(picture.data)
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    drawn = False if info.format == "JPEG" else True if info.has_palette else None
    media_type, data = encode(image, drawn=drawn, quality=_QUALITY)
    return replace(picture, media_type=media_type, data=data)
