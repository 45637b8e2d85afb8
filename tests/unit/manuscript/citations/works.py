"""A work, a text that cites it, and what is read of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bifolio import Publication
from bifolio.model.publication import text_of

Write = Callable[..., Path]

FRONT = "---\ntitle: T\nlanguage: en-US\nbibliography: w.json\n---\n"

DOE = {"id": "doe", "type": "book", "title": "Salt", "author": [{"family": "Doe"}], "issued": "2001"}


def words(publication: Publication) -> list[str]:
    return [" ".join(text_of(p).split()) for p in publication.sections[0].body.iter("p")]


def listed(publication: Publication) -> list[str]:
    return [text_of(item) for item in publication.sections[0].body.iter("li")]
