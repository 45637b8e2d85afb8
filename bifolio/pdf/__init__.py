"""A Publication to a PDF that is both PDF/UA-1 and PDF/A-2a. The only room that imports WeasyPrint."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import tinycss2

from bifolio.pdf.engine.startup.cffi_types import types_known
from bifolio.pdf.engine.styles.lazy_selectors import compile_lazily

_SELDOM = ("fontTools.subset", "fontTools.ttLib.woff2", "fontTools.varLib.instancer", "tinyhtml5")
"""What WeasyPrint imports to cut fonts down where HarfBuzz cannot, for fonts of rare kinds, and for HTML."""


class _Later(ModuleType):
    """Stands for a module, and imports it when one of its functions is called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *values, **named: getattr(import_module(self.__name__), name)(*values, **named)


@contextmanager
def _lightly() -> Iterator[None]:
    """Let WeasyPrint be imported in two thirds of the time.

    It tries names of libraries of every system first, and for each that is not of this one Python asks a
    compiler and a linker: a fifth of a second for nothing, as the right names come later in its list. It
    imports at once what it hardly ever needs, and parses its own sheets, which `sheets.py` has.
    """
    search, parse = ctypes.util.find_library, tinycss2.parse_stylesheet
    compile_lazily()
    tinycss2.parse_stylesheet = lambda *values: []
    later = {name: _Later(name) for name in _SELDOM if name not in sys.modules}
    sys.modules.update(later)
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library, tinycss2.parse_stylesheet = search, parse
        for name in later:
            del sys.modules[name]


with _lightly(), types_known():
    from bifolio.pdf.build import bind_pdf
    from bifolio.pdf.engine.rasterize_svg import paint
    from bifolio.pdf.engine.styles.parsed_stylesheets import own_sheets, take_own_sheets_from_here

take_own_sheets_from_here()

__all__ = ["bind_pdf", "own_sheets", "paint"]
