"""Reading a finished PDF by its tags, as a screen reader does."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bifolio.proofing.reading import Reading

_SILENT = frozenset({"/Lbl", "/Reference", "/Address", "/PageReference", "/Figure"})
"""Numbers of notes and lists, marks of notes, printed addresses, pictures."""
_ADDED = frozenset({"/CrossReference", "/CaptionNumber"})
"""What the edition adds to the words of its author."""


def read_pdf(path: Path) -> Reading:
    """Return what a reader finds in the tagged PDF at *path*.

    Raises ValueError where it is no PDF, or has no tags.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise ValueError("it has no tags to read it by")
            pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
            marks = list(_walk(pdf.Root.StructTreeRoot, pages))
    except (pikepdf.PdfError, RecursionError) as error:
        raise ValueError(f"it is not a whole PDF: {error}") from error
    content = _content(path)
    read: dict[tuple[bool, bool], list[str]] = {}
    for page, number, *part in marks:
        read.setdefault((part[0], part[1]), []).append(content.get((page, number), ""))
    text, notes, added, added_to_notes = (
        " ".join(read.get(part, [])) for part in ((False, False), (True, False), (False, True), (True, True))
    )
    return Reading(path.name, text, notes, references=f"{added} {added_to_notes}")


def _walk(root: Any, pages: dict[Any, int]) -> Iterator[tuple[int, int, bool, bool]]:
    """Give the page and number of all marked content in reading order.

    With each: whether it is a note's, and whether the edition added it.
    """
    import pikepdf

    stack: list[tuple[Any, int, bool, bool]] = [(root.get("/K"), -1, False, False)]
    while stack:
        item, page, in_note, added = stack.pop()
        if item is None:
            continue
        if isinstance(item, int):
            yield page, item, in_note, added
        elif isinstance(item, pikepdf.Array):
            stack.extend((kid, page, in_note, added) for kid in reversed(list(item)))
        elif item.get("/Type") == pikepdf.Name.MCR:
            yield pages[item.Pg.objgen], int(item.MCID), in_note, added
        elif "/S" in item and str(item.S) not in _SILENT:
            page = pages.get(item.Pg.objgen, page) if "/Pg" in item else page
            in_note = in_note or pikepdf.Name.Note == item.S
            stack.append((item.get("/K"), page, in_note, added or str(item.S) in _ADDED))


def _content(path: Path) -> dict[tuple[int, int], str]:
    """Return the text of all marked content, by page and number."""
    import pypdfium2
    import pypdfium2.raw as raw

    texts: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(len(document)):
            page = document[number]
            letters = page.get_textpage()
            for place in range(raw.FPDFPage_CountObjects(page)):
                item = raw.FPDFPage_GetObject(page, place)
                if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_TEXT:
                    continue
                key = number, raw.FPDFPageObj_GetMarkedContentID(item)
                texts[key] = texts.get(key, "") + _text(item, letters)
            letters.close()
            page.close()
    finally:
        document.close()
    return texts


def _text(item: Any, page: Any) -> str:
    import pypdfium2.raw as raw

    length = raw.FPDFTextObj_GetText(item, page, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFTextObj_GetText(item, page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
