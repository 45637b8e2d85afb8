"""What an earlier build has read, kept for the next: files as they were read, and what pictures are."""

from __future__ import annotations

from pathlib import Path

from bifolio.manuscript.chapter import ParsedChapter
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.images import ImageStore
from bifolio.runtime.cache import Cache, key_of


def chapter_key(file: SourceFile, settings: object) -> str:
    """Return the key of the draft that is made of *file* by *settings*; empty where it is not to be kept.

    A file that asks for others is read anew each time: these may have changed.
    """
    if not _is_self_contained(file):
        return ""
    return key_of(("draft", file, settings))


def load_chapter(cache: Cache | None, key: str) -> ParsedChapter | None:
    """Return the draft that *cache* has under *key*, if any."""
    known = cache.load(key) if cache and key else None
    return known if isinstance(known, ParsedChapter) else None


def store_chapter(cache: Cache | None, key: str, made: ParsedChapter) -> None:
    """Keep the draft *made* in *cache* under *key*, as it is now: it is changed later."""
    if cache and key:
        cache.store(key, made)


def _is_self_contained(file: SourceFile) -> bool:
    """Say whether *file* surely includes no other, and cites from none."""
    includes = "{!" in file.body or (file.mdbook and "{{" in file.body)
    return not includes and "bibliography" not in file.front.text.casefold()


def load_image_store(cache: Cache | None, source: Path) -> ImageStore:
    """Return what the pictures of *source* are gathered in, with what an earlier build knows of them."""
    known = cache.load(_image_info_key(source)) if cache else None
    return ImageStore(known=known or {})


def store_image_info(cache: Cache | None, source: Path, gathered: ImageStore) -> None:
    """Keep what is known of the pictures of *source* now."""
    if cache and gathered.facts != gathered.known:
        cache.store(_image_info_key(source), gathered.facts)


def _image_info_key(source: Path) -> str:
    return key_of(("pictures", str(source.resolve())))
