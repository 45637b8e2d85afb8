"""One Markdown source, two editions: an EPUB for e-readers and a PDF for paper.

    made = bifolio.make(Path("source/article.md"), into=Path("build"))

The names in `__all__` are the whole public interface. Each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bifolio.build import BuildOptions, bind_epub, bind_pdf, make, proof
    from bifolio.manuscript import read
    from bifolio.model.errors import BifolioError
    from bifolio.model.findings import Finding
    from bifolio.model.publication import Publication

__version__ = "0.1.0"

__all__ = [
    "BifolioError",
    "BuildOptions",
    "Finding",
    "Publication",
    "bind_epub",
    "bind_pdf",
    "make",
    "proof",
    "read",
]

_MODULES = {
    "BifolioError": "model.errors",
    "BuildOptions": "build",
    "Finding": "model.findings",
    "Publication": "model.publication",
    "bind_epub": "build",
    "bind_pdf": "build",
    "make": "build",
    "proof": "build",
    "read": "manuscript",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"bifolio.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'bifolio' has no attribute {name!r}")
