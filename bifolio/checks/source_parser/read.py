"""Reads a source; its parser is imported here when needed, so that comparing editions does not load it."""

from __future__ import annotations

from pathlib import Path

from bifolio.checks.file_readers.extracted_text import ExtractedText


def read_source(path: Path) -> ExtractedText:
    """Return the text of the Markdown or plain-text file at *path*.

    Raises ValueError if it cannot be read.
    """
    from bifolio.checks.source_parser.markdown_text import extract_source

    return extract_source(path)
