"""The seam to WeasyPrint: the only package that imports WeasyPrint, pydyf and internals of their libraries.

In: hooks by the name that they patch (`patches.PATCHES`), trees and stylesheets. Out: WeasyPrint's classes
and functions under public names, its layouts, and EngineMismatch where another version is installed.
"""

from importlib import import_module

from bifolio.model.errors import EngineMismatch
from bifolio.pdf.engine.startup.fast_import import import_weasyprint

_PUBLIC_NAMES = ("boxes", "documents", "drawing", "layout", "pdf_objects", "text")
"""The modules that re-export names of WeasyPrint to other packages."""

try:
    import_weasyprint()
    for _module in _PUBLIC_NAMES:
        import_module(f"bifolio.pdf.engine.{_module}")
except (ImportError, AttributeError) as error:
    from bifolio.pdf.engine.patches import VERSIONS, installed_version

    _found = installed_version("weasyprint")
    raise EngineMismatch("WeasyPrint", VERSIONS["weasyprint"], _found, f"an import fails: {error}") from error
