"""What an earlier build has made, kept by what it was made of.

An entry is a file: the SHA-256 of its data, then the data. It is written beside its place and moved there, so
two builds at once, or one that is killed, never leave half an entry; and what is damaged in any other way is
not believed. A cache that cannot be written is as good as an empty one.
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
from bifolio.runtime.environment import libraries, program
from bifolio.runtime.temp_dirs import is_stale

T = TypeVar("T")
_DIGEST = hashlib.sha256().digest_size
_PART = "."
"""How the names of files begin that are not whole."""
_LIMIT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries, by key."""

    folder: Path
    limit: int = _LIMIT
    """How many bytes `trim` leaves."""

    def get(self, key: str) -> bytes | None:
        """Return the entry *key*, or None where there is none that is whole."""
        path = self._path(key)
        try:
            written = path.read_bytes()
        except OSError:
            return None
        data = written[_DIGEST:]
        if hashlib.sha256(data).digest() != written[:_DIGEST]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)  # what is used last is thrown away last
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep *data* as the entry *key*."""
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix=_PART, dir=path.parent)
            try:
                with open(handle, "wb") as file:  # noqa: PTH123
                    file.write(hashlib.sha256(data).digest() + data)
                Path(beside).replace(path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
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
        """Throw away what was left, and the entries used longest ago, until the rest is within the limit."""
        entries = []
        for file in self._files():
            with suppress(OSError):
                if file.name.startswith(_PART) and is_stale(Path(file.path)):
                    Path(file.path).unlink()
                    continue
                state = file.stat()
                entries.append((state.st_mtime_ns, state.st_size, file.path))
        left = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if left <= self.limit:
                break
            with suppress(OSError):
                Path(path).unlink()
            left -= size

    def size(self) -> int:
        """Return how many bytes the entries take."""
        total = 0
        for file in self._files():
            with suppress(OSError):
                total += file.stat().st_size
        return total

    def clear(self) -> None:
        """Throw every entry away."""
        for file in list(self._files()):
            with suppress(OSError):
                Path(file.path).unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _files(self) -> Iterator[os.DirEntry[str]]:
        """Give every file: the entries, and what a killed build has left beside them."""
        for folder in _inside(self.folder):
            yield from (entry for entry in _inside(Path(folder.path)) if entry.is_file())


def _inside(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in *folder*; nothing where it is none."""
    with suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def user_cache() -> Cache:
    """Return the cache in the folder that this system has for such things."""
    from platformdirs import user_cache_path

    return Cache(user_cache_path("bifolio", appauthor=False))


def key_of(parts: object) -> str:
    """Return the key of what is decided by *parts*, the program and its libraries."""
    return hashlib.sha256(repr((program(), libraries(), parts)).encode("utf-8", "surrogatepass")).hexdigest()


def cached(cache: Cache | None, parts: object, work_out: Callable[[], T]) -> T:
    """Return what *work_out* gives, as *cache* has it from an earlier build.

    *parts* say what it is, and all that decides it but the program and its libraries.
    """
    if cache is None:
        return work_out()
    key = key_of(parts)
    known: T | None = cache.load(key)
    if known is not None:
        return known
    made = work_out()
    cache.store(key, made)
    return made
