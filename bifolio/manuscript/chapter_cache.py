"""Stores parsed chapters and facts about images in the build cache."""

from __future__ import annotations

from pathlib import Path

from bifolio.manuscript.parse_chapter import ParsedChapter
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.images import ImageStore
from bifolio.runtime.cache import Cache, key_of


def chapter_key(file: SourceFile, settings: object) -> str:
    """Return the cache key of *file* parsed with *settings*; empty if it cannot be cached.

    A file that reads others, by includes or a bibliography, is always parsed again: they may have changed.
    """
    if not _is_self_contained(file):
        return ""
    return key_of(("chapter", file, settings))


def load_chapter(cache: Cache | None, key: str) -> ParsedChapter | None:
    """Return the chapter stored in *cache* under *key*, if any."""
    cached = cache.load(key) if cache and key else None
    return cached if isinstance(cached, ParsedChapter) else None


def store_chapter(cache: Cache | None, key: str, chapter: ParsedChapter) -> None:
    """Store *chapter* in *cache* under *key*, before later steps change it."""
    if cache and key:
        cache.store(key, chapter)


def _is_self_contained(file: SourceFile) -> bool:
    """Return whether *file* certainly reads no other file; false is always safe."""
    includes = "{!" in file.body or (file.mdbook and "{{" in file.body)
    return not includes and "bibliography" not in file.front.text.casefold()


def load_image_store(cache: Cache | None, source: Path) -> ImageStore:
    """Return a new image store for *source*, with the facts that an earlier build stored in *cache*."""
    cached = cache.load(_image_info_key(source)) if cache else None
    return ImageStore(cached=cached or {})


def store_image_info(cache: Cache | None, source: Path, images: ImageStore) -> None:
    """Store the facts about the *images* of *source* in *cache*, if they have changed."""
    if cache and images.used != images.cached:
        cache.store(_image_info_key(source), images.used)


def _image_info_key(source: Path) -> str:
    return key_of(("images", str(source.resolve())))
