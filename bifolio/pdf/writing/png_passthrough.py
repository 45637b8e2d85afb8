"""Embeds the compressed pixels of PNG files unchanged; WeasyPrint would decompress and compress them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine.patching import Layer

_SIGNATURE = 8
"""The length of a PNG signature in bytes (PNG, 3rd edition, 5.2)."""


def png_passthrough() -> Layer:
    """Return the layer that embeds compressed PNG pixels unchanged where a PDF can hold them."""
    return Layer(
        "png_passthrough", replacements={"weasyprint.images:RasterImage._get_png_data": _pass_through}
    )


def _pass_through(own: staticmethod[Any, bytes]) -> staticmethod[Any, bytes]:
    """Return a function that calls *own*, which compresses the pixels of an image, only where it must."""
    compress: Callable[[Any], bytes] = own.__func__
    return staticmethod(
        lambda image: _pixels_of(image.fp.getvalue()) if _is_plain(image) else compress(image)
    )


def _is_plain(image: Any) -> bool:
    """Return whether *image* is a PNG, not decoded yet, of eight bits a channel and not interlaced.

    A PDF can contain such data with the PNG predictors (ISO 32000-1, 7.4.4.4).
    """
    return (
        image.format == "PNG"
        and image.mode in ("L", "RGB")
        and [(part[0], part[3]) for part in image.tile] == [("zip", image.mode)]
        and not image.info.get("interlace")
    )


def _pixels_of(data: bytes) -> bytes:
    """Return the data of the pixel chunks in the PNG *data* (PNG, 3rd edition, 11.2.3)."""
    parts, offset = [], _SIGNATURE
    while offset < len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        if kind == b"IDAT":
            parts.append(data[offset + 8 : offset + 8 + size])
        offset += size + 12
    return b"".join(parts)
