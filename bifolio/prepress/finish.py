"""Prepares a finished PDF for print: converts colours, sets page boxes and bleed, adds blank pages."""

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
from bifolio.prepress.strip_interactive import embed_bare_cff, strip_interactive

_EDGE_TOLERANCE = 0.5
"""The distance from the edge of the page, in pt, within which a painted box is taken to reach it."""


@dataclass(frozen=True, slots=True)
class PressFile:
    """A PDF for a print vendor."""

    data: bytes
    pages: int
    has_bleed: bool
    unconverted: tuple[str, ...]
    """Objects that could not be converted to the inks of the press, each as a phrase for a message."""


@dataclass(frozen=True, slots=True)
class _Bleed:
    """The bleed of a page beyond its trim box, in pt."""

    left: float
    bottom: float
    right: float
    top: float


def finish_interior(
    data: bytes, vendor: Vendor, stock: Stock, shift: float, info: DocumentInfo, *, right_to_left: bool
) -> PressFile:
    """Return the pages of the PDF *data* for *vendor*, each moved by *shift* pt away from the spine.

    The trim size stays. All pages get bleed if a painted box reaches the edge of any of them. A page with a
    box from side to side is not moved.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        recolourer = Recolourer(pdf, _process(vendor, stock))
        strip_interactive(pdf)
        embed_bare_cff(pdf)
        recoloured = [(tuple(map(float, page.trimbox)), recolourer.recolour_page(page)) for page in pdf.pages]
        recolourer.remove_unused()
        edges = [[_edges_reached(box, trim) for box in page.painted] for trim, page in recoloured]
        has_bleed = any(any(reached) for page in edges for reached in page)
        for index, (page, (trim, _)) in enumerate(zip(pdf.pages, recoloured, strict=True)):
            is_right = (index % 2 == 0) != right_to_left
            is_spanned = any(left and right for left, _, right, _ in edges[index])
            page_shift = 0.0 if is_spanned else shift if is_right else -shift
            bleed = _bleed(vendor, is_right=is_right) if has_bleed else _Bleed(0, 0, 0, 0)
            _set_boxes(page, trim, bleed, page_shift)
        _add_blank_pages(pdf, vendor, last_is_blank=recoloured[-1][1].is_blank)
        unconverted = tuple(sorted(recolourer.unconverted))
        return PressFile(_save(pdf, vendor, info, unconverted), len(pdf.pages), has_bleed, unconverted)


def finish_cover(data: bytes, vendor: Vendor, info: DocumentInfo) -> PressFile:
    """Return the only page of the PDF *data*, a cover with bleed and a trim box, for *vendor*."""
    process = Process.PRESS if vendor.requires_cmyk else Process.SCREEN
    with pikepdf.open(BytesIO(data)) as pdf:
        recolourer = Recolourer(pdf, process)
        strip_interactive(pdf)
        embed_bare_cff(pdf)
        recolourer.recolour_page(pdf.pages[0])
        recolourer.remove_unused()
        unconverted = tuple(sorted(recolourer.unconverted))
        return PressFile(_save(pdf, vendor, info, unconverted), 1, True, unconverted)


def _process(vendor: Vendor, stock: Stock) -> Process:
    if not stock.colour:
        return Process.BLACK
    return Process.PRESS if vendor.requires_cmyk else Process.SCREEN


def _edges_reached(box: Box, trim: Sequence[float]) -> tuple[bool, bool, bool, bool]:
    """Return whether *box* reaches each edge of the trim box *trim*: left, bottom, right, top."""
    left, bottom, right, top = trim
    if box[0] >= right or box[2] <= left or box[1] >= top or box[3] <= bottom:
        return False, False, False, False
    return (
        box[0] <= left + _EDGE_TOLERANCE,
        box[1] <= bottom + _EDGE_TOLERANCE,
        box[2] >= right - _EDGE_TOLERANCE,
        box[3] >= top - _EDGE_TOLERANCE,
    )


def _bleed(vendor: Vendor, *, is_right: bool) -> _Bleed:
    """Return the bleed of a page; right-hand pages have the spine on their left, others on their right."""
    outside = BLEED * PT_PER_INCH
    inside = outside if vendor.has_inside_bleed else 0.0
    if is_right:
        return _Bleed(inside, outside, outside, outside)
    return _Bleed(outside, outside, inside, outside)


def _set_boxes(page: pikepdf.Page, trim: Sequence[float], bleed: _Bleed, shift: float) -> None:
    """Set the boxes of *page* to its *trim* box with *bleed*, and move its content by *shift* to the right.

    The media box starts at the origin, for programs that read no other box (ISO 32000-1, 14.11.2).
    """
    left, bottom, right, top = trim
    x, y = bleed.left + shift - left, bleed.bottom - bottom
    page.contents_add(f"q 1 0 0 1 {x:.4f} {y:.4f} cm".encode(), prepend=True)
    page.contents_add(b"Q")
    page.contents_coalesce()
    width, height = right - left, top - bottom
    media_box = _rounded((0, 0, bleed.left + width + bleed.right, bleed.bottom + height + bleed.top))
    page.mediabox = media_box
    for name in ("/CropBox", "/ArtBox"):
        if name in page.obj:
            del page.obj[name]
    page.obj.BleedBox = media_box
    page.obj.TrimBox = _rounded((bleed.left, bleed.bottom, bleed.left + width, bleed.bottom + height))


def _rounded(box: Sequence[float]) -> Array:
    return Array([round(side, 3) for side in box])


def _add_blank_pages(pdf: pikepdf.Pdf, vendor: Vendor, *, last_is_blank: bool) -> None:
    """Add blank pages so that the number is even and, if *vendor* requires it, the last page is blank."""
    if vendor.requires_blank_last_page and not last_is_blank:
        _add_blank(pdf)
    if len(pdf.pages) % 2:
        _add_blank(pdf)


def _add_blank(pdf: pikepdf.Pdf) -> None:
    """Add a blank page with the boxes of the last page on the same side."""
    like = pdf.pages[-2 if len(pdf.pages) > 1 else -1]
    page = Dictionary(
        Type=Name.Page, Resources=Dictionary(), Contents=pdf.make_stream(b""), MediaBox=like.mediabox,
        BleedBox=like.obj.BleedBox, TrimBox=like.obj.TrimBox,
    )  # fmt: skip
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _save(pdf: pikepdf.Pdf, vendor: Vendor, info: DocumentInfo, unconverted: Sequence[str]) -> bytes:
    """Return *pdf* as a file; it declares PDF/X only if *vendor* asks for it and it conforms."""
    is_pdfx = vendor.pdf_standard == X1A and not unconverted and _has_pdf_13_fonts(pdf)
    if is_pdfx:
        declare_pdfx(pdf, info)
    pdf.remove_unreferenced_resources()
    out = BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=True,
        recompress_flate=False,
        force_version="1.3" if is_pdfx else "1.6",
    )
    return out.getvalue()


def _has_pdf_13_fonts(pdf: pikepdf.Pdf) -> bool:
    """Return whether every font is embedded, and in a format of PDF 1.3."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == Name.FontDescriptor:
            font_file = item.get("/FontFile3")
            if not any(name in item for name in ("/FontFile", "/FontFile2", "/FontFile3")):
                return False
            if font_file is not None and font_file.get("/Subtype") == Name.OpenType:
                return False
    return True
