"""What a build has made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bifolio.model.errors import BifolioError
from bifolio.model.findings import Finding


@dataclass(frozen=True, slots=True)
class MadeFile:
    """An edition in its place."""

    path: Path
    size: int
    """In bytes."""
    pages: int
    """0 where the edition has no pages of its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a build has made."""

    files: tuple[MadeFile, ...]
    words: int
    """Those of the source, the notes among them."""
    findings: tuple[Finding, ...]
    failures: tuple[BifolioError, ...] = ()
    """What could not be made of a collection, while the rest was."""
