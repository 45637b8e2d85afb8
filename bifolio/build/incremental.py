"""Skips a build if nothing that it read has changed.

The cache entry of a build is keyed by its options, the program, its libraries and the installed fonts. It
holds the digest of each file that the build read and the names in the folders of the source, since a file
that was missing may have been added. If all are as they were, the same editions are put in place again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bifolio.build.options import BuildOptions
from bifolio.build.result import Made
from bifolio.runtime.atomic_write import commit, staged
from bifolio.runtime.cache import Cache, user_cache
from bifolio.runtime.file_watch import UNKNOWN, Listing, is_unchanged, list_folders, record_reads
from bifolio.runtime.fingerprints import font_fingerprint, libraries, program, start_fc_list, variables

_MAX_NAMES = 10_000
"""With more files than these in the folder of a source, listing them takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cached build."""

    folders: Listing
    """The names in the folders that it may look into."""
    digests: Mapping[str, bytes]
    """The digest of each file that it read."""
    made: Made
    data: tuple[bytes, ...]
    """The data of each file that it made."""


def skip_if_unchanged(
    build: Callable[[], Made], source: Path | None, into: Path, options: BuildOptions
) -> Made:
    """Return what *build* makes of *source* in *into* by *options*; skip it if an earlier result is valid."""
    if not options.is_cacheable:
        return build()
    folders = _folders(source or Path())
    before = list_folders(folders, _MAX_NAMES)
    if before is None or before.has_program_files():
        return build()
    cache, key = user_cache(), _key(source, into, options)
    entry = _read(cache, key)
    if entry is not None and entry.folders == before and is_unchanged(entry.digests):
        _place(entry, into)
        return entry.made
    with record_reads() as digests:
        made = build()
    _keep(cache, key, made, before, list_folders(folders, _MAX_NAMES), digests)
    return made


def _folders(source: Path) -> tuple[Path, ...]:
    """Return the folders that a build of *source* may look into: its own, and those of stylesheets."""
    own = source if source.is_dir() else source.parent
    above = own.resolve().parent
    return own, above / "styles", above.parent / "styles"


def _key(source: Path | None, into: Path, options: BuildOptions) -> str:
    """Return the cache key of a build: all that decides its result except the files that it reads."""
    start_fc_list()  # it runs while the program is read
    parts = (
        source, into, options, os.getcwd(), program(), libraries(), font_fingerprint(), variables(),  # noqa: PTH109
    )  # fmt: skip
    return sha256(repr(parts).encode()).hexdigest()


def _read(cache: Cache, key: str) -> _Entry | None:
    entry = cache.load(key)
    return entry if isinstance(entry, _Entry) else None


def _place(entry: _Entry, into: Path) -> None:
    """Write the files of *entry* into the folder *into*."""
    contents = {file.path.name: data for file, data in zip(entry.made.files, entry.data, strict=True)}
    with staged(into, contents) as parts:
        commit(parts, into)


def _keep(
    cache: Cache,
    key: str,
    made: Made,
    before: Listing,
    after: Listing | None,
    digests: Mapping[str, bytes],
) -> None:
    """Cache the result *made*, unless it cannot be checked later whether it is still valid."""
    outputs = [file.path.resolve() for file in made.files]
    if after is None or before.without(outputs) != after.without(outputs) or made.failures:
        return
    if UNKNOWN in digests.values():
        return
    with suppress(OSError):
        data = tuple(file.path.read_bytes() for file in made.files)
        cache.store(key, _Entry(after, digests, made, data))
