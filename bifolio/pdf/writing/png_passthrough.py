"""Embeds the compressed pixels of PNG files unchanged; WeasyPrint would decompress and compress them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from bifolio.pdf.engine.patching import Layer

_SIGNATURE = 8
"""How many bytes come before the chunks of a PNG (PNG, 3rd edition, 5.2)."""


def png_passthrough() -> Layer:
    """Return the layer that embeds compressed PNG pixels unchanged where a PDF can hold them."""
    return Layer(
        "png_passthrough", replacements={"weasyprint.images:RasterImage._get_png_data": _pass_through}
    )


def _pass_through(own: staticmethod[Any, bytes]) -> staticmethod[Any, bytes]:
    """Return *own*, which compresses the pixels of an image, for those alone that need it."""
    compress: Callable[[Any], bytes] = own.__func__
    return staticmethod(
        lambda image: _pixels_of(image.fp.getvalue()) if _is_plain(image) else compress(image)
    )


def _is_plain(image: Any) -> bool:
    """Return whether *image* is a PNG, not yet decoded, in rows of eight bits a channel, not interlaced.

    That is what the filter of PNG does in a PDF (ISO 32000-1, 7.4.4.4).
    """
    return (
        image.format == "PNG"
        and image.mode in ("L", "RGB")
        and [(part[0], part[3]) for part in image.tile] == [("zip", image.mode)]
        and not image.info.get("interlace")
    )


def _pixels_of(data: bytes) -> bytes:
    """Return the data of the pixel chunks in the PNG *data* (PNG, 3rd edition, 11.2.3)."""
    parts, place = [], _SIGNATURE
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            parts.append(data[place + 8 : place + 8 + size])
        place += size + 12
    return b"".join(parts)
