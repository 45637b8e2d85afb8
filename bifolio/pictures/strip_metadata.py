"""Removes metadata, such as location, time and camera, from image files without re-encoding them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
)
"""The chunks that are kept (PNG, 3rd edition, 11); frames of APNG are not."""
_LOOP_EXTENSIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def strip_metadata(data: bytes, media_type: str) -> bytes:
    """Return the image file *data* without metadata; its coded pixels stay as they are.

    The ICC profile is removed too, so the image must be in sRGB. A malformed file is returned unchanged.
    """
    parts = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif}.get(media_type)
    if parts is None:
        return data
    try:
        return b"".join(parts(data))
    except (IndexError, struct.error, ValueError):
        return data


def _png(data: bytes) -> Iterator[bytes]:
    if data[:8] != _PNG:
        raise ValueError
    yield _PNG
    offset, kind = 8, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, offset)
        if kind in _PNG_CHUNKS:
            yield data[offset : offset + size + 12]
        offset += size + 12


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG (ITU T.81, B.1) that are needed to decode it, up to its end marker."""
    if data[:2] != b"\xff\xd8":
        raise ValueError
    yield data[:2]
    offset = 2
    while True:
        if data[offset] != 0xFF:
            raise ValueError
        marker = data[offset + 1]
        if marker == 0xFF:  # a fill byte
            offset += 1
            continue
        if marker == 0xD9:
            yield data[offset : offset + 2]
            return
        (size,) = struct.unpack_from(">H", data, offset + 2)
        end = offset + 2 + size
        if marker == 0xDA:
            end = _scan_end(data, end)
        # JFIF (APP0) and Adobe (APP14) define the colour transform.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            yield data[offset:end]
        offset = end


def _scan_end(data: bytes, offset: int) -> int:
    """Return the end of the entropy-coded data that start at *offset*."""
    while True:
        offset = data.index(b"\xff", offset)
        if data[offset + 1] != 0 and not 0xD0 <= data[offset + 1] <= 0xD7:
            return offset
        offset += 2


def _gif(data: bytes) -> Iterator[bytes]:
    """Yield the blocks of a GIF (GIF89a, 12 to 27) except comments and application data."""
    if data[:4] != b"GIF8":
        raise ValueError
    offset = 13 + _colour_table_size(data[10])
    yield data[:offset]
    while data[offset] != 0x3B:
        start = offset
        if data[offset] == 0x2C:
            offset += 10 + _colour_table_size(data[offset + 9]) + 1
            is_kept = True
        elif data[offset] == 0x21:
            label, name = data[offset + 1], data[offset + 3 : offset + 14]
            is_kept = label == 0xF9 or (label == 0xFF and name in _LOOP_EXTENSIONS)
            offset += 2
        else:
            raise ValueError
        while data[offset]:
            offset += data[offset] + 1
        offset += 1
        if is_kept:
            yield data[start:offset]
    yield b";"


def _colour_table_size(packed: int) -> int:
    """Return the size in bytes of the colour table that the field *packed* declares."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0
