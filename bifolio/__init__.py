"""One Markdown source, two editions: an EPUB for e-readers and a PDF for paper.

    made = bifolio.make(Path("source/article.md"), into=Path("build"))

The names below are the whole public interface. Each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bifolio.errors import BifolioError
    from bifolio.findings import Finding
    from bifolio.manuscript import read
    from bifolio.press import bind_epub, bind_pdf, make, proof
    from bifolio.publication import Publication

__version__ = "0.1.0"

__all__ = [
    "BifolioError",
    "Finding",
    "Publication",
    "bind_epub",
    "bind_pdf",
    "make",
    "proof",
    "read",
]

_ROOMS = {
    "BifolioError": "errors",
    "Finding": "findings",
    "Publication": "publication",
    "bind_epub": "press",
    "bind_pdf": "press",
    "make": "press",
    "proof": "press",
    "read": "manuscript",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"bifolio.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'bifolio' has no attribute {name!r}")
