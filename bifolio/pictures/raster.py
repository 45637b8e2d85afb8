"""Pictures of pixels: what a file says of itself, and the picture upright, in sRGB, eight bits a channel."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
"""What is read. No other format: some are programs, and Pillow would run them."""
_TURNS = 0x0112
"""The tag of EXIF that says how a picture is to be turned (EXIF 2.32, Orientation)."""
_WORDS = frozenset({b"eXIf", b"iTXt", b"tEXt", b"zTXt"})
"""The chunks of a PNG that may hold EXIF (PNG, 3rd edition, 11.3)."""
_LIKE = 2
"""How far a colour may be from sRGB, of 255, before anybody could see it."""


@dataclass(frozen=True, slots=True)
class RasterInfo:
    """What a file says of itself before its pixels are read."""

    kind: str
    """One of `FORMATS`."""
    width: int
    """In px, as the picture is to be seen."""
    height: int
    frames: int
    """More than one where it moves."""
    turned: bool
    """It is to be turned before it is seen."""
    foreign: bool
    """Its colours are not those of sRGB."""
    deep: bool
    """It has more than eight bits a channel."""
    few: bool
    """Its colours are in a palette."""
    clear: bool
    """Something of it may be seen through."""


def read_raster_info(data: bytes) -> RasterInfo:
    """Return what the picture *data* says of itself. Raises what Pillow raises."""
    with open_image(data) as image:
        turn = _turn_of(image, data)
        across = turn in (5, 6, 7, 8)
        width, height = reversed(image.size) if across else image.size
        many = image.format == "MPO"  # a photograph with others behind it, such as its depths
        return RasterInfo(
            kind="JPEG" if many else str(image.format),
            width=width,
            height=height,
            frames=1 if many else getattr(image, "n_frames", 1),
            turned=turn in range(2, 9),
            foreign=image.mode in ("CMYK", "LAB") or _is_foreign(image),
            deep=image.mode.startswith("I") or (image.format == "PNG" and data[24] == 16),
            few=image.mode in ("1", "P"),
            clear=image.mode in ("LA", "RGBA") or "transparency" in image.info,
        )


def _turn_of(image: Any, data: bytes) -> int:
    """Return how *image*, whose file is *data*, is to be turned."""
    from PIL import Image

    if image.format == "PNG" and not _speaks_late(data):
        # A PNG's own way reads all pixels first, for what may stand behind them.
        return int(Image.Image.getexif(image).get(_TURNS, 1))
    return int(image.getexif().get(_TURNS, 1))


def _speaks_late(data: bytes) -> bool:
    """Say whether words or EXIF stand behind the pixels of the PNG *data*."""
    place, behind = 8, False
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        behind = behind or kind == b"IDAT"
        if behind and kind in _WORDS:
            return True
        place += size + 12
    return False


def open_image(data: bytes) -> Any:
    """Return the picture *data* as Pillow has it, its pixels not yet read."""
    from PIL import Image

    with warnings.catch_warnings():
        # How many pixels there are is looked at by those who read pictures.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(BytesIO(data), formats=FORMATS)


def load_normalized(data: bytes) -> Any:
    """Return the first frame of the picture *data*, upright, in sRGB: of the mode L, LA, RGB or RGBA."""
    from PIL import ImageOps

    image = open_image(data)
    image.load()
    profile = image.info.get("icc_profile") if _is_foreign(image) else None
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # Sixteen bits: Pillow would cut off what is above eight.
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


def _is_foreign(image: Any) -> bool:
    """Say whether the profile of *image* shows its colours otherwise than sRGB would."""
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
        seen: Any = ImageCms.profileToProfile(patch, *_profiles(profile), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False  # damaged, or for colours of another kind: nobody could follow it
    pairs = zip(patch.convert("RGB").tobytes(), seen.tobytes(), strict=True)
    return any(abs(one - other) > _LIKE for one, other in pairs)


def _to_srgb(image: Any, profile: bytes) -> Any:
    """Return *image*, whose colours *profile* tells, in sRGB; its transparency stays."""
    from PIL import ImageCms

    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    plain = image.convert(image.mode[:-1]) if alpha else image
    try:
        seen: Any = ImageCms.profileToProfile(plain, *_profiles(profile), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if plain.mode == "L":
        seen = seen.convert("L")
    if alpha:
        seen.putalpha(alpha)
    return seen
