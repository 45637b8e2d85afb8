"""Pixels of PNG files, put into the PDF as they are packed: WeasyPrint unpacks them and packs them again."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.images import RasterImage

from bifolio.runtime.patching import patched

_SIGNATURE = 8
"""How many bytes come before the chunks of a PNG (PNG, 3rd edition, 5.2)."""


@contextmanager
def as_packed() -> Iterator[None]:
    """Let WeasyPrint take the data of PNG files as they are meanwhile, where a PDF can hold them."""
    passing = staticmethod(_passing(RasterImage._get_png_data))
    with patched((RasterImage, "_get_png_data", passing)):
        yield


def _passing(pack: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Return *pack*, which packs the pixels of a picture, so that it leaves alone what is packed well."""
    return lambda image: _pixels_of(image.fp.getvalue()) if _is_plain(image) else pack(image)


def _is_plain(image: Any) -> bool:
    """Say whether *image* is a PNG, not yet unpacked, in rows of eight bits a channel, one after the other.

    That is what the filter of PNG does in a PDF (ISO 32000-1, 7.4.4.4).
    """
    return (
        image.format == "PNG"
        and image.mode in ("L", "RGB")
        and [(part[0], part[3]) for part in image.tile] == [("zip", image.mode)]
        and not image.info.get("interlace")
    )


def _pixels_of(data: bytes) -> bytes:
    """Return what the chunks of pixels in the PNG *data* hold (PNG, 3rd edition, 11.2.3)."""
    parts, place = [], _SIGNATURE
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            parts.append(data[place + 8 : place + 8 + size])
        place += size + 12
    return b"".join(parts)
