"""Draws a PDF page of text lines, rectangles and images at fixed positions: the cover of a printed book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from bifolio.model.publication import Picture
from bifolio.pdf.engine.documents import write_html
from bifolio.pdf.engine.fetcher import SCHEME, image_url
from bifolio.pdf.engine.layout_environment import create_environment

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle. All lengths in this module are in pt, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text."""

    text: str
    families: tuple[str, ...]
    """The font families, in order of preference."""
    weight: int
    size: float
    x: float
    """The start of the baseline: its left end, or its right end if `right_to_left`."""
    y: float
    colour: Colour
    right_to_left: bool = False
    is_rotated: bool = False
    """Whether it is rotated to run downwards, as on a spine."""


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image that fills a rectangle and is cropped to it."""

    picture: Picture
    left: float
    top: float
    width: float
    height: float


CoverItem = Rectangle | TextLine | PlacedImage


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """A page with bleed on all sides."""

    width: float
    """With the bleed, as is the height."""
    height: float
    bleed: float
    items: tuple[CoverItem, ...]
    """The items in painting order."""


def draw_cover_sheet(sheet: CoverSheet, language: str) -> bytes:
    """Return *sheet*, with text in *language*, as a PDF page whose trim box excludes the bleed."""
    environment = create_environment(
        [_style(sheet)], [item.picture for item in sheet.items if isinstance(item, PlacedImage)]
    )
    root = Element("html", {"lang": language})
    body = SubElement(root, "body")
    for item in sheet.items:
        if isinstance(item, PlacedImage):
            _add_image(body, item)
        elif isinstance(item, Rectangle):
            SubElement(body, "div", {"style": _box(item) + f"background: {_rgb(item.colour)}"})
        else:
            _add_line(body, sheet, item)
    text = tostring(root, encoding="unicode", method="html")
    data = write_html(
        text,
        environment.fetcher,
        base_url=f"{SCHEME}:text",
        stylesheets=environment.stylesheets,
        fonts=environment.fonts,
    )
    return _with_boxes(data, sheet)


def _style(sheet: CoverSheet) -> str:
    return (
        f"@page {{ size: {sheet.width:.4f}pt {sheet.height:.4f}pt; margin: 0 }} body {{ margin: 0 }}"
        "div, p { position: absolute } div { overflow: hidden } p { margin: 0; white-space: nowrap }"
        "i { display: inline-block; width: 0 }"
        "img { display: block; width: 100%; height: 100%; object-fit: cover }"
    )


def _box(item: Rectangle | PlacedImage) -> str:
    return (
        f"left: {item.left:.3f}pt; top: {item.top:.3f}pt; "
        f"width: {item.width:.3f}pt; height: {item.height:.3f}pt; "
    )


def _add_image(body: Element, image: PlacedImage) -> None:
    holder = SubElement(body, "div", {"style": _box(image)})
    SubElement(holder, "img", {"src": image_url(image.picture.name), "alt": ""})


def _add_line(body: Element, sheet: CoverSheet, line: TextLine) -> None:
    """Add *line* to *body* with its baseline at `line.y`.

    A strut of zero width, taller than the type, stands on the baseline of a line box whose line height is 0,
    so the bottom of the line box is the baseline.
    """
    rise, families = 2 * line.size, ", ".join(f"'{family}'" for family in line.families)
    side = f"right: {sheet.width - line.x:.3f}pt" if line.right_to_left else f"left: {line.x:.3f}pt"
    style = (
        f"{side}; top: {line.y - rise:.3f}pt; color: {_rgb(line.colour)}; "
        f"font: {line.weight} {line.size:.3f}pt/0 {families}, serif; "
    )
    if line.right_to_left:
        style += "direction: rtl; text-align: right; "
    if line.is_rotated:
        style += f"transform: rotate(90deg); transform-origin: 0 {rise:.3f}pt; "
    holder = SubElement(body, "p", {"style": style})
    strut = SubElement(holder, "i", {"style": f"height: {rise:.3f}pt"})
    strut.tail = line.text


def _rgb(colour: Sequence[int]) -> str:
    return f"rgb({', '.join(map(str, colour))})"


def _with_boxes(data: bytes, sheet: CoverSheet) -> bytes:
    """Return *data* with the boxes of *sheet* (ISO 32000-1, 14.11.2), rounded to 0.001 pt."""
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        page, bleed = pdf.pages[0], sheet.bleed
        whole = [0, 0, round(sheet.width, 3), round(sheet.height, 3)]
        page.mediabox = pikepdf.Array(whole)
        page.obj.BleedBox = pikepdf.Array(whole)
        page.obj.TrimBox = pikepdf.Array(
            [bleed, bleed, round(sheet.width - bleed, 3), round(sheet.height - bleed, 3)]
        )
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
