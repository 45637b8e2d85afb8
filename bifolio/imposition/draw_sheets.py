"""Draws pages as form XObjects on sheets; vector content stays vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from bifolio.imposition.grid import Grid
from bifolio.imposition.signatures import Side
from bifolio.imposition.source_pages import SourceDocument, SourcePage

_RENDERING_KEYS = {"/OCProperties", "/OutputIntents"}
"""The catalog entries that affect how pages look; all others concern navigation."""


@dataclass(frozen=True, slots=True)
class PlacedSide:
    """A side of a sheet with the shift of its pages."""

    side: Side
    to_fold: float | None
    """The shift of the pages towards the fold, in pt; None if the sheet is not folded."""


def draw_sheets(document: SourceDocument, grid: Grid, sides: Sequence[PlacedSide], title: str) -> bytes:
    """Return a PDF with a page for each of *sides*, divided by *grid*, and with *title* as its title.

    The same input gives the same bytes. Raises ValueError when a page is damaged.
    """
    out = BytesIO()
    try:
        pdf = _draw(document, grid, sides)
        pdf.docinfo.Title = title
        pdf.save(
            out,
            min_version=document.pdf.pdf_version,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    except (pikepdf.PdfError, RuntimeError, TypeError) as error:
        raise ValueError("a page is damaged") from error
    return out.getvalue()


def _draw(document: SourceDocument, grid: Grid, sides: Sequence[PlacedSide]) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    forms = [_copy(pdf, document.pdf, page.form) for page in document.pages]
    for placed in sides:
        sheet = pdf.add_blank_page(page_size=(grid.width, grid.height))
        cells = [(cell, number) for cell, number in enumerate(placed.side.pages) if number]
        content = "".join(
            _page_operators(document.pages[number - 1], f"P{number}", grid, cell, placed.to_fold)
            for cell, number in cells
        )
        named_forms = {f"/P{number}": forms[number - 1] for _, number in cells}
        sheet.obj.Contents = pdf.make_stream(content.encode("ascii"))
        sheet.obj.Resources = Dictionary(XObject=Dictionary(named_forms))
    for key in sorted(_RENDERING_KEYS & set(document.pdf.Root.keys())):
        pdf.Root[key] = _copy(pdf, document.pdf, document.pdf.Root[key])
    is_folded = any(placed.to_fold is not None for placed in sides)
    pdf.Root.ViewerPreferences = _viewer_preferences(grid, is_folded=is_folded)
    return pdf


def _copy(pdf: pikepdf.Pdf, source: pikepdf.Pdf, item: pikepdf.Object) -> pikepdf.Object:
    """Return a copy in *pdf* of *item* of *source*; objects that copies share are copied once."""
    return pdf.copy_foreign(item if item.is_indirect else source.make_indirect(item))


def _page_operators(page: SourcePage, name: str, grid: Grid, cell: int, to_fold: float | None) -> str:
    """Return the operators that draw *page*, the form called *name*, in *cell*, clipped to the cell."""
    x, y, scale = grid.place(cell, (page.width, page.height), to_fold)
    clip = [*grid.corner(cell), *grid.cell]
    matrix = [scale, 0.0, 0.0, scale, x - page.left * scale, y - page.bottom * scale]
    return f"q {_format(clip)} re W n {_format(matrix)} cm /{name} Do Q\n"


def _format(values: Sequence[float]) -> str:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)


def _viewer_preferences(grid: Grid, *, is_folded: bool) -> Dictionary:
    """Return the presets for the print dialogue of a viewer (ISO 32000-1, table 150)."""
    preferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name("/None"))
    if is_folded:
        preferences.Duplex = Name.DuplexFlipShortEdge if grid.is_turned else Name.DuplexFlipLongEdge
    return preferences
