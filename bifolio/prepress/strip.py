"""What paper has no use for, taken out of a file: links, bookmarks, tags, and what it says of itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name

_KEPT = frozenset({"/Type", "/Pages"})
"""What of the catalogue a page needs; all else leads into the text, or runs something."""
_OF_PAGE = ("/Annots", "/StructParents", "/Tabs", "/Group", "/AA", "/Trans", "/Metadata", "/PieceInfo", "/B")


def strip_interactive(pdf: pikepdf.Pdf) -> None:
    """Leave nothing in *pdf* but its pages."""
    for name in set(pdf.Root.keys()) - _KEPT:
        del pdf.Root[name]
    for page in pdf.pages:
        for name in _OF_PAGE:
            if name in page.obj:
                del page.obj[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def embed_bare_cff(pdf: pikepdf.Pdf) -> None:
    """Embed the outlines of fonts alone, without the tables around them, as old presses know them.

    OpenType as a whole may be embedded from PDF 1.6 on (ISO 32000-1, table 126).
    """
    from fontTools.ttLib import TTFont

    for descriptor in _descriptors(pdf):
        file = descriptor.get("/FontFile3")
        if file is None or file.get("/Subtype") != Name.OpenType:
            continue
        font = TTFont(BytesIO(file.read_bytes()), lazy=True)
        if font.reader is not None and "CFF " in font.reader:
            outlines = pdf.make_stream(font.reader["CFF "])
            outlines.Subtype = Name.CIDFontType0C
            descriptor.FontFile3 = outlines


def _descriptors(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the descriptors of all composite fonts of *pdf*, each once."""
    found: dict[Any, Any] = {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == Name.FontDescriptor:
            found[thing.objgen] = thing
        elif isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == Name.CIDFontType0:
            if "/CIDToGIDMap" in thing:
                del thing["/CIDToGIDMap"]  # it has a meaning for TrueType alone
            inner = thing.get("/FontDescriptor")
            if inner is not None:
                found.setdefault(inner.objgen if inner.objgen != (0, 0) else len(found), inner)
    return list(found.values())
