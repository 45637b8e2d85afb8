"""Inserts the cover as the first page of a finished PDF, with bleed and without a page number."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from bifolio.model.publication import Picture
from bifolio.model.units import MM_PER_PT
from bifolio.pdf.engine.documents import write_html
from bifolio.pdf.engine.fetcher import PublicationFetcher, image_url
from bifolio.pictures import convert_for_paper


def page_aspect_ratio(data: bytes) -> float:
    """Return the height of the first page of the PDF *data*, divided by its width."""
    with pikepdf.open(BytesIO(data)) as pdf:
        left, bottom, right, top = _box(pdf.pages[0].trimbox)
    return (top - bottom) / (right - left)


def insert_cover_page(data: bytes, cover: Picture) -> bytes:
    """Return the PDF *data* with *cover* before its first page.

    The page is an artifact as a whole (ISO 14289-1, 7.1), as the text repeats everything on it.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        with pikepdf.open(BytesIO(_draw_page(cover, pdf.pages[0]))) as front:
            page = front.pages[0]
            page.contents_add(b"/Artifact BMC", prepend=True)
            page.contents_add(b"EMC")
            page.contents_coalesce()
            pdf.pages.insert(0, page)
        _shift_page_labels(pdf)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _box(box: pikepdf.Array) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(value) for value in box)
    return left, bottom, right, top


def _draw_page(cover: Picture, like: pikepdf.Page) -> bytes:
    """Return a PDF of one page with the boxes of *like*, filled to its bleed with *cover*, cropped to fit."""
    left, bottom, right, top = _box(like.trimbox)
    width, height = right - left, top - bottom
    bleed, border = left - _box(like.bleedbox)[0], left - _box(like.mediabox)[0]
    cover = convert_for_paper(cover, (max(width, height) + 2 * bleed) * MM_PER_PT)
    url = image_url(cover.name)
    fetcher = PublicationFetcher({url: (cover.media_type, cover.data)})
    style = (
        f"@page {{ size: {width:.6f}pt {height:.6f}pt; margin: 0; bleed: {border:.6f}pt;"
        f" marks: {'crop cross' if border > bleed else 'none'} }} body {{ margin: 0 }}"
        f"img {{ position: absolute; top: -{bleed:.6f}pt; left: -{bleed:.6f}pt;"
        f" width: {width + 2 * bleed:.6f}pt; height: {height + 2 * bleed:.6f}pt;"
        " object-fit: cover; image-rendering: crisp-edges }"
    )
    text = f'<html lang="en"><title>Cover</title><style>{style}</style><img src="{url}" alt="">'
    return write_html(text, fetcher)


def _shift_page_labels(pdf: pikepdf.Pdf) -> None:
    """Move the page labels by one page, so that they match the printed numbers (ISO 32000-1, 12.4.2)."""
    labels = pdf.Root.get("/PageLabels")
    entries = list(labels.Nums) if labels is not None else [0, pikepdf.Dictionary(S=pikepdf.Name.D)]
    shifted = [value if index % 2 else int(str(value)) + 1 for index, value in enumerate(entries)]
    cover = pikepdf.Dictionary(P=pikepdf.String("Cover"))
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, cover, *shifted]))
