"""Reading a finished PDF by its tags, as a screen reader does."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from bifolio.processes import apart
from bifolio.proofing.page_texts import PageTexts, page_keys
from bifolio.proofing.reading import Reading

_SILENT = frozenset(
    {"/Lbl", "/Reference", "/Address", "/AddressNote", "/PageReference", "/Figure", "/Contents"}
)
"""Numbers of notes and lists, marks of notes, printed addresses, pictures."""
_MANY = 50
"""How many pages are worth another process."""
_ROOM = 512
"""In units of UTF-16: what the text of most lines takes."""
_UNCOUNTED = "/None"
"""The numbering of a list whose labels are words of the text (ISO 32000-1, table 347)."""
_ADDED = frozenset(
    {"/CrossReference", "/CaptionNumber", "/Matter", "/PictureWords", "/Citation", "/Bibliography"}
)
"""What the edition adds to the words of its author."""
_TELLING = _ADDED | {"/Note", "/Table", "/Caption"}
"""What says something of all that stands in it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, as its tags have it."""

    label: str
    """Its number (ISO 32000-1, 12.4.2)."""
    pieces: list[str]
    """Its running text in reading order, in pieces of a line or less; no notes, no formulas, and no captions
    of figures nor tables with one, which may stand behind text that is read after them."""


def read_pdf(path: Path, texts: PageTexts | None = None) -> Reading:
    """Return what a reader finds in the tagged PDF at *path*.

    *texts* gives the words of pages that have been read before, and is given those of the others. Raises
    ValueError where it is no PDF, or has no tags.
    """
    marks, content, _ = _open(path, _SILENT, texts)
    read: dict[tuple[bool, bool], list[str]] = {}
    for mark, (in_note, is_added, *_) in marks:
        words = mark if isinstance(mark, str) else content.get(mark, "")
        read.setdefault((in_note, is_added), []).append(words)
    text, notes, added, added_to_notes = (
        "\n".join(read.get(part, [])) for part in ((False, False), (True, False), (False, True), (True, True))
    )
    return Reading(path.name, text, notes, references=f"{added}\n{added_to_notes}", as_seen=True)


def read_pages(path: Path) -> list[Page]:
    """Return the pages of the tagged PDF at *path*, contents among them.

    Raises ValueError where it is no PDF, or has no tags.
    """
    marks, content, labels = _open(path, _SILENT - {"/Contents"})
    pages = [Page(label, []) for label in labels]
    for mark, (in_note, _, is_apart) in marks:
        if not in_note and not is_apart and not isinstance(mark, str):
            pages[mark[0]].pieces.append(content.get(mark, ""))
    return pages


def _open(
    path: Path, silent: Collection[str], texts: PageTexts | None = None
) -> tuple[list[_Mark], dict[tuple[int, int], str], list[str]]:
    """Return what is marked in the PDF at *path*, but for the kinds *silent*, its text, and the labels.

    *texts* is as for `read_pdf`.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise ValueError("it has no tags to read it by")
            pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
            marks = list(_walk(pdf.Root.StructTreeRoot, pages, silent))
            labels = [page.label for page in pdf.pages]
            keys = page_keys(pdf) if texts is not None else []
            data = _undirected(pdf) or path.read_bytes()
    except (pikepdf.PdfError, RecursionError) as error:
        raise ValueError(f"it is not a whole PDF: {error}") from error
    return marks, _content(data, len(labels), keys, {} if texts is None else texts), labels


class _State(NamedTuple):
    """What is said of a piece of content by what it stands in."""

    in_note: bool = False
    is_added: bool = False
    """Whether the edition added it."""
    is_apart: bool = False
    """Whether it is the caption of a figure, or in a table with a caption."""


_Mark = tuple[tuple[int, int] | str, _State]
"""A piece of content, by page and number, or a formula, by the words that stand for it."""


