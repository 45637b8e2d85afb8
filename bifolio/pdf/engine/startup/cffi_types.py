"""The C declarations of WeasyPrint and of Bifolio for cffi, parsed ahead of time.

WeasyPrint and `OWN_DECLARATIONS` declare C functions and types in text, which cffi takes a tenth of a second
to parse. `generate_cffi.py` writes the result to `cffi_declarations.py`. If the installed WeasyPrint declares
anything else, the text is parsed as usual.
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

OWN_DECLARATIONS = """
    PangoLayout * pango_layout_copy (PangoLayout *src);
    PangoLayoutLine * pango_layout_line_ref (PangoLayoutLine *line);
    void pango_layout_line_unref (PangoLayoutLine *line);
    hb_blob_t * hb_blob_create (
        const char *data, unsigned int length, int mode, void *user_data, void *destroy);
    hb_face_t * hb_face_create (hb_blob_t *blob, unsigned int index);
"""
"""The functions that Bifolio calls and WeasyPrint does not."""


class DeclaredTypes(_cffi_backend.FFI):  # type: ignore[misc]
    """Declarations that are parsed already; declaring them again does nothing."""

    def cdef(self, source: str) -> None:
        """Ignore *source*, which is parsed already."""


@contextmanager
def declared_types() -> Iterator[None]:
    """Give WeasyPrint, imported in this context, the parsed declarations, or add ours to its own."""
    from bifolio.pdf.engine.startup import cffi_declarations

    # On other systems cffi looks for libraries in more places than the dynamic linker.
    known = sys.platform == "linux" and digest() == cffi_declarations.DIGEST
    with _replacing_cffi(cffi_declarations.ffi) if known else nullcontext():
        yield
    from weasyprint.text.ffi import ffi

    if ffi is not cffi_declarations.ffi:
        ffi.cdef(OWN_DECLARATIONS, override=True)


@contextmanager
def _replacing_cffi(types: DeclaredTypes) -> Iterator[None]:
    """Let `cffi.FFI()` return *types* while the context is active."""
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
    """Return the digest of all declarations."""
    return hashlib.sha256((weasyprint_declarations() + OWN_DECLARATIONS).encode()).hexdigest()


def weasyprint_declarations() -> str:
    """Return the source of WeasyPrint's declarations without importing it."""
    spec = find_spec("weasyprint")
    assert spec is not None and spec.origin is not None
    return (Path(spec.origin).parent / "text" / "ffi.py").read_text("utf-8")
