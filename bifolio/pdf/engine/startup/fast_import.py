"""Imports WeasyPrint in two thirds of the time, and leaves it as a plain import would.

WeasyPrint tries the library names of every system first; for each that is not of this one, Python asks
a compiler and a linker: a fifth of a second, although the right names come later in its list. It imports
what it rarely needs at once, has cffi parse its C declarations, and parses its own stylesheets.
"""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import tinycss2

from bifolio.pdf.engine.startup.cffi_types import declared_types

_RARELY_USED = ("fontTools.subset", "fontTools.ttLib.woff2", "fontTools.varLib.instancer", "tinyhtml5")
"""What WeasyPrint imports to subset fonts where HarfBuzz cannot, for rare kinds of fonts, and for HTML."""


def import_weasyprint() -> None:
    """Import WeasyPrint; its own stylesheets are parsed or read from a cache when they are first used."""
    if "weasyprint" in sys.modules:
        with declared_types():
            import_module("weasyprint")
        return
    with _fast(), declared_types():
        import_module("weasyprint")
    from bifolio.pdf.engine.styles.user_agent import defer_parsing

    defer_parsing()


class _DeferredModule(ModuleType):
    """A module that is imported when one of its functions is called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *values, **named: getattr(import_module(self.__name__), name)(*values, **named)


@contextmanager
def _fast() -> Iterator[None]:
    search, parse = ctypes.util.find_library, tinycss2.parse_stylesheet
    tinycss2.parse_stylesheet = lambda *values: []
    deferred = {name: _DeferredModule(name) for name in _RARELY_USED if name not in sys.modules}
    sys.modules.update(deferred)
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library, tinycss2.parse_stylesheet = search, parse
        for name in deferred:
            del sys.modules[name]
