"""Reads source files into a Publication.

In: a Markdown or plain-text file, or a folder with the files of a book.
Out: sections as sanitised HTML trees, notes, images, metadata, and the findings for the author.
"""

from __future__ import annotations

from bifolio.manuscript.read_source import read, read_with

__all__ = ["read", "read_with"]
