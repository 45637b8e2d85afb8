"""A Publication to a PDF that is both PDF/UA-1 and PDF/A-2a. The only room that imports WeasyPrint."""

from __future__ import annotations

from bifolio.pdf.layout import bind_pdf

__all__ = ["bind_pdf"]
