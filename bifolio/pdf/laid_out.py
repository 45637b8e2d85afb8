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

    kind: str
    """Its structure type, without the slash."""
    page: int
    """The index of the page on which it begins, in its text."""
    parent: StructureElement | None
    element: Element | None = None
    kids: list[StructureElement | tuple[int, int] | tuple[int, Any]] = field(default_factory=list)
    """Nodes; marked content, as page index and MCID; links, as page index and `LinkTarget`."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Further entries of its dictionary."""


@dataclass(frozen=True, slots=True)
class NarrowTable:
    """A table in which a word has no room."""

    section: str
    element: int
    """The index of its element in the body of the section."""
    word: str


@dataclass(slots=True, eq=False)
class LinkBox:
    """The place of a link on a page."""

    words: str
    """What the link says."""
    link_annotation: Any = None
    """Where WeasyPrint puts the annotation that it makes of the link; None for a link that leads nowhere."""


@dataclass(frozen=True, slots=True)
class PageType:
    """What the selectors of `@page` can ask (CSS Paged Media 3, 4; CSS GCPM 3, 2)."""

    side: Side
    blank: bool
    name: str
    index: int
    """Its place among the pages, from 0."""
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NumberPlaceholder:
    """Where the number of a page can be put in."""

    anchor: str
    """What stands on the page."""
    places: tuple[int, ...]
    """Where in the operators each digit stands, in bytes."""
    glyphs: tuple[bytes, ...]
    """Those of the digits, as they are written."""


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where a page begins in the text, as `bifolio.model.publication.PageBreak` has it."""

    section: str
    element: int
    offset: int | None


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page, drawn. It has the names that WeasyPrint's own pages have, and stands for one."""

    width: float
    """In CSS px, as all lengths here."""
    height: float
    bleed: dict[str, float]
    bookmarks: list[tuple[int, str, tuple[float, float], str]]
    links: list[tuple[str, str, tuple[float, float, float, float], LinkBox]]
    anchors: dict[str, tuple[float, float, float, float]]
    kind: PageType
    counters: dict[str, list[int]]
    """The counters of the text at the end of the page."""
    strings: dict[str, list[str]]
    """The named strings that it sets (CSS GCPM 3, 1.1)."""
    content: bytes
    """The operators that draw it, compressed."""
    opening: PageStart | None = None
    """Where it begins; None where nothing of the running text stands on it."""
    heads: bytes = b""
    """The operators that draw its running head and folio, where they are not in the content."""
    holes: tuple[NumberPlaceholder, ...] = ()
    """Where it names pages."""
    is_landscape: bool = False
    """Whether its text is rotated by a quarter turn; its margin boxes are not."""
    forms: dict[None, list[Any]] = field(default_factory=dict)

    def paint(self, stream: Any, scale: float) -> None:
        """Draw the running head and folio; called by WeasyPrint with the *stream* of the page."""
        stream.stream.append(self.heads)


@dataclass(frozen=True, slots=True)
class FontUse:
    """A font, and which of its glyphs are drawn."""

    name: str
    """WeasyPrint's short name for it."""
    digest: str
    """Of its file."""
    facts: dict[str, Any]
    """What else WeasyPrint knows of it."""
    widths: dict[int, int]
    to_unicode: dict[int, str]
    missing: dict[int, int]


@dataclass(frozen=True, slots=True)
class PageResources:
    """What the pages draw with."""

    fonts: tuple[FontUse, ...]
    files: dict[str, bytes]
    """By digest, the files of the fonts that are not the program's own."""
    images: dict[str, Any]
    resources: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LaidOutText:
    """A text that has been laid out and drawn."""

    leaves: tuple[LaidOutPage, ...]
    ink: PageResources
    nodes: tuple[StructureElement, ...]
    """Its part of the structure tree."""
    messages: tuple[str, ...]
    """WeasyPrint's log messages."""
    narrow_tables: tuple[NarrowTable, ...] = ()
    open: bool = False
    """Whether every number of a page that it names can be put in afterwards."""
