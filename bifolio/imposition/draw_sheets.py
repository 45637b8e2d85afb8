"""Pages drawn on sheets, as a PDF to be printed: nothing is made into dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from bifolio.imposition.grid import Grid
from bifolio.imposition.signatures import Side
from bifolio.imposition.source_pages import SourceDocument, SourcePage

_LOOK = {"/OCProperties", "/OutputIntents"}
"""What of a catalogue the look of pages hangs on; all else leads into them, and paper leads nowhere."""


@dataclass(frozen=True, slots=True)
class PlacedSide:
    """A side as it is drawn."""

    side: Side
    to_fold: float | None
    """How far pages are moved into the fold, in pt; None where there is no fold."""


def draw_sheets(pages: SourceDocument, grid: Grid, sides: Sequence[PlacedSide], title: str) -> bytes:
    """Return the PDF of *sides*, each parted by *grid*, with *title*; the same bytes for the same pages.

    Raises ValueError where a page is damaged.
    """
    written = BytesIO()
    try:
        pdf = _laid_out(pages, grid, sides)
        pdf.docinfo.Title = title
        pdf.save(
            written,
            min_version=pages.pdf.pdf_version,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    except (pikepdf.PdfError, RuntimeError, TypeError) as error:
        raise ValueError("a page is damaged") from error
    return written.getvalue()


def _laid_out(pages: SourceDocument, grid: Grid, sides: Sequence[PlacedSide]) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    forms = [_copied(pdf, pages.pdf, page.form) for page in pages.pages]
    for drawn in sides:
        sheet = pdf.add_blank_page(page_size=(grid.width, grid.height))
        placed = [(cell, number) for cell, number in enumerate(drawn.side.pages) if number]
        content = "".join(
            _put(pages.pages[number - 1], f"P{number}", grid, cell, drawn.to_fold) for cell, number in placed
        )
        named = {f"/P{number}": forms[number - 1] for _, number in placed}
        sheet.obj.Contents = pdf.make_stream(content.encode("ascii"))
        sheet.obj.Resources = Dictionary(XObject=Dictionary(named))
    for key in sorted(_LOOK & set(pages.pdf.Root.keys())):
        pdf.Root[key] = _copied(pdf, pages.pdf, pages.pdf.Root[key])
    pdf.Root.ViewerPreferences = _printing(grid, folded=any(drawn.to_fold is not None for drawn in sides))
    return pdf


def _copied(pdf: pikepdf.Pdf, source: pikepdf.Pdf, thing: pikepdf.Object) -> pikepdf.Object:
    """Return *thing* of *source* with all that it needs, in *pdf*; what things share is copied once."""
    return pdf.copy_foreign(thing if thing.is_indirect else source.make_indirect(thing))


def _put(page: SourcePage, name: str, grid: Grid, cell: int, to_fold: float | None) -> str:
    """Return the operators that put *page* into *cell* and cut it off at its edges."""
    x, y, scale = grid.place(cell, (page.width, page.height), to_fold)
    cut = [*grid.corner(cell), *grid.cell]
    matrix = [scale, 0.0, 0.0, scale, x - page.left * scale, y - page.bottom * scale]
    return f"q {_numbers(cut)} re W n {_numbers(matrix)} cm /{name} Do Q\n"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values)


def _printing(grid: Grid, *, folded: bool) -> Dictionary:
    """Return what a viewer should set in its dialogue for printing (ISO 32000-1, table 150)."""
    preferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name("/None"))
    if folded:
        preferences.Duplex = Name.DuplexFlipShortEdge if grid.is_turned else Name.DuplexFlipLongEdge
    return preferences
