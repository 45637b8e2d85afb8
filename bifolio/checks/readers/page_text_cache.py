"""The words of pages that an earlier build has read, by the keys of the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bifolio.checks.readers.page_fingerprints import ResourceFingerprint
from bifolio.model.element_pickle import dumps, loads
from bifolio.runtime.cache import Cache
from bifolio.runtime.environment import program


@dataclass(frozen=True, slots=True)
class PageTextRecord:
    """What a build has read of the pages of a file."""

    texts: dict[bytes, bytes] = field(default_factory=dict)
    """The text of pages, packed, by their keys."""
    fonts: dict[str, ResourceFingerprint] = field(default_factory=dict)
    """What their fonts say, by name."""


@dataclass(frozen=True, slots=True)
class PageTextCache:
    """The text of pages."""

    known: PageTextRecord
    """As an earlier build has read it."""
    read: PageTextRecord = field(default_factory=PageTextRecord)
    """Of all pages that there are now."""


def pack(words: Mapping[int, str]) -> bytes:
    """Return the text of a page, which is that of its marked content by number, in a fifth of the memory."""
    return dumps(words)


def unpack(text: bytes) -> dict[int, str]:
    """Return what `packed` was given."""
    words: dict[int, str] = loads(text)
    return words


@contextmanager
def open_page_text_cache(cache: Cache | None, edition: Path) -> Iterator[PageTextCache | None]:
    """Give the words of the pages of *edition*, as *cache* has them; keep those that are read meanwhile."""
    if cache is None:
        yield None
        return
    parts = ("reading", edition.resolve(), version("pypdfium2"), program())
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    texts = PageTextCache(cache.load(key) or PageTextRecord())
    yield texts
    if texts.read != texts.known:
        cache.store(key, texts.read)
