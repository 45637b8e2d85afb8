"""What a build has read and made, so that the next one makes nothing where nothing has changed.

A build is kept under what was asked of it, by which program, on a machine with which fonts. With it is kept
that it read: the names in the folder of the source, as one that is missing can be looked for too, and
the digest of each file. The next build that is asked the same compares these, and puts the same editions in
place.
"""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from bifolio.runtime.atomic_write import commit, staged
from bifolio.runtime.cache import Cache, user_cache
from bifolio.runtime.environment import font_fingerprint, libraries, program, start_fc_list, variables
from bifolio.runtime.file_watch import FileStamp, Listing, listing, recording_opens


class _File(Protocol):
    @property
    def path(self) -> Path: ...


class _Made(Protocol):
    """What a build has made."""

    @property
    def files(self) -> Sequence[_File]: ...

    @property
    def failures(self) -> Sequence[Exception]: ...


P = ParamSpec("P")
M = TypeVar("M", bound=_Made)
_UNSURE = ("fetch_pictures", "extensions", "also_each")
"""What is asked of builds that are not kept: they read more than files."""
_BESIDE = 10_000
"""Files in the folder of a source; where there are more, looking at them all takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A build that was kept."""

    folders: Listing
    """What stood in the folders that it looked into."""
    digests: Mapping[str, bytes]
    """The digest of each file that it read."""
    made: Any
    data: tuple[bytes, ...]
    """That of each file that it made."""


def skip_if_unchanged(make: Callable[P, M]) -> Callable[P, M]:
    """Let *make* do nothing but put its files in place where an earlier call has made them of the same."""

    @functools.wraps(make)
    def inner(*args: P.args, **wishes: P.kwargs) -> M:
        given: Sequence[Any] = (*args, None, None)
        source, into = wishes.get("source", given[0]), wishes.get("into", given[1])
        if not wishes.get("cache", True) or any(wishes.get(name) for name in _UNSURE):
            return make(*args, **wishes)
        place = Path(str(source or "."))
        folders = _folders(place)
        outputs = Path(str(into or "build"))
        before = listing(folders, _BESIDE)
        if before is None or before.holds_program():
            return make(*args, **wishes)
        cache, key = user_cache(), _key(args, wishes)
        entry = _read(cache, key)
        if entry is not None and entry.folders == before and _unchanged(entry.digests):
            _place(entry, outputs)
            made: M = entry.made
            return made
        with recording_opens(cache.folder) as seen:
            made = make(*args, **wishes)
        _keep(cache, key, made, before, listing(folders, _BESIDE), seen)
        return made

    return inner


def _folders(source: Path) -> tuple[Path, ...]:
    """Return the folders that a build of *source* may look into: its own, and those of sheets beside it."""
    own = source if source.is_dir() else source.parent
    above = own.resolve().parent
    return own, above / "styles", above.parent / "styles"


def _key(args: tuple[object, ...], wishes: Mapping[str, object]) -> str:
    """Return the key of a build: what is asked of it, of which program, where."""
    start_fc_list()  # now, to be told while the program is read
    asked = [(name, wish) for name, wish in sorted(wishes.items()) if name != "on_stage"]
    parts = (args, asked, os.getcwd(), program(), libraries(), font_fingerprint(), variables())  # noqa: PTH109
    return sha256(repr(parts).encode()).hexdigest()


def _read(cache: Cache, key: str) -> _Entry | None:
    data = cache.get(key)
    entry = pickle.loads(data) if data is not None else None
    return entry if isinstance(entry, _Entry) else None


def _unchanged(digests: Mapping[str, bytes]) -> bool:
    """Say whether each file has the digest that it had."""
    try:
        return all(sha256(Path(path).read_bytes()).digest() == digest for path, digest in digests.items())
    except OSError:
        return False


def _place(entry: _Entry, into: Path) -> None:
    """Put the files of *entry* in their places."""
    contents = {file.path.name: data for file, data in zip(entry.made.files, entry.data, strict=True)}
    with staged(into, contents) as parts:
        commit(parts, into)


def _keep(
    cache: Cache, key: str, made: _Made, before: Listing, after: Listing | None, seen: Mapping[str, FileStamp]
) -> None:
    """Keep what was *made*, unless something has changed meanwhile."""
    outputs = [file.path.resolve() for file in made.files]
    if after is None or before.without(outputs) != after.without(outputs) or made.failures:
        return
    digests = {}
    with suppress(OSError):
        for path, watched in seen.items():
            digests[path] = sha256(Path(path).read_bytes()).digest()
            if not watched.is_still(path):
                return
        data = tuple(file.path.read_bytes() for file in made.files)
        cache.put(key, pickle.dumps(_Entry(after, digests, made, data)))
