"""What WeasyPrint works out over and over while it writes a file, at less cost. Nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.matrix import Matrix

from bifolio.pdf.engine.memoization import product
from bifolio.pdf.writing.object_streams import write_file
from bifolio.runtime.patching import patched

_ESCAPED = re.compile(r"[\\()]")
_SLOW_STRING = pydyf.String.data.fget


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """Return the references of the pages, which are asked for with each bookmark."""
    kept: tuple[bytes, ...] = pdf.__dict__.get("references", ())
    if len(kept) != pdf.pages["Count"]:
        kept = pdf.references = tuple(b"%d 0 R" % number for number in pdf.pages["Kids"][::3])
    return kept


def _bytes(item: Any) -> bytes:
    """Return *item* as it is written; most are bytes, numbers or short strings."""
    kind = type(item)
    if kind is bytes:
        written: bytes = item
    elif kind is str:
        written = item.encode("ascii")
    elif kind is int:
        written = b"%d" % item
    elif kind is float:
        written = b"%d" % item if item.is_integer() else f"{item:f}".rstrip("0").encode("ascii")
    else:
        written = pydyf._to_bytes(item)
    return written


def _dictionary(self: Any) -> bytes:
    return b"<<%s>>" % b"".join([b"/%s %s" % (_bytes(key), _bytes(value)) for key, value in self.items()])


def _array(self: Any) -> bytes:
    return b"[%s]" % b" ".join([_bytes(item) for item in self])


def _string(self: Any) -> bytes:
    """Return a string as it is written; few have signs that are to be escaped (ISO 32000-1, 7.3.4.2)."""
    text = self.string
    if isinstance(text, str) and text.isascii() and not _ESCAPED.search(text):
        return b"(%s)" % text.encode("ascii")
    written: bytes = _SLOW_STRING(self)
    return written


def _transformed(self: Any, x: float, y: float) -> tuple[float, float]:
    """Return where *self*, a matrix, puts a point."""
    (a, b, _), (c, d, _), (e, f, _) = self
    return x * a + y * c + e, x * b + y * d + f


@contextmanager
def fast_serialization() -> Iterator[None]:
    """Let WeasyPrint write in less time meanwhile."""
    with (
        patched(
            (pydyf.PDF, "page_references", property(_page_references)),
            (pydyf.PDF, "write", write_file),
            (pydyf.Dictionary, "data", property(_dictionary)),
            (pydyf.Array, "data", property(_array)),
            (pydyf.String, "data", property(_string)),
            (Matrix, "__matmul__", product),
            (Matrix, "transform_point", _transformed),
        ),
    ):
        yield
