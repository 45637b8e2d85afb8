"""What paper needs of a picture: every pixel that a press can show, in the colours of the PDF."""

from __future__ import annotations

from dataclasses import replace

from bifolio.model.publication import Picture
from bifolio.model.units import MM_PER_INCH
from bifolio.pictures.encoding import encode
from bifolio.pictures.image_cache import cached_image
from bifolio.pictures.raster import RasterInfo, load_normalized, read_raster_info
from bifolio.pictures.strip_metadata import strip_metadata
from bifolio.runtime.cache import Cache

_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg"}
_QUALITY = 95
_DPI = 600
"""More of them no press and no eye tells apart, but for lines in black alone."""


def convert_for_paper(picture: Picture, longest: float, cache: Cache | None = None) -> Picture:
    """Return *picture* for a page whose longer side has *longest* mm; a drawing in SVG as it is.

    The name stays, whatever it is made of. *cache* keeps what had to be made anew. Raises what Pillow raises.
    """
    if picture.media_type == "image/svg+xml":
        return picture
    facts = read_raster_info(picture.data)
    most = round(longest / MM_PER_INCH * _DPI)
    right = not (facts.turned or facts.foreign or facts.deep) and facts.frames == 1
    if facts.kind in _KINDS and right and max(facts.width, facts.height) <= most:
        return replace(picture, data=strip_metadata(picture.data, picture.media_type))
    return cached_image(cache, picture, most, lambda: _remake(picture, facts, most))


def _remake(picture: Picture, facts: RasterInfo, most: int) -> Picture:
    """Return *picture* made anew, no side longer than *most* px."""
    from PIL import Image

    image = load_normalized(picture.data)
    image.thumbnail((most, most), Image.Resampling.LANCZOS)
    drawn = False if facts.kind == "JPEG" else True if facts.few else None
    media_type, data = encode(image, drawn=drawn, quality=_QUALITY)
    return replace(picture, media_type=media_type, data=data)
