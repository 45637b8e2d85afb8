"""A sample work, front matter that names its bibliography, and helpers that read citations back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bifolio import Publication
from bifolio.model.publication import text_of

Write = Callable[..., Path]

FRONT = "---\ntitle: T\nlanguage: en-US\nbibliography: w.json\n---\n"

DOE = {"id": "doe", "type": "book", "title": "Salt", "author": [{"family": "Doe"}], "issued": "2001"}


def paragraphs(publication: Publication) -> list[str]:
    return [" ".join(text_of(p).split()) for p in publication.sections[0].body.iter("p")]


def bibliography(publication: Publication) -> list[str]:
    return [text_of(item) for item in publication.sections[0].body.iter("li")]
