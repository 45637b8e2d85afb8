"""Laid-out pages as plain, picklable data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

Side = str
"""`left` or `right`."""


@dataclass(slots=True, eq=False)
class StructureElement:
    """A structure element (ISO 32000-1, 14.7.2) before it is written."""

    structure_type: str
    """Without the slash."""
    page_index: int
    """The index of the page on which it begins, in its text."""
    parent: StructureElement | None
    element: Element | None = None
    """The element of the text that it is made from."""
    kids: list[StructureElement | tuple[int, int] | tuple[int, Any]] = field(default_factory=list)
    """Structure elements; marked content, as page index and MCID; links, as page index and `LinkBox`."""
    entries: dict[str, Any] = field(default_factory=dict)
    """Further entries of its dictionary."""


@dataclass(frozen=True, slots=True)
class NarrowTable:
    """A table with a word that is wider than its column."""

    section: str
    element: int
    """The index of its element in the body of the section."""
    word: str


@dataclass(slots=True, eq=False)
class LinkBox:
    """Stands for WeasyPrint's box of a link, on which WeasyPrint sets the annotation."""

    description: str
    """The text of the link, for the `Contents` of the annotation."""
    link_annotation: Any = None
    """The annotation that WeasyPrint makes; None for a link without a destination."""


@dataclass(frozen=True, slots=True)
class PageType:
    """The facts about a page that `@page` selectors match (CSS Paged Media 3, 4; CSS GCPM 3, 2)."""

    side: Side
    blank: bool
    name: str
    index: int
    """Its index among the pages."""
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NumberPlaceholder:
    """A page number in the content of a page, whose digits are filled in after pagination."""

    anchor: str
    """The anchor whose page number is shown."""
    offsets: tuple[int, ...]
    """The offset of each digit in the operators, in bytes."""
    glyphs: tuple[bytes, ...]
    """The hexadecimal glyph codes of the digits 0 to 9."""


@dataclass(frozen=True, slots=True)
class PageStart:
    """The position in the text at which a page begins, as in `bifolio.model.publication.PageBreak`."""

    section: str
    element: int
    offset: int | None


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page that is drawn. It has the attributes of WeasyPrint's `Page`, which it replaces in a document."""

    width: float
    """In CSS px, as all lengths here."""
    height: float
    bleed: dict[str, float]
    bookmarks: list[tuple[int, str, tuple[float, float], str]]
    links: list[tuple[str, str, tuple[float, float, float, float], LinkBox]]
    anchors: dict[str, tuple[float, float, float, float]]
    page_type: PageType
    counters: dict[str, list[int]]
    """The counters of the text at the end of the page."""
    strings: dict[str, list[str]]
    """The named strings that it sets (CSS GCPM 3, 1.1)."""
    content: bytes
    """Its drawing operators, compressed."""
    start: PageStart | None = None
    """Where it begins; None where it shows nothing of the running text."""
    margin_box_content: bytes = b""
    """The drawing operators of its margin boxes, where these are not in `content`."""
    number_placeholders: tuple[NumberPlaceholder, ...] = ()
    is_landscape: bool = False
    """Whether its text is rotated by a quarter turn; its margin boxes are not."""
    forms: dict[None, list[Any]] = field(default_factory=dict)

    def paint(self, stream: Any, scale: float) -> None:
        """Draw the margin boxes; called by WeasyPrint with the *stream* of the page."""
        stream.stream.append(self.margin_box_content)


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font, and the glyphs of it that are drawn."""

    name: str
    """WeasyPrint's name for it."""
    digest: str
    """The SHA-256 of its file."""
    attributes: dict[str, Any]
    """The other attributes of WeasyPrint's font object."""
    widths: dict[int, int]
    to_unicode: dict[int, str]
    missing: dict[int, int]


@dataclass(frozen=True, slots=True)
class PageResources:
    """The resources that pages draw with (ISO 32000-1, 7.8.3)."""

    fonts: tuple[FontUse, ...]
    font_files: dict[str, bytes]
    """The files of the fonts that are not the program's own, by digest."""
    images: dict[str, Any]
    """Image XObjects by name."""
    categories: dict[str, dict[str, Any]]
    """The other resources, by category and name."""


@dataclass(frozen=True, slots=True)
class LaidOutText:
    """A text that has been laid out and drawn."""

    pages: tuple[LaidOutPage, ...]
    resources: PageResources
    structure: tuple[StructureElement, ...]
    """Its part of the structure tree."""
    messages: tuple[str, ...]
    """WeasyPrint's log messages."""
    narrow_tables: tuple[NarrowTable, ...] = ()
    can_fill_numbers: bool = False
    """Whether all page numbers that it shows are placeholders, to be filled in later."""
