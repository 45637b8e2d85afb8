"""The cover that wraps a printed book: the back, the spine and the front on one sheet.

It is the cover of the EPUB, carried around: cloth over the spine, as on half-bound books, and paper on the
boards. An author's own picture fills the front, and the ground of the rest is the colour of its bound edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bifolio.covers.front_cover import BACK, CLOTH, INK, PAPER, WIDTH, date_in_words, lay_out_cover
from bifolio.covers.sheet import Colour, CoverSheet, PlacedImage, Rectangle, TextLine
from bifolio.covers.text_fitting import FontSpec, fit_text
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import Face, bundled_face
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Picture, Publication
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BARCODE, BARCODE_PLACE, BLEED, Vendor

_UNITS = 10.0
"""In a point, where type is fitted: what that calls a pixel is a tenth of a point here."""
_STRIP = 0.17
"""How wide the cloth is on the back, in inches: it ends before the barcode begins."""
_BLURB, _LEAST_BLURB = 11.0, 7.0
"""The type of the text on the back, and the smallest that can be read, in pt."""
_SPINE, _LEAST_SPINE = 22.0, 6.0
"""The same for the title on the spine."""
_ASIDE, _NAMES = 0.78, 3
"""How large authors and publisher are beside it, and how many authors there are room for."""
_SANS, _SERIF = "Source Sans Pro", "Source Serif Pro"


@dataclass(frozen=True, slots=True)
class _Panels:
    """Where the parts of a wrap stand, in pt from its left edge."""

    width: float
    height: float
    """Of a trimmed page."""
    spine: float
    bleed: float
    mirrored: bool
    """Whether the front is on the left, as it is where one reads from right to left."""

    @property
    def whole(self) -> tuple[float, float]:
        """The sheet with its bleed."""
        return 2 * (self.width + self.bleed) + self.spine, self.height + 2 * self.bleed

    @property
    def spine_left(self) -> float:
        return self.bleed + self.width

    @property
    def front(self) -> float:
        return self.bleed if self.mirrored else self.spine_left + self.spine

    @property
    def back(self) -> float:
        return self.spine_left + self.spine if self.mirrored else self.bleed


def lay_out_wraparound(
    publication: Publication, fallbacks: tuple[Fallback, ...], vendor: Vendor, trim: tuple[float, float],
    spine: float, pages: int,
) -> tuple[CoverSheet, list[Finding]]:  # fmt: skip
    """Return the cover of a book of so many *pages*; *trim* and the width of the *spine* are in inches."""
    width, height = (side * PT_PER_INCH for side in trim)
    mirrored = direction(publication.metadata.language) == "rtl"
    panels = _Panels(width, height, spine * PT_PER_INCH, BLEED * PT_PER_INCH, mirrored)
    cover = publication.cover
    ground = _edge_colour(cover, mirrored=mirrored) if cover else CLOTH
    paper = ground if cover else PAPER
    items: list[Rectangle | TextLine | PlacedImage] = [Rectangle(0, 0, *panels.whole, paper)]
    items += _picture(panels, cover) if cover else _front(publication, panels, fallbacks)
    blurb, findings = _back(publication, panels, fallbacks, vendor, INK if not cover else _on(ground))
    items += blurb
    if pages >= vendor.spine_text:
        words, said = _spine(publication, panels, fallbacks, vendor, PAPER if not cover else _on(ground))
        items += words
        findings += said
    return CoverSheet(*panels.whole, panels.bleed, tuple(items)), findings


def _picture(panels: _Panels, cover: Picture) -> list[Rectangle | TextLine | PlacedImage]:
    """Return the author's picture over the front, to the edges of the sheet."""
    left = 0.0 if panels.mirrored else panels.front
    return [PlacedImage(cover, left, 0, panels.width + panels.bleed, panels.whole[1])]


def _front(
    publication: Publication, panels: _Panels, fallbacks: tuple[Fallback, ...]
) -> Iterator[Rectangle | TextLine | PlacedImage]:
    """Give the front as the EPUB has it, and the cloth around the spine."""
    scale = panels.width / WIDTH
    layout = lay_out_cover(
        publication.metadata, date_in_words(publication), fallbacks, round(panels.height / scale)
    )
    strip = _STRIP * PT_PER_INCH
    left = panels.spine_left - (BACK * scale if panels.mirrored else strip)
    yield Rectangle(left, 0, panels.spine + strip + BACK * scale, panels.whole[1], CLOTH)

    def at(x: float, y: float) -> tuple[float, float]:
        return panels.front + x * scale, panels.bleed + y * scale

    if layout.rule:
        x, y, right, bottom = layout.rule
        yield Rectangle(*at(x, y), (right - x) * scale, (bottom - y) * scale, CLOTH)
    for words in layout.words:
        kind = replace(words.kind, size=words.kind.size * scale)
        yield from _lines(words.lines, kind, at(*words.place), words.ink, to_left=layout.to_left)


def _lines(
    lines: Sequence[str], kind: FontSpec, place: tuple[float, float], colour: Colour, *, to_left: bool
) -> Iterator[TextLine]:
    x, y = place
    for text in lines:
        yield TextLine(text, *_fonts(text, kind.face, kind.fallbacks), kind.size, x, y, colour, to_left)
        y += kind.size * kind.leading


