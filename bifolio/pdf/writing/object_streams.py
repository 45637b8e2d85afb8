"""Writes a PDF with object streams of limited size and a cross-reference stream (ISO 32000-1, 7.5.7, 7.5.8).

pydyf puts all objects into one object stream, which a reader must decompress and keep before it can show a
page. For a long tagged book that is hundreds of megabytes.
"""

from __future__ import annotations

import struct
import zlib
from hashlib import md5
from typing import Any, BinaryIO

from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.writing.content_streams import LINE_BREAKS

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_OBJECTS_PER_STREAM = 200
"""The number of objects in an object stream."""
_XREF_ENTRY = struct.Struct(">BIH")
"""A cross-reference entry (ISO 32000-1, 7.5.8.3): type, offset or stream, and generation or index."""
_FREE, _IN_USE, _COMPRESSED = range(3)
_LEVELS = (6, 9)


def write_pdf(pdf: Any, output: BinaryIO, *_: object) -> None:
    """Write *pdf*, of pydyf, to *output*, with object and cross-reference streams (ISO 32000-1, 7.5)."""
    if pdf.info:
        pdf.add_object(pdf.info)
    serialized = [b"" if item.free == "f" else item.data for item in pdf.objects]
    entries = [_XREF_ENTRY.pack(_FREE, 0, item.generation) for item in pdf.objects]
    offset = output.write(_HEADER)
    for item, data in zip(pdf.objects, serialized, strict=True):
        if item.free != "f" and not item.compressible:
            entries[item.number] = _XREF_ENTRY.pack(_IN_USE, offset, 0)
            offset += output.write(_object(item.number, data))
    compressible = [item.number for item in pdf.objects if item.compressible]
    for start in range(0, len(compressible), _OBJECTS_PER_STREAM):
        numbers, stream_number = compressible[start : start + _OBJECTS_PER_STREAM], len(entries)
        for index, number in enumerate(numbers):
            entries[number] = _XREF_ENTRY.pack(_COMPRESSED, stream_number, index)
        entries.append(_XREF_ENTRY.pack(_IN_USE, offset, 0))
        offset += output.write(_object(stream_number, _object_stream(numbers, serialized)))
    entries.append(_XREF_ENTRY.pack(_IN_USE, offset, 0))
    dictionary: dict[str, Any] = {
        "Type": "/XRef",
        "Index": pdf_objects.Array([0, len(entries)]),
        "W": pdf_objects.Array([1, 4, 2]),
        "Size": len(entries),
        "Root": pdf.catalog.reference,
        "ID": pdf_objects.Array([pdf_objects.String(md5(b"".join(serialized)).hexdigest())] * 2),
    }
    if pdf.info:
        dictionary["Info"] = pdf.info.reference
    output.write(_object(len(entries) - 1, _stream(b"".join(entries), dictionary)))
    output.write(b"startxref\n%d\n%%%%EOF\n" % offset)


def _object(number: int, data: bytes) -> bytes:
    """Return an indirect object (ISO 32000-1, 7.3.10)."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, data)


def _object_stream(numbers: list[int], serialized: list[bytes]) -> bytes:
    """Return the object stream of the objects *numbers* (ISO 32000-1, 7.5.7)."""
    offsets, offset = [], 0
    for number in numbers:
        offsets.append(b"%d %d" % (number, offset))
        offset += len(serialized[number]) + 1
    header = b" ".join(offsets)
    data = b"\n".join([header, *(serialized[number] for number in numbers)])
    return _stream(data, {"Type": "/ObjStm", "N": len(numbers), "First": len(header) + 1})


def _stream(data: bytes, entries: dict[str, Any]) -> bytes:
    """Return a stream of *data*, compressed unless it would end in a line break (`compress_streams`)."""
    for level in _LEVELS:
        compressed = zlib.compress(data, level)
        if compressed[-1:] not in LINE_BREAKS:
            data, entries = compressed, {**entries, "Filter": "/FlateDecode"}
            break
    dictionary = pdf_objects.Dictionary({**entries, "Length": len(data)}).data
    return b"%s\nstream\n%s\nendstream" % (dictionary, data)
