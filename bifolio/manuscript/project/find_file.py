"""Which file a name in the text means: one in the source's own folder, and no other."""

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
"""How many files are looked at for one that is named without its folder."""

_MTIME_GRANULARITY = 3_000_000_000
"""Nanoseconds within which a folder can change unseen: some systems tell its time in steps of two seconds."""


class FileLookupError(Exception):
    """A file that is not to be had: it is `missing`, `outside` of the folder, or `remote`, on the web."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was meant."""

    path: Path
    """Its real path."""
    correct_name: str = ""
    """How the author should have written its name, where only the capitals are others."""


def find_file(named: str, root: Path, folder: Path, *, anywhere: bool = False) -> FoundFile:
    """Return the file that *named* means in *folder*, a real path, or else in *root*, which it lies in.

    A leading slash is *root*. *anywhere* lets a bare name stand for a file in any folder below *root*.
    Raises Unfound where there is none, where it is outside of *root*, and where it is on the web.
    """
    try:
        address = urlsplit(named)
    except ValueError:
        raise FileLookupError("missing") from None
    if address.scheme in ("http", "https") or address.netloc:
        raise FileLookupError("remote")
    if address.scheme or "\0" in unquote(named):
        raise FileLookupError("outside")
    outside = False
    plain = unquote(named)
    for written in dict.fromkeys((unquote(address.path), plain, named, plain.replace("\\", "/"))):
        for start in dict.fromkeys((root,) if written.startswith("/") else (folder, root)):
            try:
                hit = _resolve(start, written.lstrip("/"), root)
            except PermissionError:
                outside = True
                continue
            except (OSError, RuntimeError):  # a name too long, or links in a circle
                continue
            if hit:
                return hit
    if anywhere and "/" not in named:
        for path in _files_below(root, lambda name: _nfc(name) == _nfc(named)):
            if path.resolve().is_relative_to(root):
                return FoundFile(path.resolve())
    raise FileLookupError("outside" if outside else "missing")


def _resolve(start: Path, written: str, root: Path) -> FoundFile | None:
    """Follow *written* from *start*, a real path, a name at a time.

    Raises PermissionError where it leaves *root*.
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
    """Return the name in *folder* that *part* means, and whether its capitals are others.

    How accents are encoded makes no difference: systems store a name as NFC or as NFD.
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
    """Return the names in *folder*, in order; it is not looked through again until it has changed."""
    changed = folder.stat().st_mtime_ns
    if time.time_ns() - changed < _MTIME_GRANULARITY:  # it might change again, and its time be the same
        return sorted(os.listdir(folder))  # noqa: PTH208
    return _list_folder_cached(str(folder), changed)


@lru_cache(maxsize=16)
def _list_folder_cached(folder: str, changed: int) -> Sequence[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _files_below(root: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Give the files below *root* whose name is *wanted*, those in fewer folders first."""
    files = (
        Path(folder, name)
        for folder, folders, names in os.walk(root)
        for name in (folders.sort() or names)
        if not any(part.startswith(".") for part in Path(folder).relative_to(root).parts)
    )
    hits = [path for path in islice(files, MAX_FILES) if wanted(path.name) and path.is_file()]
    yield from sorted(hits, key=lambda path: (len(path.parts), path))
