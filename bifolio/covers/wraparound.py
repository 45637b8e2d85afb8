"""Lays out the wraparound cover of a printed book: back, spine and front on one page.

The generated front is that of the EPUB, with its cloth continued over the spine. An author's image fills the
front, and spine and back have the average colour of its bound edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bifolio.covers.front_cover import CLOTH, CLOTH_WIDTH, INK, PAPER, WIDTH, date_in_words, lay_out_cover
from bifolio.covers.panels import UNITS_PER_PT, Panels, select_fonts
from bifolio.covers.sheet import Colour, CoverItem, CoverSheet, PlacedImage, Rectangle, TextLine
from bifolio.covers.spine import lay_out_spine
from bifolio.covers.text_fitting import FontSpec, fit_text
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import bundled_face
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import direction
from bifolio.model.publication import Picture, Publication
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BARCODE, BARCODE_MARGIN, BLEED, Vendor

_BACK_CLOTH = 0.17
"""The width of the cloth on the back, in inches: it ends before the barcode."""
_BLURB_SIZE, _MIN_BLURB_SIZE = 11.0, 7.0
"""The largest and the smallest size of the text on the back, in pt."""
_SANS, _SERIF = "Source Sans Pro", "Source Serif Pro"


def lay_out_wraparound(
    publication: Publication, fallbacks: tuple[Fallback, ...], vendor: Vendor, trim: tuple[float, float],
    spine: float, pages: int,
) -> tuple[CoverSheet, list[Finding]]:  # fmt: skip
    """Return the cover of a book of *pages* pages, and findings; *trim* and *spine* are in inches.

    Text is only put on the spine if *vendor* allows it for that number of pages.
    """
    width, height = (side * PT_PER_INCH for side in trim)
    mirrored = direction(publication.metadata.language) == "rtl"
    panels = Panels(width, height, spine * PT_PER_INCH, BLEED * PT_PER_INCH, mirrored)
    cover = publication.cover
    if cover:
        background = _edge_colour(cover, mirrored=mirrored)
        back_ink = spine_ink = _contrasting_ink(background)
        front = _image_front(panels, cover)
    else:
        background, back_ink, spine_ink = PAPER, INK, PAPER
        front = list(_generated_front(publication, panels, fallbacks))
    items: list[CoverItem] = [Rectangle(0, 0, *panels.sheet_size, background), *front]
    blurb, findings = _back(publication, panels, fallbacks, vendor, back_ink)
    items += blurb
    if pages >= vendor.min_pages_for_spine_text:
        lines, spine_findings = lay_out_spine(publication, panels, fallbacks, vendor, spine_ink)
        items += lines
        findings += spine_findings
    return CoverSheet(*panels.sheet_size, panels.bleed, tuple(items)), findings


def _image_front(panels: Panels, cover: Picture) -> list[CoverItem]:
    """Return the author's image, which fills the front and its bleed."""
    left = 0.0 if panels.mirrored else panels.front
    return [PlacedImage(cover, left, 0, panels.width + panels.bleed, panels.sheet_size[1])]


def _generated_front(
    publication: Publication, panels: Panels, fallbacks: tuple[Fallback, ...]
) -> Iterator[CoverItem]:
    """Yield the generated front cover, and the cloth around the spine."""
    scale = panels.width / WIDTH
    layout = lay_out_cover(
        publication.metadata, date_in_words(publication), fallbacks, round(panels.height / scale)
    )
    strip = _BACK_CLOTH * PT_PER_INCH
    left = panels.spine_left - (CLOTH_WIDTH * scale if panels.mirrored else strip)
    yield Rectangle(left, 0, panels.spine + strip + CLOTH_WIDTH * scale, panels.sheet_size[1], CLOTH)

    def at(x: float, y: float) -> tuple[float, float]:
        return panels.front + x * scale, panels.bleed + y * scale

    if layout.rule:
        x, y, right, bottom = layout.rule
        yield Rectangle(*at(x, y), (right - x) * scale, (bottom - y) * scale, CLOTH)
    for block in layout.blocks:
        spec = replace(block.spec, size=block.spec.size * scale)
        origin = at(*block.origin)
        yield from _lines(block.lines, spec, origin, block.colour, right_to_left=layout.right_to_left)


def _lines(
    lines: Sequence[str],
    spec: FontSpec,
    origin: tuple[float, float],
    colour: Colour,
    *,
    right_to_left: bool,
) -> Iterator[TextLine]:
    x, y = origin
    for text in lines:
        yield TextLine(
            text, *select_fonts(text, spec.face, spec.fallbacks), spec.size, x, y, colour, right_to_left
        )
        y += spec.size * spec.leading


def _back(
    publication: Publication, panels: Panels, fallbacks: tuple[Fallback, ...], vendor: Vendor, ink: Colour
) -> tuple[list[CoverItem], list[Finding]]:
    """Return the description, above the space for the barcode, and findings."""
    metadata = publication.metadata
    if not metadata.description:
        return [], []
    margin = max(panels.width * 0.12, vendor.cover_clearance * PT_PER_INCH + 9)
    top = panels.height * 0.13
    foot = (BARCODE[1] + BARCODE_MARGIN + 0.3) * PT_PER_INCH
    box = ((panels.width - 2 * margin) * UNITS_PER_PT, (panels.height - top - foot) * UNITS_PER_PT)
    spec, lines = fit_text(
        [metadata.description],
        FontSpec(bundled_face(_SERIF, 400), fallbacks, _BLURB_SIZE * UNITS_PER_PT, 1.42),
        box,
        metadata.language,
    )
    spec = replace(spec, size=spec.size / UNITS_PER_PT)
    x = panels.back + (panels.width - margin if panels.mirrored else margin)
    origin = x, panels.bleed + top + spec.size
    findings = []
    if spec.size < _MIN_BLURB_SIZE:
        findings.append(found("cover-crowded", Where(publication.source), size=round(spec.size, 1)))
    return list(_lines(lines, spec, origin, ink, right_to_left=panels.mirrored)), findings


def _edge_colour(cover: Picture, *, mirrored: bool) -> Colour:
    """Return the average colour of *cover* at its bound edge; `PAPER` if Pillow cannot read it."""
    from io import BytesIO

    from PIL import Image

    try:
        image = Image.open(BytesIO(cover.data)).convert("RGB")
    except OSError:
        return PAPER
    strip = max(image.width // 50, 1)
    left = image.width - strip if mirrored else 0
    average = image.crop((left, 0, left + strip, image.height)).resize((1, 1), Image.Resampling.BOX)
    red, green, blue = average.getpixel((0, 0))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def _contrasting_ink(background: Colour) -> Colour:
    """Return black or white, whichever has more contrast with *background* (luma of ITU-R BT.601)."""
    luma = (0.299 * background[0] + 0.587 * background[1] + 0.114 * background[2]) / 255
    return INK if luma > 0.5 else (255, 255, 255)
