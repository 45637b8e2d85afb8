"""pydyf's classes of PDF objects (ISO 32000-1, 7.3)."""

from __future__ import annotations

from typing import Any

import pydyf
from pydyf import PDF, Array, Dictionary, Object, Stream, String

__all__ = ["PDF", "Array", "Dictionary", "Object", "Stream", "String", "object_bytes"]


def object_bytes(item: Any) -> bytes:
    """Return *item*, an object or a plain value, serialized."""
    data: bytes = pydyf._to_bytes(item)
    return data
