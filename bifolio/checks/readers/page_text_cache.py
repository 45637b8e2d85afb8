"""The words of pages that an earlier build has read, by the keys of the pages."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bifolio.checks.readers.page_fingerprints import Said
from bifolio.runtime.cache import Cache
from bifolio.runtime.environment import program


@dataclass(frozen=True, slots=True)
class Known:
    """What a build has read of the pages of a file."""

    texts: dict[bytes, bytes] = field(default_factory=dict)
    """The text of pages, packed, by their keys."""
    fonts: dict[str, Said] = field(default_factory=dict)
    """What their fonts say, by name."""


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The text of pages."""

    known: Known
    """As an earlier build has read it."""
    read: Known = field(default_factory=Known)
    """Of all pages that there are now."""


def packed(words: Mapping[int, str]) -> bytes:
    """Return the text of a page, which is that of its marked content by number, in a fifth of the memory."""
    return pickle.dumps(words)


def unpacked(text: bytes) -> dict[int, str]:
    """Return what `packed` was given."""
    words: dict[int, str] = pickle.loads(text)
    return words


@contextmanager
def page_texts(cache: Cache | None, edition: Path) -> Iterator[PageTexts | None]:
    """Give the words of the pages of *edition*, as *cache* has them; keep those that are read meanwhile."""
    if cache is None:
        yield None
        return
    parts = ("reading", edition.resolve(), version("pypdfium2"), program())
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    data = cache.get(key)
    texts = PageTexts(pickle.loads(data) if data is not None else Known())
    yield texts
    if texts.read != texts.known:
        cache.put(key, pickle.dumps(texts.read))
