"""Extracts the text of a tagged PDF in the order of its tags, as a screen reader presents it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bifolio.checks.file_readers.extracted_text import ExtractedText
from bifolio.checks.file_readers.page_fingerprints import (
    PageFingerprint,
    ResourceFingerprint,
    fingerprint_page,
)
from bifolio.checks.file_readers.page_text_cache import PageTextCache, PageTextRecord, unpack
from bifolio.checks.file_readers.pdf_pages import map_pages
from bifolio.checks.file_readers.pdf_tags import MarkedContent, read_tags
from bifolio.checks.file_readers.pdf_text import extract_texts
from bifolio.runtime.background import in_background

_SILENT = frozenset(
    {"/Lbl", "/Reference", "/Address", "/AddressNote", "/PageReference", "/Figure", "/Contents"}
)
"""Structure types of list and note numbers, note references, printed URLs, images and the contents."""
_MIN_PARALLEL_BYTES = 500_000
"""The size from which a file is read by background processes."""
_MAX_UNPACKED_PAGES = 64
"""How many pages are unpacked at a time. A note and its reference may be some pages apart."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The running text of one page."""

    label: str
    """The page label (ISO 32000-1, 12.4.2)."""
    fragments: list[str]
    """The text in reading order, in pieces of a line or less. Notes, formulas, captions of figures and tables
    with a caption are left out: they may be on another page than the text around them."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """The texts of all pages of a file, and the record of them for the cache."""

    references: list[str]
    texts: list[bytes]
    """Packed."""
    record: PageTextRecord


@dataclass(frozen=True, slots=True)
class _Document:
    """The tags and the page texts of a PDF."""

    contents: list[MarkedContent]
    texts: dict[str, bytes]
    """The packed text of each page, by reference."""

    def loader(self) -> Callable[[str], Mapping[int, str]]:
        """Return a function that unpacks the text of a page; few pages are unpacked at a time."""

        @lru_cache(_MAX_UNPACKED_PAGES)
        def load(page: str) -> Mapping[int, str]:
            return unpack(self.texts[page]) if page in self.texts else {}

        return load


def read_pdf(path: Path) -> ExtractedText:
    """Return the text of the tagged PDF at *path*. Raises ValueError if it is not a PDF or has no tags."""
    with start_reading(path) as finish:
        return finish()


@contextmanager
def start_reading(path: Path, cache: PageTextCache | None = None) -> Iterator[Callable[[], ExtractedText]]:
    """Start to read the PDF at *path*, in background processes if it is large.

    Give the function that waits for the result, which it returns as `read_pdf` does. *cache* has the texts of
    pages read before; those of all pages are put into it.
    """
    with _start_parsing(path, _SILENT, cache) as finish:
        yield lambda: _extract(path.name, finish())


def _extract(name: str, document: _Document) -> ExtractedText:
    """Return the text of *document*, the PDF with this *name*."""
    text: list[str] = []
    notes: list[str] = []
    references: list[str] = []
    note_references: list[str] = []
    load = document.loader()
    for content in document.contents:
        if content.context.is_added:
            part = note_references if content.context.is_in_note else references
        else:
            part = notes if content.context.is_in_note else text
        part += _fragments(content, load)
    added = "\n".join(references) + "\n" + "\n".join(note_references)
    return ExtractedText(name, "\n".join(text), "\n".join(notes), references=added, is_visual_order=True)


def read_pages(path: Path) -> list[PageText]:
    """Return the pages of the tagged PDF at *path*, with the table of contents.

    Raises ValueError if it is not a PDF or has no tags.
    """
    import pikepdf

    with _start_parsing(path, _SILENT - {"/Contents"}) as finish:
        document = finish()
    with pikepdf.open(path) as pdf:
        labels = [page.label for page in pdf.pages]
    pages = {reference: PageText(label, []) for reference, label in zip(document.texts, labels, strict=True)}
    load = document.loader()
    for content in document.contents:
        is_running = not content.context.is_in_note and not content.context.is_floating
        if content.page in pages and content.alt is None and is_running:
            pages[content.page].fragments.extend(_fragments(content, load))
    return list(pages.values())


def _fragments(content: MarkedContent, load: Callable[[str], Mapping[int, str]]) -> list[str]:
    """Return the text of *content*; *load* returns the texts of a page."""
    if content.alt is not None:
        return [content.alt]
    texts = load(content.page)
    return [texts.get(mcid, "") for mcid in content.mcids]


@contextmanager
def _start_parsing(
    path: Path, silent: Collection[str], cache: PageTextCache | None = None
) -> Iterator[Callable[[], _Document]]:
    """Start to parse the PDF at *path*, and give the function that waits for the result.

    The structure types *silent* are left out. A large file is read by background processes, so that the
    memory for it is freed when they end.
    """
    if path.stat().st_size < _MIN_PARALLEL_BYTES:
        yield lambda: _document(read_tags(path, silent), _read_pages(path, cache), cache)
        return
    kept: list[object] = []  # keeps the file open until the background process has sent its result
    with (
        in_background(lambda _: _read_pages(path, cache)) as pages,
        in_background(lambda _: read_tags(path, silent, kept.append)) as tags,
    ):
        yield lambda: _document(tags.result(), pages.result(), cache)


def _document(contents: list[MarkedContent], pages: _Pages, cache: PageTextCache | None) -> _Document:
    """Return tags and page texts together; put the texts into *cache*."""
    if cache is not None:
        cache.current.texts.update(pages.record.texts)
        cache.current.fonts.update(pages.record.fonts)
    return _Document(contents, dict(zip(pages.references, pages.texts, strict=True)))


def _read_pages(path: Path, cache: PageTextCache | None) -> _Pages:
    """Read the texts of all pages of the PDF at *path*, those that are not in *cache* from the file."""
    import pikepdf

    fonts: dict[tuple[str, Any], ResourceFingerprint] = {}
    cached = PageTextRecord() if cache is None else cache.cached

    def identify(page: Any) -> tuple[str, PageFingerprint]:
        fingerprint = PageFingerprint() if cache is None else fingerprint_page(page, fonts, cached.fonts)
        return "{} {} R".format(*page.objgen), fingerprint

    try:
        pages = map_pages(path, identify)
        texts = extract_texts(path, [cached.texts.get(fingerprint.cached) for _, fingerprint in pages])
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ValueError(f"it is damaged, or not a PDF: {error}") from error
    record = PageTextRecord(
        {fingerprint.current: text for (_, fingerprint), text in zip(pages, texts, strict=True)},
        {name: font for (name, _), font in fonts.items() if font.glyphs is not None},
    )
    return _Pages([reference for reference, _ in pages], texts, record)
