"""Extracts the text of marked content from the pages of a PDF, with PDFium."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from bifolio.checks.file_readers.page_text_cache import pack
from bifolio.runtime.background import in_background

_MIN_PARALLEL_PAGES = 50
"""The number of pages from which another process reads half of them."""
_BUFFER_UNITS = 512
"""In UTF-16 code units; most lines fit into it."""


def extract_texts(path: Path, cached: Sequence[bytes | None]) -> list[bytes]:
    """Return the packed text of each page of the PDF at *path*; only those that are not *cached* are read."""
    missing = [index for index, text in enumerate(cached) if text is None]
    file = (_without_direction(path) or path) if missing else path
    if len(missing) < _MIN_PARALLEL_PAGES:
        texts = _extract_pages(file, missing)
    else:
        with in_background(lambda _: _extract_pages(file, missing[::2])) as task:
            texts = _extract_pages(file, missing[1::2])
            texts |= task.result()
    return [text or texts[index] for index, text in enumerate(cached)]


def _without_direction(path: Path) -> bytes | None:
    """Return the PDF at *path* without its `Direction` preference; None if it has none.

    With a right-to-left direction (ISO 32000-1, table 150) PDFium would reverse left-to-right words too.
    """
    import pikepdf

    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        if "/Direction" not in pdf.Root.get("/ViewerPreferences", {}):
            return None
        del pdf.Root.ViewerPreferences.Direction
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()


def _extract_pages(file: Path | bytes, indices: Sequence[int]) -> dict[int, bytes]:
    """Return the packed text of the pages of *file* at *indices*, by index."""
    if not indices:
        return {}
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        return {index: pack(_extract_page(document[index])) for index in indices}
    finally:
        document.close()


def _extract_page(page: Any) -> dict[int, str]:
    """Return the text of the marked content of *page*, by marked-content identifier."""
    import pypdfium2.raw as raw

    texts: dict[int, str] = {}
    text_page = page.get_textpage()
    buffer = (ctypes.c_ushort * _BUFFER_UNITS)()
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_TEXT:
            continue
        mcid = raw.FPDFPageObj_GetMarkedContentID(item)
        texts[mcid] = texts.get(mcid, "") + _object_text(item, text_page, buffer)
    text_page.close()
    page.close()
    return texts


def _object_text(item: Any, text_page: Any, buffer: Any) -> str:
    """Return the text of the text object *item*, using *buffer* if it is large enough."""
    import pypdfium2.raw as raw

    length = raw.FPDFTextObj_GetText(item, text_page, buffer, ctypes.sizeof(buffer))
    if length > ctypes.sizeof(buffer):
        buffer = (ctypes.c_ushort * length)()
        raw.FPDFTextObj_GetText(item, text_page, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0")
