"""Reads image files: format, size and number of frames, and SVG without active content."""

from __future__ import annotations

import re
import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from lxml import etree

from bifolio.manuscript.html.sanitise import SVG, clean_svg
from bifolio.runtime import file_watch

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
"""The media type of each raster format, by Pillow's name for the format."""
_EXIF_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
"""The values of Orientation that exchange width and height (EXIF 2.32, 4.6.4)."""
_NUMBER = re.compile(r"\s*([\d.]+)\s*(px)?\s*")

ImageInfo = tuple[str, tuple[int, int], int]
"""The format of a raster image by Pillow's name, its upright width and height in pixels, and its frames."""


class UnreadableImage(Exception):
    """An image that cannot be used; `why` is the end of a sentence for the author."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_svg(path: Path) -> bool:
    """Return whether *path* has the suffix of SVG."""
    return path.suffix.lower() == ".svg"


def read_bytes(path: Path) -> bytes:
    """Return the data of the image at *path*. Raises UnreadableImage."""
    try:
        return file_watch.read_bytes(path, MAX_BYTES)
    except file_watch.FileTooLarge as error:
        raise UnreadableImage(f"it is larger than {MAX_BYTES // 2**20} MiB") from error
    except OSError as error:
        raise UnreadableImage(error.strerror or str(error)) from error


def probe(data: bytes) -> ImageInfo:
    """Return the facts about the raster image *data*, after decoding it. Raises UnreadableImage."""
    from PIL import Image, UnidentifiedImageError

    try:
        kind, size, frames = _decode(data)
    except Image.DecompressionBombError as error:
        raise UnreadableImage("it has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as error:
        raise UnreadableImage("its data are damaged, or not PNG, JPEG, GIF, WebP, AVIF or SVG") from error
    if kind == "MPO":  # a JPEG photograph followed by others, such as its depth map
        kind, frames = "JPEG", 1
    return kind, size, frames


def _decode(data: bytes) -> ImageInfo:
    """Return what Pillow reads of the image *data*, whose pixels must be complete.

    Raises UnreadableImage, and the exceptions of Pillow.
    """
    from PIL import Image, ImageFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is checked below
        while True:
            # WeasyPrint sets this flag when it is imported, which can happen in another thread just now.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            # No other format: some, such as EPS, are programs that Pillow would run.
            with Image.open(BytesIO(data), formats=tuple(MEDIA_TYPES)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise UnreadableImage(f"it has {width} x {height} pixels")
                frames = getattr(image, "n_frames", 1)
                image.load()
                if ImageFile.LOAD_TRUNCATED_IMAGES:
                    continue
                sideways = image.getexif().get(_EXIF_ORIENTATION, 1) in _SIDEWAYS
                return image.format or "", (height, width) if sideways else (width, height), frames


def parse_svg(data: bytes) -> tuple[bytes, tuple[int, int], list[str]]:
    """Return the SVG *data* cleaned, its width and height in CSS px, and the names of what was removed.

    Raises UnreadableImage.
    """
    if b"<!ENTITY" in data:  # entities can read files and expand without limit
        raise UnreadableImage("it declares entities")
    try:
        root: Any = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableImage(f"it is not XML: {error}") from error
    if root.tag != f"{SVG}svg":
        raise UnreadableImage("it is not SVG")
    removed = clean_svg(root)
    return etree.tostring(root), _svg_size(root), removed


def _svg_size(root: Element) -> tuple[int, int]:
    """Return width and height in CSS px from the attributes or else the viewBox; 0 if there is neither."""
    size = [_NUMBER.fullmatch(root.get(side, "")) for side in ("width", "height")]
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        if size[0] and size[1]:
            return round(float(size[0].group(1))), round(float(size[1].group(1)))
        return round(float(box[2])), round(float(box[3]))
    except (IndexError, ValueError, OverflowError):
        return 0, 0