def _walk(root: Any, pages: dict[Any, int], silent: Collection[str]) -> Iterator[_Mark]:
    """Give all marked content in reading order, but for that of the kinds *silent*."""
    import pikepdf

    # Each with its page, what is said of it, and whether its labels are words.
    stack: list[tuple[Any, int, _State, bool]] = [(root.get("/K"), -1, _State(), False)]
    seen: set[tuple[int, int]] = set()
    while stack:
        item, page, state, words = stack.pop()
        if item is None:
            continue
        if isinstance(item, int):
            yield (page, item), state
            continue
        if item.is_indirect:
            if item.objgen in seen:
                raise ValueError("its tags lead round in a circle")
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Array):
            stack.extend((kid, page, state, words) for kid in reversed(list(item)))
            continue
        kind = str(item.get("/S", ""))
        if not kind and str(item.get("/Type")) == "/MCR":
            yield (pages[item.Pg.objgen] if "/Pg" in item else page, int(item.MCID)), state
        elif kind == "/Formula":
            yield str(item.get("/Alt", "")), state
        elif kind and (kind not in silent or (words and kind == "/Lbl")):
            own = item.get("/Pg")
            page = page if own is None else pages.get(own.objgen, page)
            if kind != "/LI":  # an item's labels are as its list says
                words = kind == "/L" and str(item.get("/A", {}).get("/ListNumbering")) == _UNCOUNTED
            if kind in _TELLING:
                state = _State(
                    state.in_note or kind == "/Note",
                    state.is_added or kind in _ADDED,
                    state.is_apart or kind == "/Caption" or (kind == "/Table" and _has_caption(item)),
                )
            stack.append((item.get("/K"), page, state, words))


def _has_caption(item: Any) -> bool:
    """Say whether *item*, a table of a tag tree, begins with a caption."""
    import pikepdf

    kids = item.get("/K")
    return bool(
        isinstance(kids, pikepdf.Array)
        and len(kids)
        and isinstance(kids[0], pikepdf.Dictionary)
        and kids[0].get("/S") == pikepdf.Name.Caption
    )


def _undirected(pdf: Any) -> bytes | None:
    """Return *pdf* without the direction that its pages are turned in; None where it has none.

    The library that gives the words would turn those from left to right too (ISO 32000-1, table 150).
    """
    if "/Direction" not in pdf.Root.get("/ViewerPreferences", {}):
        return None
    del pdf.Root.ViewerPreferences.Direction
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def _content(data: bytes, count: int, keys: Sequence[bytes], texts: PageTexts) -> dict[tuple[int, int], str]:
    """Return the text of all marked content of *count* pages, by page and number.

    *texts* is that of pages, by *keys*. Without keys, every page is read; of many, half by another process.
    """
    known = {number: words for number, key in enumerate(keys) if (words := texts.get(key)) is not None}
    missing = [number for number in range(count) if number not in known]
    if len(missing) < _MANY:
        read = _pages(data, missing)
    else:
        with apart(lambda _: _pages(data, missing[::2])) as errand:
            read = _pages(data, missing[1::2]) | errand.result()
    if keys:
        for number, words in read.items():
            texts[keys[number]] = words
    known |= read
    return {(number, mark): known[number][mark] for number in sorted(known) for mark in known[number]}


def _pages(data: bytes, numbers: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return the text of the marked content of the pages *numbers*, by page and number."""
    if not numbers:
        return {}
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return {number: _page(document[number]) for number in numbers}
    finally:
        document.close()


def _page(page: Any) -> dict[int, str]:
    """Return the text of the marked content of *page*, by number."""
    import pypdfium2.raw as raw

    texts: dict[int, str] = {}
    letters = page.get_textpage()
    buffer = (ctypes.c_ushort * _ROOM)()
    for place in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, place)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_TEXT:
            continue
        mark = raw.FPDFPageObj_GetMarkedContentID(item)
        texts[mark] = texts.get(mark, "") + _text(item, letters, buffer)
    letters.close()
    page.close()
    return texts


def _text(item: Any, page: Any, buffer: Any) -> str:
    """Return the text of *item*, through *buffer* where that has the room."""
    import pypdfium2.raw as raw

    length = raw.FPDFTextObj_GetText(item, page, buffer, ctypes.sizeof(buffer))
    if length > ctypes.sizeof(buffer):
        buffer = (ctypes.c_ushort * length)()
        raw.FPDFTextObj_GetText(item, page, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0")
