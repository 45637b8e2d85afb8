"""A PDF written: its objects, those without a stream packed by the hundred, and where each stands.

pydyf packs them all into one stream, which a reader has to unpack, and to keep, before it can show a page. Of
a long tagged book that is hundreds of megabytes.
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
"""How many objects share a stream."""
_XREF_ENTRY = struct.Struct(">BIH")
"""Where an object stands (ISO 32000-1, 7.5.8.3): a kind, a place, and a generation or a place in a stream."""
_FREE, _IN_USE, _COMPRESSED = range(3)
_LEVELS = (6, 9)


def write_pdf(pdf: Any, output: BinaryIO, *_: object) -> None:
    """Write *pdf*, of pydyf, to *output*, with object and cross-reference streams (ISO 32000-1, 7.5)."""
    if pdf.info:
        pdf.add_object(pdf.info)
    datas = [b"" if item.free == "f" else item.data for item in pdf.objects]
    rows = [_XREF_ENTRY.pack(_FREE, 0, item.generation) for item in pdf.objects]
    place = output.write(_HEADER)
    for item, data in zip(pdf.objects, datas, strict=True):
        if item.free != "f" and not item.compressible:
            rows[item.number] = _XREF_ENTRY.pack(_IN_USE, place, 0)
            place += output.write(_object(item.number, data))
    packed = [item.number for item in pdf.objects if item.compressible]
    for start in range(0, len(packed), _OBJECTS_PER_STREAM):
        numbers, holder = packed[start : start + _OBJECTS_PER_STREAM], len(rows)
        for index, number in enumerate(numbers):
            rows[number] = _XREF_ENTRY.pack(_COMPRESSED, holder, index)
        rows.append(_XREF_ENTRY.pack(_IN_USE, place, 0))
        place += output.write(_object(holder, _object_stream(numbers, datas)))
    rows.append(_XREF_ENTRY.pack(_IN_USE, place, 0))
    entries: dict[str, Any] = {
        "Type": "/XRef",
        "Index": pdf_objects.Array([0, len(rows)]),
        "W": pdf_objects.Array([1, 4, 2]),
        "Size": len(rows),
        "Root": pdf.catalog.reference,
        "ID": pdf_objects.Array([pdf_objects.String(md5(b"".join(datas)).hexdigest())] * 2),
    }
    if pdf.info:
        entries["Info"] = pdf.info.reference
    output.write(_object(len(rows) - 1, _stream(b"".join(rows), entries)))
    output.write(b"startxref\n%d\n%%%%EOF\n" % place)


def _object(number: int, data: bytes) -> bytes:
    """Return an object as it stands in the file."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, data)


def _object_stream(numbers: list[int], datas: list[bytes]) -> bytes:
    """Return the stream of the objects *numbers* (ISO 32000-1, 7.5.7)."""
    places, place = [], 0
    for number in numbers:
        places.append(b"%d %d" % (number, place))
        place += len(datas[number]) + 1
    head = b" ".join(places)
    data = b"\n".join([head, *(datas[number] for number in numbers)])
    return _stream(data, {"Type": "/ObjStm", "N": len(numbers), "First": len(head) + 1})


def _stream(data: bytes, entries: dict[str, Any]) -> bytes:
    """Return a stream of *data*, packed if that does not end in a line break (see `conformance.compress`)."""
    for level in _LEVELS:
        packed = zlib.compress(data, level)
        if packed[-1:] not in LINE_BREAKS:
            data, entries = packed, {**entries, "Filter": "/FlateDecode"}
            break
    about = pdf_objects.Dictionary({**entries, "Length": len(data)}).data
    return b"%s\nstream\n%s\nendstream" % (about, data)
