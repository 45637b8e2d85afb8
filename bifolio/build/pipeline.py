"""Builds the editions of a source: read, lay out, bind, compare, move into place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Unpack

from bifolio.build.collection import make_all
from bifolio.build.editions import BuildJob, make_one
from bifolio.build.editions_io import import_layout
from bifolio.build.incremental import skip_if_unchanged
from bifolio.build.options import BuildOptions, BuildSettings
from bifolio.build.result import Made
from bifolio.model.publication import Publication
from bifolio.runtime.background import in_background
from bifolio.runtime.build_lock import build_lock
from bifolio.runtime.cache import Cache, user_cache


def make(
    source: Path | None = None,
    into: Path = Path("build"),
    options: BuildOptions | None = None,
    *,
    on_stage: Callable[[str], None] = lambda stage: None,
    **settings: Unpack[BuildSettings],
) -> Made:
    """Build the editions of *source* in the folder *into*, and compare them with each other.

    *source* is a file, the folder of an article or of a book, or None for the folder `source`. *settings* are
    fields of BuildOptions; they override those of *options*. *on_stage* is called with a short description of
    each stage as it begins. An unchanged build is taken from the cache.

    Raises a BifolioError if nothing could be made; the files of an earlier build are then untouched. Raises
    TypeError for an unknown setting.
    """
    options = replace(options or BuildOptions(), **settings)
    build = partial(_build, source, into, options, on_stage)
    with build_lock():
        return skip_if_unchanged(build, source, into, options)


def _build(source: Path | None, into: Path, options: BuildOptions, on_stage: Callable[[str], None]) -> Made:
    """Build the editions of *source*; see `make`."""
    on_stage("Reading the source")
    cache = user_cache() if options.cache else None
    read = partial(_read, cache, fetch_pictures=options.fetch_pictures, extensions=options.extensions)
    if options.has_pdf:
        with in_background(lambda _: read(source)) as reading:
            import_layout(cache)
            publication = reading.result()
    else:
        publication = read(source)
    options = replace(
        options,
        paper=options.paper or (publication.paper or None if options.has_pdf else None),
        style=options.style or publication.style,
        variants=options.variants or publication.variants,
    )
    job = BuildJob(options, cache, on_stage)
    if options.also_each:
        return make_all(publication, into, job, read)
    return make_one(publication, into, job)


def _read(cache: Cache | None, source: Path | None, **settings: Any) -> Publication:
    """Read *source*. The reader is imported here so that only the process that reads imports it."""
    from bifolio.manuscript import read_with

    return read_with(cache, source, **settings)
