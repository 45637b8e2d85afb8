"""One sheet drawn from words, grounds and pictures whose places are known: the cover of a printed book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from bifolio.model.publication import Picture
from bifolio.pdf.engine.documents import write_html
from bifolio.pdf.engine.environment import create_environment
from bifolio.pdf.engine.fetcher import SCHEME, address

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle of one colour; this and all lengths here are in pt, from the left and from above."""

    left: float
    top: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of words."""

    text: str
    families: tuple[str, ...]
    """The fonts that have its letters, the first that has one being taken."""
    weight: int
    size: float
    x: float
    """Where its baseline begins, or ends with *to_left*."""
    y: float
    colour: Colour
    to_left: bool = False
    is_turned: bool = False
    """Whether it runs downwards, as on a spine."""


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """A picture that fills a rectangle; what sticks out is cut off."""

    picture: Picture
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """A sheet with its bleed."""

    width: float
    height: float
    bleed: float
    items: tuple[Rectangle | TextLine | PlacedImage, ...]
    """What stands on it, the lowest first."""


def draw_cover_sheet(sheet: CoverSheet, language: str) -> bytes:
    """Return the PDF of *sheet*, whose words are in *language*; its trim box is inside its bleed."""
    bench = create_environment(
        [_style(sheet)], [item.picture for item in sheet.items if isinstance(item, PlacedImage)]
    )
    root = Element("html", {"lang": language})
    body = SubElement(root, "body")
    for item in sheet.items:
        if isinstance(item, PlacedImage):
            _place(body, item)
        elif isinstance(item, Rectangle):
            SubElement(body, "div", {"style": _box(item) + f"background: {_rgb(item.colour)}"})
        else:
            _set(body, sheet, item)
    text = tostring(root, encoding="unicode", method="html")
    written = write_html(
        text, bench.fetcher, base_url=f"{SCHEME}:text", stylesheets=bench.stylesheets, fonts=bench.fonts
    )
    return _with_trim(written, sheet)


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


def _place(body: Element, plate: PlacedImage) -> None:
    holder = SubElement(body, "div", {"style": _box(plate)})
    SubElement(holder, "img", {"src": address(plate.picture.name), "alt": ""})


def _set(body: Element, sheet: CoverSheet, line: TextLine) -> None:
    """Set *line* with its baseline where it is to be.

    A box without width stands on the baseline, higher than the type and in a line of no height: so the
    baseline is the foot of the line.
    """
    rise, families = 2 * line.size, ", ".join(f"'{family}'" for family in line.families)
    side = f"right: {sheet.width - line.x:.3f}pt" if line.to_left else f"left: {line.x:.3f}pt"
    style = (
        f"{side}; top: {line.y - rise:.3f}pt; color: {_rgb(line.colour)}; "
        f"font: {line.weight} {line.size:.3f}pt/0 {families}, serif; "
    )
    if line.to_left:
        style += "direction: rtl; text-align: right; "
    if line.is_turned:
        style += f"transform: rotate(90deg); transform-origin: 0 {rise:.3f}pt; "
    holder = SubElement(body, "p", {"style": style})
    strut = SubElement(holder, "i", {"style": f"height: {rise:.3f}pt"})
    strut.tail = line.text


def _rgb(colour: Sequence[int]) -> str:
    return f"rgb({', '.join(map(str, colour))})"


def _with_trim(data: bytes, sheet: CoverSheet) -> bytes:
    """Return *data* with the trim box of *sheet* (ISO 32000-1, 14.11.2), and its sides to a thousandth."""
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
