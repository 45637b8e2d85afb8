"""From a source to finished editions: read, bind, proof, put in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bifolio.build.collection import make_all
from bifolio.build.editions import make_one
from bifolio.build.editions_io import import_layout
from bifolio.build.incremental import skip_if_unchanged
from bifolio.build.options import BuildOptions, destinations_of
from bifolio.build.result import Made
from bifolio.model.publication import Publication
from bifolio.runtime.background import in_background
from bifolio.runtime.cache import Cache, user_cache


@skip_if_unchanged
def make(
    source: Path | None = None,
    into: Path = Path("build"),
    *,
    only: str | None = None,
    paper: str | None = None,
    style: Path | None = None,
    variants: Sequence[str] = (),
    fetch_pictures: bool = False,
    extensions: Sequence[str] = (),
    cache: bool = True,
    also_each: bool = False,
    onix: bool = False,
    cover: bool = False,
    destinations: Sequence[str] = (),
    stock: str | None = None,
    spine: float | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Made:
    """Read *source*, bind its editions into the folder *into*, and proof them against each other.

    *source* is a file, a folder with one file in it, or None for the folder `source`. *only* is `epub` or
    `pdf`; *paper* as `bifolio build --paper` takes it; *style* a stylesheet in the place of the project's,
    and *variants* the named styles of it that paper is to wear.
    *fetch_pictures* lets pictures on the web be fetched. *extensions* names extensions of Python-Markdown,
    whose code is run. *cache* uses what earlier builds have left, and leaves something for the next.
    *also_each* makes each article of a collection by itself too.
    *onix* writes what the book trade wants to know of the editions beside them.
    *cover* puts the cover before the first page of the PDF, too.
    *destinations* are the names of places that get an edition of their own, in the place of the usual two;
    *stock* is the paper of a book for print, and *spine* the width of its spine in inches.
    *on_stage* is told what is being done. Raises a BifolioError where nothing could be made; the files of
    an earlier build are then as they were.
    """
    places = destinations_of(destinations, only=only, onix=onix, cover=cover)
    wants_pdf = any(each.kind == "pdf" for each in places) if places else only != "epub"
    on_stage("Reading the source")
    kept = user_cache() if cache else None
    reading = partial(_read, kept, fetch_pictures=fetch_pictures, extensions=extensions)
    if wants_pdf:
        with in_background(lambda _: reading(source)) as errand:
            import_layout(kept)
            publication = errand.result()
    else:
        publication = reading(source)
    order = BuildOptions(
        only,
        paper or publication.paper or None,
        style or publication.style,
        tuple(variants) or publication.variants,
        onix,
        cover,
        places,
        stock,
        spine,
        kept,
        on_stage,
    )
    if also_each:
        return make_all(publication, into, order, reading)
    return make_one(publication, into, order)


def _read(cache: Cache | None, source: Path | None, **wishes: Any) -> Publication:
    """Read *source*; what reads it is imported by the process that does."""
    from bifolio.manuscript import read_with

    return read_with(cache, source, **wishes)
