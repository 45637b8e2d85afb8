"""Temporary folders for files being written, and clean-up of stale ones."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = ".bifolio-"
"""The prefix of the names of temporary folders."""
_MAX_AGE = 24 * 60 * 60
"""In seconds; no build takes as long."""


@contextmanager
def staging_dir(parent: Path) -> Iterator[Path]:
    """Yield a temporary folder in *parent*, which is deleted afterwards; delete stale ones there.

    Raises OSError if it cannot be created.
    """
    for folder in parent.glob(f"{PREFIX}*"):
        if is_stale(folder):
            shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory(prefix=PREFIX, dir=parent) as name:
        yield Path(name)


def is_stale(path: Path) -> bool:
    """Return whether *path*, a temporary file or folder, is too old to belong to a running build."""
    try:
        return time.time() - path.stat().st_mtime > _MAX_AGE
    except OSError:
        return False
