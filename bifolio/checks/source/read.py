"""Reading a source; what reads it is imported when there is one to be read, and finished files are none."""

from __future__ import annotations

from pathlib import Path

from bifolio.checks.readers.extracted_text import Reading


def read_source(path: Path) -> Reading:
    """Return the words of the Markdown or plain-text file at *path*.

    Raises ValueError where it cannot be read.
    """
    from bifolio.checks.source.words import words_of_source

    return words_of_source(path)
