"""Finds the file that a name in the text refers to, within the folder of the source only."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

MAX_FILES = 20_000
"""The number of files that are searched for a name without a folder."""

_MTIME_GRANULARITY = 3_000_000_000
"""The nanoseconds within which a folder can change without a new time; FAT has steps of 2 s."""


class FileLookupError(Exception):
    """A file that cannot be used, because it is `missing`, `outside` of the folder or `remote` (its text)."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """The file that a name refers to."""

    path: Path
    """Its real path."""
    correct_name: str = ""
    """The correct name, if the one in the text differs in case."""


def find_file(name: str, root: Path, folder: Path, *, anywhere: bool = False) -> FoundFile:
    """Return the file that *name*, a relative URL or path, refers to in *folder* or else in *root*.

    *folder* and *root*, which contains it, are real paths. A leading slash refers to *root*. With *anywhere*,
    a name without a folder also finds a file in any folder below *root*. Raises FileLookupError if the file
    does not exist, is outside of *root* or is on the web.
    """
    try:
        url = urlsplit(name)
    except ValueError:
        raise FileLookupError("missing") from None
    if url.scheme in ("http", "https") or url.netloc:
        raise FileLookupError("remote")
    if url.scheme or "\0" in unquote(name):
        raise FileLookupError("outside")
    outside = False
    plain = unquote(name)
    for written in dict.fromkeys((unquote(url.path), plain, name, plain.replace("\\", "/"))):
        for start in dict.fromkeys((root,) if written.startswith("/") else (folder, root)):
            try:
                hit = _resolve(start, written.lstrip("/"), root)
            except PermissionError:
                outside = True
                continue
            except (OSError, RuntimeError):  # a name that is too long, or a loop of links
                continue
            if hit:
                return hit
    if anywhere and "/" not in name:
        for path in _files_below(root, lambda other: _nfc(other) == _nfc(name)):
            if path.resolve().is_relative_to(root):
                return FoundFile(path.resolve())
    raise FileLookupError("outside" if outside else "missing")


def _resolve(start: Path, written: str, root: Path) -> FoundFile | None:
    """Return the file at *written*, followed from *start*, a real path, one name at a time.

    Raises PermissionError if it leaves *root*.
    """
    path, real, respelt = start, start, False
    for part in written.split("/"):
        if part in ("", "."):
            continue
        if not real.is_relative_to(root):
            raise PermissionError
        if part == "..":
            path = real = real.parent
            continue
        name, other = _match_name(part, real)
        if not name:
            return None
        path, real, respelt = path / name, real / name, respelt or other
        if real.is_symlink():
            real = real.resolve()
    if not real.is_relative_to(root):
        raise PermissionError
    if not real.is_file():
        return None
    return FoundFile(real, os.path.relpath(path, start) if respelt else "")


def _match_name(part: str, folder: Path) -> tuple[str, bool]:
    """Return the name in *folder* that *part* refers to, and whether it differs in case.

    Unicode normalisation is ignored, because file systems store names as NFC or as NFD.
    """
    if not folder.is_dir():
        return "", False
    names = _list_folder(folder)
    if part in names:
        return part, False
    for same, other in ((_nfc, False), (lambda name: _nfc(name).casefold(), True)):
        alike = [name for name in names if same(name) == same(part)]
        if alike:
            return alike[0], other
    return "", False


def _list_folder(folder: Path) -> Sequence[str]:
    """Return the sorted names in *folder*, cached until the folder changes."""
    changed = folder.stat().st_mtime_ns
    if time.time_ns() - changed < _MTIME_GRANULARITY:  # it might change again without a new time
        return sorted(os.listdir(folder))  # noqa: PTH208
    return _list_folder_cached(str(folder), changed)


@lru_cache(maxsize=16)
def _list_folder_cached(folder: str, changed: int) -> Sequence[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _files_below(root: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the files below *root* whose name is *wanted*, those in fewer folders first."""
    files = (
        Path(folder, name)
        for folder, folders, names in os.walk(root)
        for name in (folders.sort() or names)
        if not any(part.startswith(".") for part in Path(folder).relative_to(root).parts)
    )
    hits = [path for path in islice(files, MAX_FILES) if wanted(path.name) and path.is_file()]
    yield from sorted(hits, key=lambda path: (len(path.parts), path))
