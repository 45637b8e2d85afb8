"""What a picture says besides what it shows, taken out without touching it: places, times, cameras."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
)
"""The chunks that belong to the picture (PNG, 3rd edition, 11); frames of APNG do not."""
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def strip_metadata(data: bytes, media_type: str) -> bytes:
    """Return the picture *data* without metadata, its pixels and their order as they were.

    A profile goes as well: this is for pictures in sRGB. A file that is not as its standard says stays whole.
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
    place, kind = 8, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, place)
        if kind in _PNG_CHUNKS:
            yield data[place : place + size + 12]
        place += size + 12


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Give the segments of a JPEG (ITU T.81, B.1) that make the picture, to its end."""
    if data[:2] != b"\xff\xd8":
        raise ValueError
    yield data[:2]
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError
        marker = data[place + 1]
        if marker == 0xFF:  # a byte of filling
            place += 1
            continue
        if marker == 0xD9:
            yield data[place : place + 2]
            return
        (size,) = struct.unpack_from(">H", data, place + 2)
        end = place + 2 + size
        if marker == 0xDA:
            end = _scan_end(data, end)
        # JFIF (APP0) and Adobe (APP14) say how the colours are to be read.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            yield data[place:end]
        place = end


def _scan_end(data: bytes, place: int) -> int:
    """Return where the coded data that begin at *place* end."""
    while True:
        place = data.index(b"\xff", place)
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2


def _gif(data: bytes) -> Iterator[bytes]:
    """Give the blocks of a GIF (GIF89a, 12 to 27) but its remarks and the data of programs."""
    if data[:4] != b"GIF8":
        raise ValueError
    place = 13 + _table(data[10])
    yield data[:place]
    while data[place] != 0x3B:
        begin = place
        if data[place] == 0x2C:
            place += 10 + _table(data[place + 9]) + 1
            kept = True
        elif data[place] == 0x21:
            label, name = data[place + 1], data[place + 3 : place + 14]
            kept = label == 0xF9 or (label == 0xFF and name in _LOOPS)
            place += 2
        else:
            raise ValueError
        while data[place]:
            place += data[place] + 1
        place += 1
        if kept:
            yield data[begin:place]
    yield b";"


def _table(packed: int) -> int:
    """Return the size of the colour table that the field *packed* tells of."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0
