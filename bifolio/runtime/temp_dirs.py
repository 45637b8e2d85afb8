"""What lies beside the files of a build until they are whole, and what a killed build has left of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = ".bifolio-"
"""How the names of passing folders begin."""
_DAY = 24 * 60 * 60
"""In seconds. No build takes as long."""


@contextmanager
def staging_dir(where: Path) -> Iterator[Path]:
    """Give a folder in *where* that is thrown away afterwards, as are those that were left there.

    Raises OSError where none can be made.
    """
    for folder in where.glob(f"{PREFIX}*"):
        if is_stale(folder):
            shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory(prefix=PREFIX, dir=where) as name:
        yield Path(name)


def is_stale(path: Path) -> bool:
    """Say whether *path*, a passing file or folder, is too old to be of a build that is still at work."""
    try:
        return time.time() - path.stat().st_mtime > _DAY
    except OSError:
        return False
