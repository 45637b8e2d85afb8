"""Builds a PDF that conforms to PDF/UA-1 and PDF/A-2a from a Publication.

In: a Publication, a stylesheet, a paper size. Out: an Edition with the bytes of the file, its findings and
its page breaks. WeasyPrint is imported at the first use of `bind_pdf`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bifolio.pdf.build import bind_pdf

__all__ = ["bind_pdf"]


def __getattr__(name: str) -> Any:
    if name == "bind_pdf":
        from bifolio.pdf.build import bind_pdf

        return bind_pdf
    raise AttributeError(f"module 'bifolio.pdf' has no attribute {name!r}")
