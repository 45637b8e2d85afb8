"""Builds an EPUB 3.3 from a publication; the only package that imports EbookLib.

In: a publication, its stylesheet, fallback fonts, and the page breaks of the PDF. Out: an edition, with
findings.
"""

from __future__ import annotations

from bifolio.epub.build import bind_epub

__all__ = ["bind_epub"]
