"""Pictures that were made anew, kept for the next build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from bifolio.cache import Cache
from bifolio.publication import Picture


def kept(cache: Cache | None, picture: Picture, recipe: object, make: Callable[[], Picture]) -> Picture:
    """Return what *make* makes of *picture* by *recipe*, or what it made of it before; the name stays."""
    if cache is None:
        return make()
    key = hashlib.sha256(picture.data + repr((_code(), recipe)).encode()).hexdigest()
    known = cache.get(key)
    if known is not None:
        media_type, width, height, data = known.split(b" ", 3)
        return replace(
            picture, media_type=media_type.decode(), width=int(width), height=int(height), data=data
        )
    made = make()
    cache.put(key, f"{made.media_type} {made.width} {made.height} ".encode() + made.data)
    return made


@lru_cache(maxsize=1)
def _code() -> str:
    """Return the digest of the code that makes pictures."""
    digest = hashlib.sha256(version("pillow").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
