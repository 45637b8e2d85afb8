"""The words of pages that an earlier build has read, by all that decides them.

What a page says is in its drawing operators and in what its fonts say of their glyphs (ISO 32000-1, 9.10). A
page of the finished file in which both are as they were, to the byte, says what it said.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bifolio.cache import Cache
from bifolio.proofing.pdf_pages import resources
from bifolio.surroundings import program


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The text of pages, packed, by their keys."""

    known: Mapping[bytes, bytes]
    """As an earlier build has read it."""
    read: dict[bytes, bytes] = field(default_factory=dict)
    """Of all pages that there are now."""


def packed(words: Mapping[int, str]) -> bytes:
    """Return the text of a page, which is that of its marked content by number, in a fifth of the memory."""
    return pickle.dumps(words)


def unpacked(text: bytes) -> dict[int, str]:
    """Return what `packed` was given."""
    words: dict[int, str] = pickle.loads(text)
    return words


def page_key(page: Any, known: dict[Any, bytes]) -> bytes:
    """Return a digest of *page*: of its operators, and of the fonts and properties they name.

    Those of fonts and properties that other pages of the file share are *known*, and added to it.
    """
    operators = _operators(page.get("/Contents"))
    digest = hashlib.sha256(operators)
    for kind in ("/Font", "/Properties"):
        named = resources(page).get(kind, {})
        for name in _named(operators, named):
            item = named[name]
            place = item.objgen if item.is_indirect else (name, *page.objgen)
            if place not in known:
                known[place] = _digest(item)
            digest.update(name.encode() + known[place])
    return digest.digest()


def _operators(contents: Any) -> bytes:
    """Return the operators of a page (ISO 32000-1, 7.8.2)."""
    import pikepdf

    if contents is None:
        return b""
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _named(operators: bytes, known: Any) -> list[str]:
    """Return the names among *known* that *operators* may mean, in order.

    They may mean each where one is written with the numbers of its letters (ISO 32000-1, 7.3.5).
    """
    names = sorted(known.keys())
    return names if b"#" in operators else [name for name in names if name.encode() in operators]


def _digest(top: Any) -> bytes:
    """Return the digest of an object of a PDF and of all that it leads to."""
    import pikepdf

    digest = hashlib.sha256()
    stack, seen = [top], set()
    while stack:
        item = stack.pop()
        if isinstance(item, pikepdf.Object) and item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Stream):
            digest.update(item.read_raw_bytes())
            stack += [item.stream_dict]
        elif isinstance(item, pikepdf.Array):
            digest.update(b"[%d" % len(item))
            stack += reversed(list(item))
        elif isinstance(item, pikepdf.Dictionary):
            names = sorted(item.keys())
            digest.update(repr(names).encode())
            stack += [item[name] for name in reversed(names)]
        else:
            digest.update(repr(item).encode())
    return digest.digest()


@contextmanager
def page_texts(cache: Cache | None, edition: Path) -> Iterator[PageTexts | None]:
    """Give the words of the pages of *edition*, as *cache* has them; keep those that are read meanwhile."""
    if cache is None:
        yield None
        return
    parts = ("reading", edition.resolve(), version("pypdfium2"), program())
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    data = cache.get(key)
    texts = PageTexts(pickle.loads(data) if data is not None else {})
    yield texts
    if texts.read != texts.known:
        cache.put(key, pickle.dumps(texts.read))
