"""Page size, margins and type size, from the paper and the page settings of the stylesheet."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.model.paper_sizes import parse_paper_size
from bifolio.model.units import MM_PER_PT
from bifolio.pdf.pages.page_settings import PageSettings

DEFAULT_PAPER = "a4"

_MEASURE = 34.0
"""The longest line, in em: about seventy characters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The trim size of a page, in mm."""

    width: float
    height: float

    @property
    def type_size(self) -> float:
        """The default size of the text, in pt."""
        return 11.0 if self.width >= 170 else 10.0 if self.width >= 120 else 9.0


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The size, margins, columns and type size of a page."""

    paper: Paper
    type_size: float
    """In pt."""
    side: float
    """The left and the right margin, in mm."""
    top: float
    """The top margin, in mm."""
    bottom: float
    """The bottom margin, in mm."""
    columns: int = 1


def page_layout(paper: Paper, settings: PageSettings) -> PageLayout:
    """Return the layout of a page on *paper*, with the *settings* of the stylesheet.

    A line has at most 34 em in each column, and a side margin at least a ninth of the width. The bottom
    margin is greater than the top margin, as is usual in books.
    """
    size = settings.type_size or paper.type_size
    measure = _MEASURE * size * MM_PER_PT * settings.columns
    side = max(paper.width / 9 * settings.margins, (paper.width - measure) / 2)
    top, bottom = paper.height * 0.095 * settings.margins, paper.height * 0.12 * settings.margins
    return PageLayout(paper, size, side, top, bottom, settings.columns)


def characters_per_page(page: PageLayout) -> float:
    """Return about how many characters fill *page*."""
    em = page.type_size * MM_PER_PT
    columns = (page.paper.width - 2 * page.side) / (em * 0.46)
    lines = (page.paper.height - page.top - page.bottom) / (em * 1.36)
    return columns * lines * 0.85


def parse_paper(text: str) -> Paper:
    """Return the paper of the size *text*, a name or dimensions (`parse_paper_size`). Raises UsageError."""
    size = parse_paper_size(text)
    return Paper(size.width, size.height)


def page_size_rule(paper: Paper) -> str:
    """Return the rule that sets the page size to *paper*, whatever the stylesheet says."""
    return f"@page {{ size: {paper.width:g}mm {paper.height:g}mm !important }}\n"


def page_rules(page: PageLayout) -> str:
    """Return the rules for *page*, which precede the author's stylesheet in the cascade."""
    return (
        f"@page {{ size: {page.paper.width:g}mm {page.paper.height:g}mm;"
        f" margin: {page.top:.2f}mm {page.side:.2f}mm {page.bottom:.2f}mm }}\n"
        f"html {{ font-size: {page.type_size:g}pt }}\n"
    )
