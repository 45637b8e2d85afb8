"""Removes from a PDF what print does not need: links, outlines, tags, metadata, font wrappers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name

_CATALOG_KEYS = frozenset({"/Type", "/Pages"})
"""The catalog entries that are kept; all others concern navigation, structure or actions."""
_INTERACTIVE_PAGE_KEYS = (
    "/Annots",
    "/StructParents",
    "/Tabs",
    "/Group",
    "/AA",
    "/Trans",
    "/Metadata",
    "/PieceInfo",
    "/B",
)


def strip_interactive(pdf: pikepdf.Pdf) -> None:
    """Remove everything from *pdf* except its pages and their content."""
    for name in set(pdf.Root.keys()) - _CATALOG_KEYS:
        del pdf.Root[name]
    for page in pdf.pages:
        for name in _INTERACTIVE_PAGE_KEYS:
            if name in page.obj:
                del page.obj[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def embed_bare_cff(pdf: pikepdf.Pdf) -> None:
    """Replace embedded OpenType fonts in *pdf* by their CFF tables, for old RIPs.

    OpenType can be embedded only from PDF 1.6 on (ISO 32000-1, table 126).
    """
    from fontTools.ttLib import TTFont

    for descriptor in _font_descriptors(pdf):
        font_file = descriptor.get("/FontFile3")
        if font_file is None or font_file.get("/Subtype") != Name.OpenType:
            continue
        font = TTFont(BytesIO(font_file.read_bytes()), lazy=True)
        if font.reader is not None and "CFF " in font.reader:
            cff = pdf.make_stream(font.reader["CFF "])
            cff.Subtype = Name.CIDFontType0C
            descriptor.FontFile3 = cff


def _font_descriptors(pdf: pikepdf.Pdf) -> list[Any]:
    """Return every font descriptor of *pdf* once.

    A `CIDToGIDMap`, which is for TrueType only, is removed from CFF fonts (ISO 32000-1, table 117).
    """
    descriptors: dict[Any, Any] = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == Name.FontDescriptor:
            descriptors[item.objgen] = item
        elif isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == Name.CIDFontType0:
            if "/CIDToGIDMap" in item:
                del item["/CIDToGIDMap"]
            direct = item.get("/FontDescriptor")
            if direct is not None:
                descriptors.setdefault(direct.objgen if direct.objgen != (0, 0) else len(descriptors), direct)
    return list(descriptors.values())
