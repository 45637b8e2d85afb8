"""Imports WeasyPrint in two thirds of the time, with the same result as a plain import.

WeasyPrint tries the library names of every system in turn; for each that does not exist here, Python runs a
compiler and a linker, which takes a fifth of a second. It imports rarely used modules at once, has cffi parse
its C declarations, and parses its own stylesheets.
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
"""Modules for fonts that HarfBuzz cannot subset, for rare font formats, and for HTML text."""


def import_weasyprint() -> None:
    """Import WeasyPrint; its own stylesheets are parsed, or read from a cache, at their first use."""
    if "weasyprint" in sys.modules:
        with declared_types():
            import_module("weasyprint")
        return
    with _fast(), declared_types():
        import_module("weasyprint")
    from bifolio.pdf.engine.styles.user_agent import defer_parsing

    defer_parsing()


class _DeferredModule(ModuleType):
    """Stands for a module that is imported when one of its functions is called."""

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
