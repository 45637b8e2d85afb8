"""Serializes PDF objects faster than pydyf does. The file is unchanged."""

from __future__ import annotations

import re
from typing import Any

from bifolio.pdf.engine.box_facts import pdf_facts
from bifolio.pdf.engine.memoization import product
from bifolio.pdf.engine.patching import Layer
from bifolio.pdf.engine.pdf_objects import object_bytes
from bifolio.pdf.writing.object_streams import write_pdf

_ESCAPED = re.compile(r"[\\()]")


def fast_serialization() -> Layer:
    """Return the layer that serializes objects while a file is written."""
    return Layer(
        "fast_serialization",
        replacements={
            "pydyf:PDF.page_references": lambda own: property(_page_references),
            "pydyf:PDF.write": lambda own: write_pdf,
            "pydyf:Dictionary.data": lambda own: property(_dictionary_data),
            "pydyf:Array.data": lambda own: property(_array_data),
            "pydyf:String.data": _string_data,
            "weasyprint.matrix:Matrix.__matmul__": lambda own: product,
            "weasyprint.matrix:Matrix.transform_point": lambda own: _transform_point,
        },
    )


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """Return the references of the pages, cached: each bookmark asks for them."""
    facts = pdf_facts(pdf)
    if len(facts.page_references) != pdf.pages["Count"]:
        facts.page_references = tuple(b"%d 0 R" % number for number in pdf.pages["Kids"][::3])
    return facts.page_references


def _serialize(item: Any) -> bytes:
    """Return *item* serialized; most are bytes, numbers or short strings."""
    kind = type(item)
    if kind is bytes:
        data: bytes = item
    elif kind is str:
        data = item.encode("ascii")
    elif kind is int:
        data = b"%d" % item
    elif kind is float:
        data = b"%d" % item if item.is_integer() else f"{item:f}".rstrip("0").encode("ascii")
    else:
        data = object_bytes(item)
    return data


def _dictionary_data(self: Any) -> bytes:
    return b"<<%s>>" % b"".join(
        [b"/%s %s" % (_serialize(key), _serialize(value)) for key, value in self.items()]
    )


def _array_data(self: Any) -> bytes:
    return b"[%s]" % b" ".join([_serialize(item) for item in self])


def _string_data(own: property) -> property:
    """Return the property *own*, a serialized string; few strings need escapes (ISO 32000-1, 7.3.4.2)."""
    slow: Any = own.fget

    def data(self: Any) -> bytes:
        text = self.string
        if isinstance(text, str) and text.isascii() and not _ESCAPED.search(text):
            return b"(%s)" % text.encode("ascii")
        serialized: bytes = slow(self)
        return serialized

    return property(data)


def _transform_point(self: Any, x: float, y: float) -> tuple[float, float]:
    """Return the point *x*, *y* transformed by the matrix *self*."""
    (a, b, _), (c, d, _), (e, f, _) = self
    return x * a + y * c + e, x * b + y * d + f
