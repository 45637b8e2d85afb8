"""Reads files for a build and records their digests; lists the names in folders.

Every file of the user that decides what is built is read by `read_bytes`, or declared by `record`. The
program, its libraries and the list of fonts have fingerprints of their own (`bifolio.runtime.fingerprints`).
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

UNKNOWN = b""
"""The digest of a file that was not read whole, is not a regular file, or changed between two reads."""

_digests: ContextVar[dict[str, bytes] | None] = ContextVar("digests of the files of a build", default=None)


class FileTooLarge(Exception):
    """The file is larger than its reader accepts."""


@contextmanager
def record_reads() -> Iterator[Mapping[str, bytes]]:
    """Record the files read while the context is active; yield their SHA-256 digests by absolute path."""
    digests: dict[str, bytes] = {}
    token = _digests.set(digests)
    try:
        yield digests
    finally:
        _digests.reset(token)


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """Return the data of the file at *path*, and record it.

    Raises FileTooLarge if it has more than *limit* bytes, and OSError.
    """
    if limit is not None and path.stat().st_size > limit:
        merge_reads({_absolute(path): UNKNOWN})
        raise FileTooLarge(path)
    data = path.read_bytes()
    if _digests.get() is not None:
        merge_reads({_absolute(path): hashlib.sha256(data).digest() if path.is_file() else UNKNOWN})
    return data


def record(path: Path) -> None:
    """Record the file at *path*, which another library is about to read. Raises OSError."""
    if _digests.get() is not None and not _absolute(path).startswith(_own_folders()):
        read_bytes(path)


def recorded_reads() -> dict[str, bytes]:
    """Return the digests of the files recorded so far."""
    return dict(_digests.get() or {})


def merge_reads(digests: Mapping[str, bytes]) -> None:
    """Record files by their *digests*: those that another process has read for this one."""
    known = _digests.get()
    if known is None:
        return
    for name, digest in digests.items():
        if not name.startswith(_own_folders()):
            known[name] = digest if known.get(name, digest) == digest else UNKNOWN


def is_unchanged(digests: Mapping[str, bytes]) -> bool:
    """Return whether each file still has its digest."""
    try:
        return all(
            digest != UNKNOWN and hashlib.sha256(Path(name).read_bytes()).digest() == digest
            for name, digest in digests.items()
        )
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of some folders: each path, whether it is a folder, and the target if it is a link."""

    names: tuple[tuple[str, bool, str], ...]

    def without(self, outputs: Iterable[Path]) -> Listing:
        """Return the listing without the files *outputs* and the folders that hold them."""
        left_out = {str(path) for output in outputs for path in (output, output.parent)}
        return Listing(tuple(name for name in self.names if name[0] not in left_out))

    def has_program_files(self) -> bool:
        """Return whether files of the program are among the entries; these are not recorded."""
        return any(name.startswith(_own_folders()) for name, *_ in self.names)


def list_folders(folders: Iterable[Path], limit: int) -> Listing | None:
    """Return the entries of *folders* and of all folders below, or None if there are more than *limit*."""
    names: list[tuple[str, bool, str]] = []
    pending = [str(folder.resolve()) for folder in folders]
    try:
        while pending:
            folder = pending.pop()
            if not Path(folder).is_dir():
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    target = str(Path(entry.path).resolve()) if entry.is_symlink() else ""
                    names.append((entry.path, is_folder, target))
                    if is_folder and entry.name != ".git":
                        pending.append(entry.path)
            if len(names) > limit:
                return None
    except OSError:
        return None
    return Listing(tuple(sorted(names)))


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  (`Path.absolute` leaves `..` in)


@functools.cache
def _own_folders() -> tuple[str, ...]:
    """Return the folders of the program and its libraries."""
    import sysconfig

    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(dict.fromkeys([str(Path(__file__).resolve().parent.parent), *libraries]))
