"""What an EPUB is like for the place where it goes (docs/epub.md says why)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bifolio.pictures import CONTENT_LIMITS, COVER_LIMITS, ImageLimits


@dataclass(frozen=True, slots=True)
class Target:
    """How an EPUB differs from one that every reader takes."""

    place: str = ""
    """Where it goes, in words."""
    inside: ImageLimits = CONTENT_LIMITS
    """What pictures in the text must keep to."""
    cover: ImageLimits = COVER_LIMITS
    svg: bool = True
    """Whether drawings may stay SVG; otherwise they are painted."""
    spans: bool = False
    """Whether sentences stand in spans that the reader marks places by."""


TARGETS = {
    "": Target(),
    "kobo": Target("Kobo", spans=True),
    "kindle": Target(
        "Kindle",
        inside=replace(CONTENT_LIMITS, still=True, plain=True),
        cover=replace(COVER_LIMITS, only_jpeg=True),
        svg=False,
    ),
}
"""By the name of the destination; the empty name is for every reader."""
