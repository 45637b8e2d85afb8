"""Lays out the text on the spine of a wraparound cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.covers.panels import UNITS_PER_PT, Panels, select_fonts
from bifolio.covers.sheet import Colour, CoverItem, TextLine
from bifolio.covers.text_fitting import FontSpec
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import Face, bundled_face
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import Publication
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import Vendor

_SPINE_SIZE, _MIN_SPINE_SIZE = 22.0, 6.0
"""The largest and the smallest size of the title on the spine, in pt."""
_SECONDARY_SIZE = 0.78
"""The size of authors and publisher on the spine, relative to the title."""
_MAX_AUTHORS = 3
"""On the spine."""
_SANS, _SERIF = "Source Sans Pro", "Source Serif Pro"


def lay_out_spine(
    publication: Publication, panels: Panels, fallbacks: tuple[Fallback, ...], vendor: Vendor, ink: Colour
) -> tuple[list[CoverItem], list[Finding]]:
    """Return authors, title and publisher, reading down the spine (ISO 6357), and findings."""
    metadata = publication.metadata
    room = panels.spine - 2 * vendor.spine_clearance * PT_PER_INCH
    size = min(room / 1.2, _SPINE_SIZE)
    length = panels.height - 2 * max(vendor.cover_clearance * PT_PER_INCH, panels.height * 0.06)
    author = " \N{MIDDLE DOT} ".join(metadata.authors[:_MAX_AUTHORS]) + (
        " \N{HORIZONTAL ELLIPSIS}" if metadata.authors[_MAX_AUTHORS:] else ""
    )
    parts = (
        _SpineText(author, bundled_face(_SANS, 600), _SECONDARY_SIZE),
        _SpineText(metadata.short_title or metadata.title, bundled_face(_SERIF, 600), 1.0),
        _SpineText(metadata.publisher, bundled_face(_SANS, 400), _SECONDARY_SIZE),
    )
    while size >= _MIN_SPINE_SIZE:
        widths = [
            FontSpec(part.face, fallbacks, size * part.relative_size * UNITS_PER_PT, 1).width(part.text)
            / UNITS_PER_PT
            for part in parts
        ]
        gaps = 2 * size * sum(bool(part.text) for part in parts[::2])
        if sum(widths) + gaps <= length:
            return list(_spine_lines(parts, widths, fallbacks, panels, size, length, ink)), []
        size *= 0.96
    return [], [found("spine-bare", Where(publication.source), width=round(panels.spine / PT_PER_INCH, 3))]


@dataclass(frozen=True, slots=True)
class _SpineText:
    """A text on the spine."""

    text: str
    face: Face
    relative_size: float
    """Its size, relative to the title."""


def _spine_lines(
    parts: Sequence[_SpineText], widths: Sequence[float], fallbacks: tuple[Fallback, ...], panels: Panels,
    size: float, length: float, ink: Colour,
) -> Iterator[TextLine]:  # fmt: skip
    """Yield *parts* down the spine: at its head, as near to the middle as possible, and at its foot."""
    head = panels.bleed + (panels.height - length) / 2
    middle = head + (length - widths[1]) / 2
    first = head + (widths[0] + 2 * size if widths[0] else 0)
    last = head + length - widths[2]
    middle = min(max(middle, first), last - (2 * size if widths[2] else 0) - widths[1])
    for part, y in zip(parts, (head, middle, last), strict=True):
        if part.text:
            # Centres the letters, whose middle is 0.27 em above the baseline, on the spine.
            x = panels.spine_left + panels.spine / 2 - size * part.relative_size * 0.27
            fonts = select_fonts(part.text, part.face, fallbacks)
            yield TextLine(part.text, *fonts, size * part.relative_size, x, y, ink, is_rotated=True)
