"""EPUB variants per target device (docs/e-readers.md gives the reasons)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bifolio.pictures import CONTENT_LIMITS, COVER_LIMITS, ImageLimits


@dataclass(frozen=True, slots=True)
class Target:
    """The properties of an EPUB that depend on the device or store that it is for."""

    title: str = ""
    """The name of the device or store; empty for the general EPUB."""
    content_limits: ImageLimits = CONTENT_LIMITS
    """The limits for images in the text."""
    cover_limits: ImageLimits = COVER_LIMITS
    keeps_svg: bool = True
    """Whether SVG images are kept; otherwise they are rasterised."""
    kobo_spans: bool = False
    """Whether sentences are wrapped in the spans by which Kobo's readers locate them."""


TARGETS = {
    "": Target(),
    "kobo": Target("Kobo", kobo_spans=True),
    "kindle": Target(
        "Kindle",
        content_limits=replace(CONTENT_LIMITS, no_animation=True, no_transparency=True),
        cover_limits=replace(COVER_LIMITS, only_jpeg=True),
        keeps_svg=False,
    ),
}
"""By the name of the destination (`bifolio.model.destinations`); the empty name is the general EPUB."""
