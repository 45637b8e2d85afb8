"""A PDF as a press gets it: its boxes, what it prints on each page, and what it carries besides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name

from bifolio.checks.preflight.content import PageContent, read_content

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in pt."""
_TASTED = 40
"""How many pages tell which way a text is read."""
_PRINTED = frozenset({"/TrapNet", "/PrinterMark"})
"""Annotations that are a press's own (ISO 32000-1, 14.11)."""


@dataclass(frozen=True, slots=True)
class PreflightPage:
    """A page."""

    media: Box
    trim: Box | None
    """None where the file does not say."""
    drawn: PageContent
    type: tuple[Box, ...]
    """Where its lines of type stand."""
    rest: tuple[Box, ...]
    """Where all else that is drawn stands."""
    turned: int


@dataclass(frozen=True, slots=True)
class PreflightFile:
    """A whole file."""

    path: Path
    leaves: tuple[PreflightPage, ...]
    extras: tuple[str, ...]
    """What paper has no use for, in a few words each."""
    loose_fonts: tuple[str, ...]
    """The fonts that are not embedded."""
    standard: str
    """The part of PDF/X that it declares, or nothing."""
    leftwards: bool
    """Whether most of its words are read from right to left."""


def read_file(path: Path) -> PreflightFile:
    """Read the PDF at *path*. Raises PdfError, or what follows from damage, where it cannot be read."""
    data = path.read_bytes()
    with pikepdf.open(path) as pdf:
        places, leftwards = _places(data, len(pdf.pages))
        leaves = tuple(
            PreflightPage(
                _box(page.mediabox), _box(page.obj.TrimBox) if "/TrimBox" in page.obj else None,
                read_content(page), *place, int(page.obj.get("/Rotate", 0)),
            )
            for page, place in zip(pdf.pages, places, strict=True)
        )  # fmt: skip
        return PreflightFile(path, leaves, tuple(_extras(pdf)), tuple(_loose(pdf)), _standard(pdf), leftwards)


def _places(data: bytes, pages: int) -> tuple[list[tuple[tuple[Box, ...], tuple[Box, ...]]], bool]:
    """Return where the type, and all else, of each page of a PDF stands, and whether it is read leftwards."""
    import pypdfium2
    from pypdfium2 import raw

    places, ways = [], [0, 0]
    with pypdfium2.PdfDocument(data) as pdf:
        for number in range(pages):
            page = pdf[number]
            left, bottom, _, _ = page.get_mediabox()
            boxes: tuple[list[Box], list[Box]] = ([], [])
            for thing in page.get_objects(max_depth=1):
                box = thing.get_bounds()
                kind = 0 if thing.type == raw.FPDF_PAGEOBJ_TEXT else 1
                boxes[kind].append((box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom))
            places.append((tuple(boxes[0]), tuple(boxes[1])))
            if number < _TASTED:
                words = page.get_textpage().get_text_bounded()
                for letter in words:
                    way = unicodedata.bidirectional(letter)
                    ways[0] += way == "L"
                    ways[1] += way in ("R", "AL")
            page.close()
    return places, ways[1] > ways[0]


def _box(sides: Any) -> Box:
    left, bottom, right, top = (float(side) for side in sides)
    return left, bottom, right, top


def _extras(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "encryption"
    root = pdf.Root
    if "/Outlines" in root and int(root.Outlines.get("/Count", 0)) != 0:
        yield "bookmarks"
    if "/AcroForm" in root:
        yield "a form to fill in"
    if "/OCProperties" in root:
        yield "layers"
    names: Any = root.get("/Names") or {}
    if "/EmbeddedFiles" in names:
        yield "files in the file"
    if "/JavaScript" in names or "/OpenAction" in root or "/AA" in root:
        yield "actions"
    kinds = {
        str(annotation.get("/Subtype", ""))
        for page in pdf.pages
        for annotation in page.obj.get("/Annots") or []
    } - _PRINTED
    if "/Link" in kinds:
        yield "links"
    if kinds - {"/Link"}:
        yield "annotations"


def _loose(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Give the names of fonts whose outlines are not in the file; a font of Type 3 is drawn in it."""
    seen = set()
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != Name.Font:
            continue
        if thing.get("/Subtype") in (Name.Type0, Name.Type3):
            continue
        descriptor: Any = thing.get("/FontDescriptor") or {}
        if not any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")):
            seen.add(str(thing.get("/BaseFont", "/?"))[1:])
    yield from sorted(seen)


def _standard(pdf: pikepdf.Pdf) -> str:
    info: Any = pdf.trailer.get("/Info") or {}
    return str(info.get("/GTS_PDFXConformance", info.get("/GTS_PDFXVersion", "")))
