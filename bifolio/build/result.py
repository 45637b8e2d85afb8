"""The result of a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.model.errors import BifolioError
from bifolio.model.findings import Finding


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made, in its final place."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """0 for an edition without pages of its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """The files that a build has made, and its findings."""

    files: tuple[MadeFile, ...]
    words: int
    """The number of words in the source, notes included."""
    findings: tuple[Finding, ...]
    failures: tuple[BifolioError, ...] = ()
    """The errors of the articles of a collection that could not be made."""