def _fonts(text: str, face: Face, fallbacks: tuple[Fallback, ...]) -> tuple[tuple[str, ...], int]:
    """Return the families of *face* and of the fonts that *text* was measured with, and its weight."""
    needed = [fallback for fallback in fallbacks if not fallback.characters.isdisjoint(text)]
    families = (face.family, *(fallback.face.family for fallback in needed))
    for fallback in needed:
        if 2 * sum(letter in fallback.characters for letter in text) > len(text.replace(" ", "")):
            return families, fallback.face.weight
    return families, face.weight


def _back(
    publication: Publication, panels: _Panels, fallbacks: tuple[Fallback, ...], vendor: Vendor, ink: Colour
) -> tuple[list[Rectangle | TextLine | PlacedImage], list[Finding]]:
    """Return the description, above the place of the barcode."""
    metadata = publication.metadata
    if not metadata.description:
        return [], []
    margin = max(panels.width * 0.12, vendor.cover_clear * PT_PER_INCH + 9)
    top = panels.height * 0.13
    foot = (BARCODE[1] + BARCODE_PLACE + 0.3) * PT_PER_INCH
    box = ((panels.width - 2 * margin) * _UNITS, (panels.height - top - foot) * _UNITS)
    kind, lines = fit_text(
        [metadata.description],
        FontSpec(bundled_face(_SERIF, 400), fallbacks, _BLURB * _UNITS, 1.42),
        box,
        metadata.language,
    )
    kind = replace(kind, size=kind.size / _UNITS)
    x = panels.back + (panels.width - margin if panels.mirrored else margin)
    place = x, panels.bleed + top + kind.size
    findings = []
    if kind.size < _LEAST_BLURB:
        findings.append(found("cover-crowded", Where(publication.source), size=round(kind.size, 1)))
    return list(_lines(lines, kind, place, ink, to_left=panels.mirrored)), findings


def _spine(
    publication: Publication, panels: _Panels, fallbacks: tuple[Fallback, ...], vendor: Vendor, ink: Colour
) -> tuple[list[Rectangle | TextLine | PlacedImage], list[Finding]]:
    """Return author, title and publisher down the spine (ISO 6357), each in its third."""
    metadata = publication.metadata
    room = panels.spine - 2 * vendor.spine_clear * PT_PER_INCH
    size = min(room / 1.2, _SPINE)
    length = panels.height - 2 * max(vendor.cover_clear * PT_PER_INCH, panels.height * 0.06)
    author = " \N{MIDDLE DOT} ".join(metadata.authors[:_NAMES]) + (
        " \N{HORIZONTAL ELLIPSIS}" if metadata.authors[_NAMES:] else ""
    )
    parts = (
        _Part(author, bundled_face(_SANS, 600), _ASIDE),
        _Part(metadata.short_title or metadata.title, bundled_face(_SERIF, 600), 1.0),
        _Part(metadata.publisher, bundled_face(_SANS, 400), _ASIDE),
    )
    while size >= _LEAST_SPINE:
        widths = [
            FontSpec(part.face, fallbacks, size * part.share * _UNITS, 1).width(part.text) / _UNITS
            for part in parts
        ]
        gaps = 2 * size * sum(bool(part.text) for part in parts[::2])
        if sum(widths) + gaps <= length:
            return list(_down(parts, widths, fallbacks, panels, size, length, ink)), []
        size *= 0.96
    return [], [found("spine-bare", Where(publication.source), width=round(panels.spine / PT_PER_INCH, 3))]


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands on a spine."""

    text: str
    face: Face
    share: float
    """Its size, in sizes of the title."""


def _down(
    parts: Sequence[_Part], widths: Sequence[float], fallbacks: tuple[Fallback, ...], panels: _Panels,
    size: float, length: float, ink: Colour,
) -> Iterator[TextLine]:  # fmt: skip
    """Give *parts* down the spine: at its head, in the middle or as near as can be, and at its foot."""
    head = panels.bleed + (panels.height - length) / 2
    middle = head + (length - widths[1]) / 2
    first = head + (widths[0] + 2 * size if widths[0] else 0)
    last = head + length - widths[2]
    middle = min(max(middle, first), last - (2 * size if widths[2] else 0) - widths[1])
    for part, y in zip(parts, (head, middle, last), strict=True):
        if part.text:
            # The middle of its letters stands in the middle of the spine.
            x = panels.spine_left + panels.spine / 2 - size * part.share * 0.27
            fonts = _fonts(part.text, part.face, fallbacks)
            yield TextLine(part.text, *fonts, size * part.share, x, y, ink, is_turned=True)


def _edge_colour(cover: Picture, *, mirrored: bool) -> Colour:
    """Return the colour that *cover* has on average where it meets the spine, or that of paper."""
    from io import BytesIO

    from PIL import Image

    try:
        image = Image.open(BytesIO(cover.data)).convert("RGB")
    except OSError:
        return PAPER
    strip = max(image.width // 50, 1)
    left = image.width - strip if mirrored else 0
    bound = image.crop((left, 0, left + strip, image.height)).resize((1, 1), Image.Resampling.BOX)
    red, green, blue = bound.getpixel((0, 0))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def _on(ground: Colour) -> Colour:
    """Return the ink that is read best on *ground*: black or white."""
    light = (0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2]) / 255
    return INK if light > 0.5 else (255, 255, 255)
