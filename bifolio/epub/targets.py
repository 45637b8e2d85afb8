"""What an EPUB is like for the place where it goes (docs/epub.md says why)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bifolio.pictures import COVER, INSIDE, Limits


@dataclass(frozen=True, slots=True)
class Flavour:
    """How an EPUB differs from one that every reader takes."""

    place: str = ""
    """Where it goes, in words."""
    inside: Limits = INSIDE
    """What pictures in the text must keep to."""
    cover: Limits = COVER
    svg: bool = True
    """Whether drawings may stay SVG; otherwise they are painted."""
    spans: bool = False
    """Whether sentences stand in spans that the reader marks places by."""


FLAVOURS = {
    "": Flavour(),
    "kobo": Flavour("Kobo", spans=True),
    "kindle": Flavour(
        "Kindle",
        inside=replace(INSIDE, still=True, plain=True),
        cover=replace(COVER, only_jpeg=True),
        svg=False,
    ),
}
"""By the name of the destination; the empty name is for every reader."""
