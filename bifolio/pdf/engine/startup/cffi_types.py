"""The types and functions of C that the layout calls, read once for all.

WeasyPrint and `OWN` declare them in C, which cffi takes a tenth of a second to read. What it has read
stands in `cffi_declarations.py`, which `c_reading.py` writes. Where another WeasyPrint declares other things,
they are read as ever.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import _cffi_backend  # type: ignore[import-untyped]

OWN = """
    PangoLayout * pango_layout_copy (PangoLayout *src);
    PangoLayoutLine * pango_layout_line_ref (PangoLayoutLine *line);
    void pango_layout_line_unref (PangoLayoutLine *line);
    hb_blob_t * hb_blob_create (
        const char *data, unsigned int length, int mode, void *user_data, void *destroy);
    hb_face_t * hb_face_create (hb_blob_t *blob, unsigned int index);
"""
"""What we call, and WeasyPrint does not."""


class Known(_cffi_backend.FFI):  # type: ignore[misc]
    """The types that have been read; what declares them once more has no need to be."""

    def cdef(self, source: str) -> None:
        """Take *source* as read."""


@contextmanager
def known_types() -> Iterator[None]:
    """Let WeasyPrint, when it is imported, have the types that have been read; else declare ours to it."""
    from bifolio.pdf.engine.startup import cffi_declarations

    # Elsewhere than on Linux cffi looks for libraries where the system by itself does not.
    known = sys.platform == "linux" and digest() == cffi_declarations.DIGEST
    with _provided(cffi_declarations.ffi) if known else nullcontext():
        yield
    from weasyprint.text.ffi import ffi

    if ffi is not cffi_declarations.ffi:
        ffi.cdef(OWN, override=True)


@contextmanager
def _provided(types: Known) -> Iterator[None]:
    """Let *types* be what cffi gives to who imports it meanwhile."""
    real, stand_in = sys.modules.get("cffi"), ModuleType("cffi")
    vars(stand_in)["FFI"] = lambda: types
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        del sys.modules["cffi"]
        if real is not None:
            sys.modules["cffi"] = real


def digest() -> str:
    """Return the digest of all that declares types."""
    return hashlib.sha256((theirs() + OWN).encode()).hexdigest()


def theirs() -> str:
    """Return the source of WeasyPrint's declarations, without the import of any of it."""
    spec = find_spec("weasyprint")
    assert spec is not None and spec.origin is not None
    return (Path(spec.origin).parent / "text" / "ffi.py").read_text("utf-8")
