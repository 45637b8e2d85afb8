"""Caches converted images between builds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

from bifolio.model.publication import Picture
from bifolio.runtime.cache import Cache
from bifolio.runtime.fingerprints import program


def cached_image(
    cache: Cache | None, picture: Picture, recipe: object, make: Callable[[], Picture]
) -> Picture:
    """Return the cached conversion of *picture*, or call *make* and cache its result.

    *recipe* holds the parameters of the conversion and is part of the key. The name of *picture* stays.
    """
    if cache is None:
        return make()
    key = hashlib.sha256(picture.data + repr((program(), version("pillow"), recipe)).encode()).hexdigest()
    cached = cache.load(key)
    if cached is not None:
        media_type, width, height, data = cached
        return replace(picture, media_type=media_type, width=width, height=height, data=data)
    made = make()
    cache.store(key, (made.media_type, made.width, made.height, made.data))
    return made
