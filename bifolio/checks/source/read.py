"""Reading a source; what reads it is imported when there is one to be read, and finished files are none."""

from __future__ import annotations

from pathlib import Path

from bifolio.checks.readers.extracted_text import ExtractedText


def read_source(path: Path) -> ExtractedText:
    """Return the words of the Markdown or plain-text file at *path*.

    Raises ValueError where it cannot be read.
    """
    from bifolio.checks.source.words import extract_source

    return extract_source(path)
