"""Reading a finished PDF by its tags, as a screen reader does."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from bifolio.checks.readers.extracted_text import ExtractedText
from bifolio.checks.readers.page_fingerprints import ResourceFingerprint, fingerprint_page
from bifolio.checks.readers.page_text_cache import PageTextCache, PageTextRecord, pack, unpack
from bifolio.checks.readers.pdf_pages import map_pages
from bifolio.checks.readers.pdf_tags import MarkedContent, read_tags
from bifolio.runtime.background import in_background

_SILENT = frozenset(
    {"/Lbl", "/Reference", "/Address", "/AddressNote", "/PageReference", "/Figure", "/Contents"}
)
"""Numbers of notes and lists, marks of notes, printed addresses, pictures."""
_MIN_PARALLEL_BYTES = 500_000
"""How many bytes are worth processes that read them."""
_UNPACKED = 64
"""How many pages have their text unpacked at a time; a note and its call may stand some apart."""
_MIN_PARALLEL_PAGES = 50
"""How many pages are worth another process."""
_ROOM = 512
"""In units of UTF-16: what the text of most lines takes."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page, as its tags have it."""

    label: str
    """Its number (ISO 32000-1, 12.4.2)."""
    pieces: list[str]
    """Its running text in reading order, in pieces of a line or less; no notes, no formulas, and no captions
    of figures nor tables with one, which may stand behind text that is read after them."""


def read_pdf(path: Path) -> ExtractedText:
    """Return what a reader finds in the tagged PDF at *path*.

    Raises ValueError where it is no PDF, or has no tags.
    """
    with start_reading(path) as finish:
        return finish()


@contextmanager
def start_reading(path: Path, texts: PageTextCache | None = None) -> Iterator[Callable[[], ExtractedText]]:
    """Begin to read the PDF at *path*, if other processes do that, and give what ends it as `read_pdf` does.

    *texts* knows the words of pages that have been read before, and is given those of all.
    """
    with _begun(path, _SILENT, texts) as opened:
        yield lambda: _reading(path.name, *opened())


def _reading(name: str, runs: Sequence[MarkedContent], content: Mapping[str, bytes]) -> ExtractedText:
    """Return what *runs* say, by the *content* of their pages."""
    parts: dict[tuple[bool, bool], list[str]] = {}
    words = _unpacking(content)
    for run in runs:
        parts.setdefault(run.state[:2], []).extend(_pieces(run, words))
    text, notes, added, added_to_notes = (
        "\n".join(parts.get(part, []))
        for part in ((False, False), (True, False), (False, True), (True, True))
    )
    return ExtractedText(name, text, notes, references=f"{added}\n{added_to_notes}", as_seen=True)


def read_pages(path: Path) -> list[PageText]:
    """Return the pages of the tagged PDF at *path*, contents among them.

    Raises ValueError where it is no PDF, or has no tags.
    """
    import pikepdf

    with _begun(path, _SILENT - {"/Contents"}) as opened:
        runs, content = opened()
    with pikepdf.open(path) as pdf:
        pages = {place: PageText(page.label, []) for place, page in zip(content, pdf.pages, strict=True)}
    words = _unpacking(content)
    for run in runs:
        if run.page in pages and run.words is None and not run.state.in_note and not run.state.is_apart:
            pages[run.page].pieces.extend(_pieces(run, words))
    return list(pages.values())


def _unpacking(content: Mapping[str, bytes]) -> Callable[[str], Mapping[int, str]]:
    """Return a function that gives the text of a page of *content*: few are unpacked at a time."""

    @lru_cache(_UNPACKED)
    def words(page: str) -> Mapping[int, str]:
        return unpack(content[page]) if page in content else {}

    return words


def _pieces(run: MarkedContent, words: Callable[[str], Mapping[int, str]]) -> list[str]:
    """Return what *run* says, by the *words* of its page."""
    if run.words is not None:
        return [run.words]
    content = words(run.page)
    return [content.get(mark, "") for mark in run.marks]


_Opened = tuple[list[MarkedContent], dict[str, bytes]]
"""What is marked in a PDF, and the text of its pages, packed, by their references."""


@contextmanager
def _begun(
    path: Path, silent: Collection[str], texts: PageTextCache | None = None
) -> Iterator[Callable[[], _Opened]]:
    """Begin to open the PDF at *path*, and give what returns it, but for the kinds *silent*.

    *texts* is as for `pdf_begun`. A large file is read by other processes, which take the memory for it with
    them.
    """
    if path.stat().st_size < _MIN_PARALLEL_BYTES:
        yield lambda: _opened(read_tags(path, silent), _read_content(path, texts), texts)
        return
    kept: list[object] = []  # until the answer is given, at least
    with (
        in_background(lambda _: _read_content(path, texts)) as reading,
        in_background(lambda _: read_tags(path, silent, kept.append)) as tagging,
    ):
        yield lambda: _opened(tagging.result(), reading.result(), texts)


def _opened(
    runs: list[MarkedContent],
    read: tuple[list[str], list[bytes], PageTextRecord],
    texts: PageTextCache | None,
) -> _Opened:
    """Return *runs* and what `_read_content` gives of pages; tell *texts*."""
    references, content, known = read
    if texts is not None:
        texts.read.texts.update(known.texts)
        texts.read.fonts.update(known.fonts)
    return runs, dict(zip(references, content, strict=True))


def _read_content(path: Path, texts: PageTextCache | None) -> tuple[list[str], list[bytes], PageTextRecord]:
    """Return the references of the pages of the PDF at *path*, their text, and what *texts* is to be told."""
    import pikepdf

    fonts: dict[tuple[str, Any], ResourceFingerprint] = {}
    known = PageTextRecord() if texts is None else texts.known

    def tell(page: Any) -> tuple[str, bytes, bytes]:
        keys = (b"", b"") if texts is None else fingerprint_page(page, fonts, known.fonts)
        return "{} {} R".format(*page.objgen), *keys

    try:
        told = map_pages(path, tell)
        content = _content(path, [known.texts.get(key) for _, _, key in told])
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ValueError(f"it is not a whole PDF: {error}") from error
    read = PageTextRecord({key: text for (_, key, _), text in zip(told, content, strict=True)})
    read.fonts.update((name, said) for (name, _), said in fonts.items() if said.glyphs is not None)
    return [reference for reference, _, _ in told], content, read


def _undirected(path: Path) -> bytes | None:
    """Return the PDF at *path* without the direction that its pages are turned in; None where it has none.

    The library that gives the words would turn those from left to right too (ISO 32000-1, table 150).
    """
    import pikepdf

    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        if "/Direction" not in pdf.Root.get("/ViewerPreferences", {}):
            return None
        del pdf.Root.ViewerPreferences.Direction
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()


def _content(path: Path, known: Sequence[bytes | None]) -> list[bytes]:
    """Return the text of each page of the PDF at *path*, packed.

    That of some is *known*; of many others, half are read by another process.
    """
    missing = [number for number, text in enumerate(known) if text is None]
    file = (_undirected(path) or path) if missing else path
    if len(missing) < _MIN_PARALLEL_PAGES:
        read = _pages(file, missing)
    else:
        with in_background(lambda _: _pages(file, missing[::2])) as errand:
            read = _pages(file, missing[1::2])
            read |= errand.result()
    return [text or read[number] for number, text in enumerate(known)]


def _pages(file: Path | bytes, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return the text of the pages *numbers* of *file*, packed, by number."""
    if not numbers:
        return {}
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        return {number: pack(_extract_page(document[number])) for number in numbers}
    finally:
        document.close()


def _extract_page(page: Any) -> dict[int, str]:
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
