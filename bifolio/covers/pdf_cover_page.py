"""The cover as the first page of a finished PDF: drawn to the edges and beyond, counted by no folio."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from bifolio.model.publication import Picture
from bifolio.model.units import MM_PER_PT
from bifolio.pdf.engine.documents import write_html
from bifolio.pdf.engine.fetcher import PublicationFetcher, address
from bifolio.pictures import convert_for_paper


def page_aspect_ratio(data: bytes) -> float:
    """Return the height of the first page of the PDF *data* in widths."""
    with pikepdf.open(BytesIO(data)) as pdf:
        left, bottom, right, top = _box(pdf.pages[0].trimbox)
    return (top - bottom) / (right - left)


def insert_cover_page(data: bytes, cover: Picture) -> bytes:
    """Return the PDF *data* with *cover* before its first page.

    The page is an artifact as a whole (ISO 14289-1, 7.1): it says nothing that the text does not say again.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        with pikepdf.open(BytesIO(_page(cover, pdf.pages[0]))) as front:
            page = front.pages[0]
            page.contents_add(b"/Artifact BMC", prepend=True)
            page.contents_add(b"EMC")
            page.contents_coalesce()
            pdf.pages.insert(0, page)
        _label(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _box(box: pikepdf.Array) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(value) for value in box)
    return left, bottom, right, top


def _page(cover: Picture, like: pikepdf.Page) -> bytes:
    """Return a PDF of one page *like* another, filled to its bleed with *cover*, cut to its shape."""
    left, bottom, right, top = _box(like.trimbox)
    width, height = right - left, top - bottom
    bleed, border = left - _box(like.bleedbox)[0], left - _box(like.mediabox)[0]
    cover = convert_for_paper(cover, (max(width, height) + 2 * bleed) * MM_PER_PT)
    place = address(cover.name)
    shelf = PublicationFetcher({place: (cover.media_type, cover.data)})
    style = (
        f"@page {{ size: {width:.6f}pt {height:.6f}pt; margin: 0; bleed: {border:.6f}pt;"
        f" marks: {'crop cross' if border > bleed else 'none'} }} body {{ margin: 0 }}"
        f"img {{ position: absolute; top: -{bleed:.6f}pt; left: -{bleed:.6f}pt;"
        f" width: {width + 2 * bleed:.6f}pt; height: {height + 2 * bleed:.6f}pt;"
        " object-fit: cover; image-rendering: crisp-edges }"
    )
    text = f'<html lang="en"><title>Cover</title><style>{style}</style><img src="{place}" alt="">'
    return write_html(text, shelf)


def _label(pdf: pikepdf.Pdf) -> None:
    """Move the labels of pages one page on, so that they say what the folios say (ISO 32000-1, 12.4.2)."""
    known = pdf.Root.get("/PageLabels")
    said = list(known.Nums) if known is not None else [0, pikepdf.Dictionary(S=pikepdf.Name.D)]
    moved = [value if place % 2 else int(str(value)) + 1 for place, value in enumerate(said)]
    cover = pikepdf.Dictionary(P=pikepdf.String("Cover"))
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, cover, *moved]))
