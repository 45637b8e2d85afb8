"""Reads a PDF for preflight: page boxes, painted content, fonts, the declared standard."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

from bifolio.checks.page_ranges import describe_pages
from bifolio.checks.preflight.content import PageContent, read_content

_DIRECTION_PAGES = 40
"""The number of pages whose letters decide the direction of the text."""
_PRINT_ANNOTATIONS = frozenset({"/TrapNet", "/PrinterMark"})
"""Annotations for print production (ISO 32000-1, 14.11)."""


class Box(NamedTuple):
    """A rectangle in default user space, in pt."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pt, to three decimals."""
        return round(self.right - self.left, 3), round(self.top - self.bottom, 3)


@dataclass(frozen=True, slots=True)
class PreflightPage:
    """A page of a PDF; text and graphics boxes are relative to the lower left corner of the media box."""

    media_box: Box
    trim_box: Box | None
    """None if the page declares none."""
    content: PageContent
    text_boxes: tuple[Box, ...]
    graphics_boxes: tuple[Box, ...]
    """Of paths, images, shadings and forms."""
    rotation: int
    """The value of `/Rotate`, in degrees."""


@dataclass(frozen=True, slots=True)
class PreflightFile:
    """A PDF as preflight reads it."""

    path: Path
    pages: tuple[PreflightPage, ...]
    extras: tuple[str, ...]
    """The features that are of no use in print, as nouns for a message."""
    unembedded_fonts: tuple[str, ...]
    standard: str
    """The part of PDF/X that the file declares; empty if it declares none."""
    is_right_to_left: bool
    """Whether most of the text is written from right to left."""

    def describe_pages(self, condition: Callable[[PreflightPage], bool]) -> str:
        """Return which pages satisfy *condition*, such as `page 3`; an empty string for none."""
        return describe_pages(number for number, page in enumerate(self.pages, 1) if condition(page))


@dataclass(frozen=True, slots=True)
class _PageBoxes:
    """The boxes of the objects on a page."""

    text: tuple[Box, ...]
    graphics: tuple[Box, ...]


def read_file(path: Path) -> PreflightFile:
    """Read the PDF at *path*. Raises PdfError, or an error of Python, if the file is damaged."""
    data = path.read_bytes()
    with pikepdf.open(path) as pdf:
        boxes, is_right_to_left = _read_boxes(data, len(pdf.pages))
        return PreflightFile(
            path=path,
            pages=tuple(_read_page(page, each) for page, each in zip(pdf.pages, boxes, strict=True)),
            extras=tuple(_extras(pdf)),
            unembedded_fonts=tuple(_unembedded_fonts(pdf)),
            standard=_standard(pdf),
            is_right_to_left=is_right_to_left,
        )


def _read_page(page: pikepdf.Page, boxes: _PageBoxes) -> PreflightPage:
    return PreflightPage(
        media_box=_box(page.mediabox),
        trim_box=_box(page.obj.TrimBox) if "/TrimBox" in page.obj else None,
        content=read_content(page),
        text_boxes=boxes.text,
        graphics_boxes=boxes.graphics,
        rotation=int(page.obj.get("/Rotate", 0)),
    )


def _read_boxes(data: bytes, page_count: int) -> tuple[list[_PageBoxes], bool]:
    """Return the boxes of each page of the PDF *data*, and whether its text is written from right to left."""
    import pypdfium2

    boxes: list[_PageBoxes] = []
    balance = 0
    with pypdfium2.PdfDocument(data) as pdf:
        for index in range(page_count):
            page = pdf[index]
            boxes.append(_page_boxes(page))
            if index < _DIRECTION_PAGES:
                balance += _direction(page.get_textpage().get_text_bounded())
            page.close()
    return boxes, balance < 0


def _page_boxes(page: Any) -> _PageBoxes:
    from pypdfium2 import raw

    left, bottom, _, _ = page.get_mediabox()
    text: list[Box] = []
    graphics: list[Box] = []
    for item in page.get_objects(max_depth=1):
        bounds = item.get_bounds()
        box = Box(bounds[0] - left, bounds[1] - bottom, bounds[2] - left, bounds[3] - bottom)
        (text if item.type == raw.FPDF_PAGEOBJ_TEXT else graphics).append(box)
    return _PageBoxes(tuple(text), tuple(graphics))


def _direction(text: str) -> int:
    """Return how many more letters of *text* run from left to right than from right to left."""
    classes = [unicodedata.bidirectional(character) for character in text]
    return classes.count("L") - classes.count("R") - classes.count("AL")


def _box(sides: Iterable[Any]) -> Box:
    left, bottom, right, top = (float(side) for side in sides)
    return Box(left, bottom, right, top)


def _extras(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    names: Any = root.get("/Names") or {}
    annotations = {
        str(annotation.get("/Subtype", ""))
        for page in pdf.pages
        for annotation in page.obj.get("/Annots") or []
    } - _PRINT_ANNOTATIONS
    features = {
        "encryption": pdf.is_encrypted,
        "bookmarks": "/Outlines" in root and int(root.Outlines.get("/Count", 0)) != 0,
        "a form": "/AcroForm" in root,
        "layers": "/OCProperties" in root,
        "embedded files": "/EmbeddedFiles" in names,
        "actions": "/JavaScript" in names or "/OpenAction" in root or "/AA" in root,
        "links": "/Link" in annotations,
        "annotations": bool(annotations - {"/Link"}),
    }
    return (name for name, is_present in features.items() if is_present)


def _unembedded_fonts(pdf: pikepdf.Pdf) -> list[str]:
    """Return the names of the fonts without a font program; Type 3 fonts need none."""
    names = set()
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != Name.Font:
            continue
        if item.get("/Subtype") in (Name.Type0, Name.Type3):
            continue
        descriptor: Any = item.get("/FontDescriptor") or {}
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            names.add(str(item.get("/BaseFont", "/?"))[1:])
    return sorted(names)


def _standard(pdf: pikepdf.Pdf) -> str:
    info: Any = pdf.trailer.get("/Info") or {}
    return str(info.get("/GTS_PDFXConformance", info.get("/GTS_PDFXVersion", "")))
