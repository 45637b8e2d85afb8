"""A Publication to a PDF that is both PDF/UA-1 and PDF/A-2a. The only room that imports WeasyPrint."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _by_soname() -> Iterator[None]:
    """Let libraries be loaded by the names that Linux gives them.

    WeasyPrint tries names of every system first, and for each that is not of this one Python asks a compiler
    and a linker: a fifth of a second for nothing, as the right names come later in its list.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


with _by_soname():
    from bifolio.pdf.layout import bind_pdf
    from bifolio.pdf.painting import paint

__all__ = ["bind_pdf", "paint"]
