"""A finished PDF made ready for the press: its inks, its boxes and bleed, and an even number of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BLEED, Stock, Vendor
from bifolio.prepress.bleed_boxes import Box
from bifolio.prepress.inks import Process
from bifolio.prepress.pdfx import X1A, DocumentInfo, declare_pdfx
from bifolio.prepress.recolour import Recolourer
from bifolio.prepress.strip import embed_bare_cff, strip_interactive

_AT_EDGE = 0.5
"""How near to the edge of the page, in pt, a picture means to reach it."""


@dataclass(frozen=True, slots=True)
class PressFile:
    """A file for print."""

    data: bytes
    pages: int
    has_bleed: bool
    left: tuple[str, ...]
    """What could not be put into the inks of the press, in a few words each."""


@dataclass(frozen=True, slots=True)
class _Margins:
    """What a page has beyond its trim, in pt."""

    left: float
    bottom: float
    right: float
    top: float


def finish_interior(
    data: bytes, vendor: Vendor, stock: Stock, shift: float, facts: DocumentInfo, *, right_to_left: bool
) -> PressFile:
    """Return the pages of *data* ready for *vendor*, each moved by *shift* pt away from the fold.

    The pages have the size of their trim boxes, and bleed where a picture or a ground reaches the edge. What
    spans a page from side to side is not moved.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        redrawing = Recolourer(pdf, _process(vendor, stock))
        strip_interactive(pdf)
        embed_bare_cff(pdf)
        drawn = [(tuple(map(float, page.trimbox)), redrawing.page(page)) for page in pdf.pages]
        redrawing.tidy()
        reached = [[_reached(box, trim) for box in page.painted] for trim, page in drawn]
        has_bleed = any(any(sides) for page in reached for sides in page)
        for place, (page, (trim, _)) in enumerate(zip(pdf.pages, drawn, strict=True)):
            is_right = (place % 2 == 0) != right_to_left
            spans = any(sides[0] and sides[2] for sides in reached[place])
            away = 0.0 if spans else shift if is_right else -shift
            out = _bleed(vendor, is_right=is_right) if has_bleed else _Margins(0, 0, 0, 0)
            _set_page(page, trim, out, away)
        _fill_up(pdf, vendor, last_is_blank=drawn[-1][1].is_blank)
        left = tuple(sorted(redrawing.left))
        return PressFile(_saved(pdf, vendor, facts, left), len(pdf.pages), has_bleed, left)


def finish_cover(data: bytes, vendor: Vendor, facts: DocumentInfo) -> PressFile:
    """Return the one page of *data*, a cover with its bleed and its trim box, ready for *vendor*."""
    process = Process.PRESS if vendor.press_colours else Process.SCREEN
    with pikepdf.open(BytesIO(data)) as pdf:
        redrawing = Recolourer(pdf, process)
        strip_interactive(pdf)
        embed_bare_cff(pdf)
        page = pdf.pages[0]
        redrawing.page(page)
        redrawing.tidy()
        left = tuple(sorted(redrawing.left))
        return PressFile(_saved(pdf, vendor, facts, left), 1, True, left)


def _process(vendor: Vendor, stock: Stock) -> Process:
    if not stock.colour:
        return Process.BLACK
    return Process.PRESS if vendor.press_colours else Process.SCREEN


def _reached(box: Box, trim: Sequence[float]) -> tuple[bool, ...]:
    """Return which edges of the page *trim* the *box* reaches: left, bottom, right, top."""
    left, bottom, right, top = trim
    if box[0] >= right or box[2] <= left or box[1] >= top or box[3] <= bottom:
        return (False,) * 4
    return (
        box[0] <= left + _AT_EDGE,
        box[1] <= bottom + _AT_EDGE,
        box[2] >= right - _AT_EDGE,
        box[3] >= top - _AT_EDGE,
    )


def _bleed(vendor: Vendor, *, is_right: bool) -> _Margins:
    """Return the bleed of a page on the right or the left, which has its fold on the other side."""
    out = BLEED * PT_PER_INCH
    fold = out if vendor.inside_bleed else 0.0
    return _Margins(fold, out, out, out) if is_right else _Margins(out, out, fold, out)


def _set_page(page: pikepdf.Page, trim: Sequence[float], out: _Margins, away: float) -> None:
    """Give *page*, which is cut at *trim*, the bleed *out*, and move what it shows *away* from its left.

    The page begins at 0, as it does for programs that know no box but one (ISO 32000-1, 14.11.2).
    """
    left, bottom, right, top = trim
    across, up = out.left + away - left, out.bottom - bottom
    page.contents_add(f"q 1 0 0 1 {across:.4f} {up:.4f} cm".encode(), prepend=True)
    page.contents_add(b"Q")
    page.contents_coalesce()
    width, height = right - left, top - bottom
    whole = _rounded((0, 0, out.left + width + out.right, out.bottom + height + out.top))
    page.mediabox = whole
    for name in ("/CropBox", "/ArtBox"):
        if name in page.obj:
            del page.obj[name]
    page.obj.BleedBox = whole
    page.obj.TrimBox = _rounded((out.left, out.bottom, out.left + width, out.bottom + height))


def _rounded(box: Sequence[float]) -> Array:
    return Array([round(side, 3) for side in box])


def _fill_up(pdf: pikepdf.Pdf, vendor: Vendor, *, last_is_blank: bool) -> None:
    """Add blank pages until their number is even, and the last is blank where *vendor* wants it so."""
    if vendor.last_blank and not last_is_blank:
        _add_blank(pdf)
    if len(pdf.pages) % 2:
        _add_blank(pdf)


def _add_blank(pdf: pikepdf.Pdf) -> None:
    """Add a blank page, with the boxes of the last page of its side."""
    like = pdf.pages[-2 if len(pdf.pages) > 1 else -1]
    page = Dictionary(
        Type=Name.Page, Resources=Dictionary(), Contents=pdf.make_stream(b""), MediaBox=like.mediabox,
        BleedBox=like.obj.BleedBox, TrimBox=like.obj.TrimBox,
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _saved(pdf: pikepdf.Pdf, vendor: Vendor, facts: DocumentInfo, left: Sequence[str]) -> bytes:
    """Return *pdf* as bytes; it declares a standard only where all that it asks is done."""
    declared = vendor.declares == X1A and not left and _fonts_are_plain(pdf)
    if declared:
        declare_pdfx(pdf, facts)
    pdf.remove_unreferenced_resources()
    out = BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=True,
        recompress_flate=False,
        force_version="1.3" if declared else "1.6",
    )
    return out.getvalue()


def _fonts_are_plain(pdf: pikepdf.Pdf) -> bool:
    """Say whether every font is embedded in a form that PDF 1.3 knows."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == Name.FontDescriptor:
            whole = thing.get("/FontFile3")
            if not any(name in thing for name in ("/FontFile", "/FontFile2", "/FontFile3")):
                return False
            if whole is not None and whole.get("/Subtype") == Name.OpenType:
                return False
    return True
