"""Caches the text of PDF pages between builds, by the fingerprints of the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bifolio.checks.file_readers.page_fingerprints import ResourceFingerprint
from bifolio.model.element_pickle import dumps, loads
from bifolio.runtime.cache import Cache
from bifolio.runtime.fingerprints import program


@dataclass(frozen=True, slots=True)
class PageTextRecord:
    """The texts of the pages of one PDF, and the fingerprints of its fonts."""

    texts: dict[bytes, bytes] = field(default_factory=dict)
    """The packed text of each page, by its fingerprint."""
    fonts: dict[str, ResourceFingerprint] = field(default_factory=dict)
    """By resource name."""


@dataclass(frozen=True, slots=True)
class PageTextCache:
    """The record of an earlier build, and the one of this build."""

    cached: PageTextRecord
    current: PageTextRecord = field(default_factory=PageTextRecord)
    """Filled while the PDF is read."""


def pack(texts: Mapping[int, str]) -> bytes:
    """Return the *texts* of marked content, by identifier, in a fifth of the memory."""
    return dumps(texts)


def unpack(data: bytes) -> dict[int, str]:
    """Return the texts that `pack` was given."""
    texts: dict[int, str] = loads(data)
    return texts


@contextmanager
def open_page_text_cache(cache: Cache | None, pdf: Path) -> Iterator[PageTextCache | None]:
    """Give the page texts of *pdf* from *cache*, and put the current ones into it at the end."""
    if cache is None:
        yield None
        return
    parts = ("reading", pdf.resolve(), version("pypdfium2"), program())
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    texts = PageTextCache(cache.load(key) or PageTextRecord())
    yield texts
    if texts.current != texts.cached:
        cache.store(key, texts.current)
