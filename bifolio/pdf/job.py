"""The layout job of a publication and its tasks, as picklable dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bifolio.model.publication import Publication
from bifolio.pdf.laid_out import PageType
from bifolio.pdf.print_html.math import Drawings


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """How figures are placed that do not fit on their page."""

    may_float: bool = True
    """Whether a figure with a caption may be placed after the text that follows it."""
    least_scale: float = 0.7
    """How far the image of a figure may be scaled down, relative to its own size."""


@dataclass(frozen=True, slots=True)
class TextContext:
    """The place of a text in its publication, and what it may draw with."""

    is_separate: bool = False
    """Whether it is one of several texts of the file: page numbers and margin boxes are added later."""
    is_first: bool = True
    """Whether its first page is the first of the publication."""
    numbering_start: str = ""
    """The anchor at which page numbers restart from 1, in a text of many sections."""
    first_resource: int = 0
    """The number of its first resource; no two texts of a file may have the same."""
    missing: frozenset[str] = frozenset()
    """The characters that no font has."""
    own_fonts: frozenset[str] = frozenset()
    """The digests of the program's own font files."""


@dataclass(frozen=True, slots=True)
class MarginBoxPage:
    """The facts about a page that its margin boxes depend on (CSS Paged Media 3, 5)."""

    page_type: PageType
    number: int
    """The page number, from 1."""
    counters: Mapping[str, list[int]]
    """All counters but `page`."""
    strings: Mapping[str, list[str]]
    """The named strings that the page sets (CSS GCPM 3, 1.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class LayoutJob:
    """The publication to lay out, and the settings that all its texts share."""

    publication: Publication
    drawings: Drawings
    """The drawings of its formulas."""
    stylesheets: tuple[str, ...]
    """Their texts, in the order of the cascade."""
    missing: frozenset[str]
    """The characters that no font has."""
    own_fonts: frozenset[str]
    """The digests of the program's own font files."""
    variants: tuple[str, ...] = ()
    """The named styles of the stylesheet that apply."""
    recto_sections: frozenset[str] = frozenset()
    """The names of the sections that start on a right-hand page."""
    link_urls: str = "text"
    """Where the URLs of links are printed: `text`, `notes` or `none`."""
    figures: FigureStyle = field(default_factory=FigureStyle)
    vertical_justification: bool = True
    """Whether the last baselines of full pages are aligned."""


@dataclass(frozen=True, slots=True)
class TextTask:
    """Lay out some sections as one text. The result is a `LaidOutText`."""

    sections: tuple[int, ...]
    """Their indices in the publication."""
    page_numbers: tuple[tuple[str, str], ...]
    """The anchors whose page numbers they show, each with the number."""
    context: TextContext


@dataclass(frozen=True, slots=True)
class MarginBoxTask:
    """Draw the margin boxes of consecutive pages. The result is `DrawnMarginBoxes`."""

    pages: tuple[MarginBoxPage, ...]
    strings_before: tuple[tuple[str, str], ...]
    """The named strings at the start of the first page, each with its value."""
    context: TextContext


Task = TextTask | MarginBoxTask
