"""The build cache: results of earlier builds, keyed by their inputs.

An entry is a file that holds the SHA-256 digest of its data, then the data. It is written to a temporary file
and renamed, so that concurrent or killed builds leave no partial entries; a damaged entry is ignored. A cache
that cannot be written behaves as an empty one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bifolio.model.element_pickle import UNPICKLABLE, dumps, loads
from bifolio.runtime.fingerprints import libraries, program
from bifolio.runtime.temp_dirs import is_stale

T = TypeVar("T")
_DIGEST = hashlib.sha256().digest_size
_PART = "."
"""The prefix of the names of temporary files."""
_LIMIT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache in a folder."""

    folder: Path
    limit: int = _LIMIT
    """The size that `trim` leaves, in bytes."""

    def get(self, key: str) -> bytes | None:
        """Return the data stored under *key*, or None if there is no valid entry."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        data = content[_DIGEST:]
        if hashlib.sha256(data).digest() != content[:_DIGEST]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)  # `trim` deletes what was used longest ago
        return data

    def put(self, key: str, data: bytes) -> None:
        """Store *data* under *key*."""
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=_PART, dir=path.parent)
            try:
                with open(handle, "wb") as file:  # noqa: PTH123
                    file.write(hashlib.sha256(data).digest() + data)
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def load(self, key: str) -> Any:
        """Return the value that `store` was given for *key*, or None."""
        data = self.get(key)
        return None if data is None else loads(data)

    def store(self, key: str, value: object) -> None:
        """Store *value* under *key*, unless it cannot be pickled or is nested too deep."""
        with suppress(*UNPICKLABLE):
            self.put(key, dumps(value))

    def trim(self) -> None:
        """Delete stale temporary files, and the least recently used entries beyond the limit."""
        entries = []
        for file in self._files():
            with suppress(OSError):
                if file.name.startswith(_PART) and is_stale(Path(file.path)):
                    Path(file.path).unlink()
                    continue
                state = file.stat()
                entries.append((state.st_mtime_ns, state.st_size, file.path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.limit:
                break
            with suppress(OSError):
                Path(path).unlink()
            total -= size

    def size(self) -> int:
        """Return the size of all entries in bytes."""
        total = 0
        for file in self._files():
            with suppress(OSError):
                total += file.stat().st_size
        return total

    def clear(self) -> None:
        """Delete every entry."""
        for file in list(self._files()):
            with suppress(OSError):
                Path(file.path).unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _files(self) -> Iterator[os.DirEntry[str]]:
        """Yield every file: entries, and temporary files of killed builds."""
        for folder in _entries(self.folder):
            yield from (entry for entry in _entries(Path(folder.path)) if entry.is_file())


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the entries of *folder*; nothing if it does not exist."""
    with suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def user_cache() -> Cache:
    """Return the cache of the user, in the cache folder of the system."""
    from platformdirs import user_cache_path

    return Cache(user_cache_path("bifolio", appauthor=False))


def key_of(parts: object) -> str:
    """Return the key of a result that depends on *parts*, the program and its libraries."""
    return hashlib.sha256(repr((program(), libraries(), parts)).encode("utf-8", "surrogatepass")).hexdigest()


def cached(cache: Cache | None, parts: object, compute: Callable[[], T]) -> T:
    """Return the result of *compute*, from *cache* if an earlier build has stored it.

    *parts* name the result and all that it depends on besides the program and its libraries. A result of None
    is not cached.
    """
    if cache is None:
        return compute()
    key = key_of(parts)
    known: T | None = cache.load(key)
    if known is not None:
        return known
    result = compute()
    cache.store(key, result)
    return result
