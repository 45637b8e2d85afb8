"""Reads raster images: the properties of a file, and its pixels upright, in sRGB, at 8 bits a channel."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
"""The formats that are read. Others are refused: some, such as PostScript, are programs that Pillow runs."""
_ORIENTATION = 0x0112
"""The EXIF tag for the rotation of an image (EXIF 2.32, Orientation)."""
_EXIF_CHUNKS = frozenset({b"eXIf", b"iTXt", b"tEXt", b"zTXt"})
"""The chunks of a PNG that may hold EXIF (PNG, 3rd edition, 11.3)."""
_TOLERANCE = 2
"""The greatest difference from sRGB, of 255, that is invisible."""


@dataclass(frozen=True, slots=True)
class RasterInfo:
    """The properties of an image file that are known before its pixels are read."""

    format: str
    """One of `FORMATS`."""
    width: int
    """In px, after rotation."""
    height: int
    frames: int
    """More than one if the image is animated."""
    is_rotated: bool
    """Whether EXIF asks for a rotation or reflection."""
    is_not_srgb: bool
    is_deep: bool
    """Whether it has more than 8 bits a channel."""
    has_palette: bool
    may_be_transparent: bool


def read_raster_info(data: bytes) -> RasterInfo:
    """Return the properties of the image file *data*. Raises what Pillow raises."""
    with open_image(data) as image:
        orientation = _orientation(image, data)
        is_transposed = orientation in (5, 6, 7, 8)
        width, height = reversed(image.size) if is_transposed else image.size
        is_mpo = image.format == "MPO"  # a JPEG followed by others, such as a depth map
        return RasterInfo(
            format="JPEG" if is_mpo else str(image.format),
            width=width,
            height=height,
            frames=1 if is_mpo else getattr(image, "n_frames", 1),
            is_rotated=orientation in range(2, 9),
            is_not_srgb=image.mode in ("CMYK", "LAB") or _has_other_profile(image),
            is_deep=image.mode.startswith("I") or (image.format == "PNG" and data[24] == 16),
            has_palette=image.mode in ("1", "P"),
            may_be_transparent=image.mode in ("LA", "RGBA") or "transparency" in image.info,
        )


def _orientation(image: Any, data: bytes) -> int:
    """Return the EXIF orientation, 1 to 8, of *image*, whose file is *data*."""
    from PIL import Image

    if image.format == "PNG" and not _has_late_exif(data):
        # Pillow's `PngImageFile.getexif` reads all pixels first, for chunks that may follow them.
        return int(Image.Image.getexif(image).get(_ORIENTATION, 1))
    return int(image.getexif().get(_ORIENTATION, 1))


def _has_late_exif(data: bytes) -> bool:
    """Return whether a chunk that may hold EXIF follows the pixels of the PNG *data*."""
    offset, has_pixels = 8, False
    while offset + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        has_pixels = has_pixels or kind == b"IDAT"
        if has_pixels and kind in _EXIF_CHUNKS:
            return True
        offset += size + 12
    return False


def open_image(data: bytes) -> Any:
    """Return the image file *data* as a Pillow image whose pixels are not yet read."""
    from PIL import Image

    with warnings.catch_warnings():
        # The number of pixels is limited when the source is read.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(BytesIO(data), formats=FORMATS)


def load_normalized(data: bytes) -> Any:
    """Return the first frame of the image file *data*, upright, in sRGB, in mode L, LA, RGB or RGBA."""
    from PIL import ImageOps

    image = open_image(data)
    image.load()
    profile = image.info.get("icc_profile") if _has_other_profile(image) else None
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # 16 bits: Pillow's own conversion to L clips instead of scaling.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("1", "P") or image.has_transparency_data:
        image = image.convert("L" if image.mode == "1" else "RGBA" if image.has_transparency_data else "RGB")
    if profile:
        image = _to_srgb(image, profile)
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGB")
    image.info = {}
    return image


def _profiles(profile: bytes) -> tuple[Any, Any]:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")


def _has_other_profile(image: Any) -> bool:
    """Return whether the ICC profile of *image* gives visibly other colours than sRGB."""
    profile = image.info.get("icc_profile")
    if not profile:
        return False
    from PIL import Image, ImageCms

    if image.mode not in ("RGB", "RGBA", "P", "L", "LA", "CMYK"):
        return False
    steps = (0, 51, 102, 153, 204, 255)
    if image.mode in ("L", "LA"):
        patch = Image.new("L", (6, 1))
        patch.putdata(steps)
    elif image.mode == "CMYK":
        return True
    else:
        patch = Image.new("RGB", (36, 6))
        patch.putdata([(red, green, blue) for red in steps for green in steps for blue in steps])
    try:
        converted: Any = ImageCms.profileToProfile(patch, *_profiles(profile), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False  # a damaged profile, or one for another colour space, cannot be applied
    pairs = zip(patch.convert("RGB").tobytes(), converted.tobytes(), strict=True)
    return any(abs(one - other) > _TOLERANCE for one, other in pairs)


def _to_srgb(image: Any, profile: bytes) -> Any:
    """Return *image*, whose ICC profile is *profile*, in sRGB; its alpha channel stays."""
    from PIL import ImageCms

    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    plain = image.convert(image.mode[:-1]) if alpha else image
    try:
        converted: Any = ImageCms.profileToProfile(plain, *_profiles(profile), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if plain.mode == "L":
        converted = converted.convert("L")
    if alpha:
        converted.putalpha(alpha)
    return converted
