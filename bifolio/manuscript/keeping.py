"""What an earlier build has read, kept for the next: files as they were read, and what pictures are."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path

from bifolio.cache import Cache
from bifolio.manuscript.draft import Draft
from bifolio.manuscript.files import SourceFile
from bifolio.manuscript.pictures import Gathered
from bifolio.surroundings import libraries, program


def kept(cache: Cache | None, file: SourceFile, settings: object, make: Callable[[], Draft]) -> Draft:
    """Return the draft that *make* makes of *file* by *settings*, or what it made of the same before.

    A file that asks for others is read anew each time: these may have changed.
    """
    if cache is None or not _stands_alone(file):
        return make()
    parts = ("draft", program(), libraries(), file, settings)
    key = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
    data = cache.get(key)
    known = pickle.loads(data) if data is not None else None
    if isinstance(known, Draft):
        return known
    made = make()
    cache.put(key, pickle.dumps(made))  # now, for it is changed later
    return made


def _stands_alone(file: SourceFile) -> bool:
    """Say whether *file* surely includes no other, and cites from none."""
    includes = "{!" in file.body or (file.mdbook and "{{" in file.body)
    return not includes and "bibliography" not in file.front.text.casefold()


def gathering(cache: Cache | None, source: Path) -> Gathered:
    """Return what the pictures of *source* are gathered in, with what an earlier build knows of them."""
    data = cache.get(_pictures_key(source)) if cache else None
    return Gathered(known=pickle.loads(data) if data is not None else {})


def keep_facts(cache: Cache | None, source: Path, gathered: Gathered) -> None:
    """Keep what is known of the pictures of *source* now."""
    if cache and gathered.facts != gathered.known:
        cache.put(_pictures_key(source), pickle.dumps(gathered.facts))


def _pictures_key(source: Path) -> str:
    parts = ("pictures", program(), libraries(), str(source.resolve()))
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
