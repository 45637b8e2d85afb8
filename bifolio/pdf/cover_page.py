"""The cover as the first page of a finished PDF: drawn to the edges, and counted by no folio."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import weasyprint

from bifolio.pdf.fetcher import Shelf, address
from bifolio.pictures import for_paper
from bifolio.publication import Picture

_MM_PER_PT = 25.4 / 72


def shape(data: bytes) -> float:
    """Return the height of the first page of the PDF *data* in widths."""
    with pikepdf.open(BytesIO(data)) as pdf:
        width, height = _size(pdf.pages[0])
    return height / width


def put_cover(data: bytes, cover: Picture) -> bytes:
    """Return the PDF *data* with *cover* before its first page.

    The page is an artifact as a whole (ISO 14289-1, 7.1): it says nothing that the text does not say again.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        cover = for_paper(cover, max(_size(pdf.pages[0])) * _MM_PER_PT)
        with pikepdf.open(BytesIO(_page(cover, *_size(pdf.pages[0])))) as front:
            page = front.pages[0]
            page.contents_add(b"/Artifact BMC", prepend=True)
            page.contents_add(b"EMC")
            page.contents_coalesce()
            pdf.pages.insert(0, page)
        _label(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    return right - left, top - bottom


def _page(cover: Picture, width: float, height: float) -> bytes:
    """Return a PDF of one page, *width* x *height* pt, that *cover* fills; what sticks out is cut off."""
    place = address("picture", cover.name)
    shelf = Shelf({place: (cover.media_type, cover.data)})
    style = (
        f"@page {{ size: {width:.6f}pt {height:.6f}pt; margin: 0 }} body {{ margin: 0 }}"
        "img { display: block; width: 100vw; height: 100vh; object-fit: cover; image-rendering: crisp-edges }"
    )
    text = f'<html lang="en"><title>Cover</title><style>{style}</style><img src="{place}" alt="">'
    document = weasyprint.HTML(string=text, url_fetcher=shelf)
    written: bytes = document.write_pdf()
    return written


def _label(pdf: pikepdf.Pdf) -> None:
    """Move the labels of pages one page on, so that they say what the folios say (ISO 32000-1, 12.4.2)."""
    known = pdf.Root.get("/PageLabels")
    said = list(known.Nums) if known is not None else [0, pikepdf.Dictionary(S=pikepdf.Name.D)]
    moved = [value if place % 2 else int(str(value)) + 1 for place, value in enumerate(said)]
    cover = pikepdf.Dictionary(P=pikepdf.String("Cover"))
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, cover, *moved]))
