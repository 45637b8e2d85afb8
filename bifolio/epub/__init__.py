"""A Publication to an EPUB (EPUB 3.3). The only room that imports EbookLib."""

from __future__ import annotations

from bifolio.epub.build import bind_epub

__all__ = ["bind_epub"]
