"""The size of the page, and the margins and type that go with it."""

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
    """A trimmed page, in mm."""

    width: float
    height: float

    @property
    def type_size(self) -> float:
        """The size of the text, in pt: smaller on a smaller page."""
        return 11.0 if self.width >= 170 else 10.0 if self.width >= 120 else 9.0


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page with its margins and its type."""

    paper: Paper
    type_size: float
    """In pt."""
    side: float
    """The margins at the sides, in mm."""
    head: float
    foot: float
    columns: int = 1


def page_layout(paper: Paper, style: PageSettings) -> PageLayout:
    """Return the page on *paper* as *style* wants it.

    Type is smaller on a smaller page. The line is at most 34 em long in each column, the side margins are a
    ninth of the width at least; the foot is deeper than the head, as the eye wants it.
    """
    size = style.type_size or paper.type_size
    measure = _MEASURE * size * MM_PER_PT * style.columns
    side = max(paper.width / 9 * style.margins, (paper.width - measure) / 2)
    head, foot = paper.height * 0.095 * style.margins, paper.height * 0.12 * style.margins
    return PageLayout(paper, size, side, head, foot, style.columns)


def characters_per_page(page: PageLayout) -> float:
    """Return about how many characters fill *page* with text."""
    em = page.type_size * MM_PER_PT
    columns = (page.paper.width - 2 * page.side) / (em * 0.46)
    lines = (page.paper.height - page.head - page.foot) / (em * 1.36)
    return columns * lines * 0.85


def parse_paper(text: str) -> Paper:
    """Return the page of the paper size *text*, as `parse_paper_size` reads it. Raises UsageError."""
    size = parse_paper_size(text)
    return Paper(size.width, size.height)


def page_size_rule(paper: Paper) -> str:
    """Return the rule that sets *paper* against what the sheet says."""
    return f"@page {{ size: {paper.width:g}mm {paper.height:g}mm !important }}\n"


def page_rules(page: PageLayout) -> str:
    """Return the rules that set *page*; the author's sheet comes after them and may say otherwise."""
    return (
        f"@page {{ size: {page.paper.width:g}mm {page.paper.height:g}mm;"
        f" margin: {page.head:.2f}mm {page.side:.2f}mm {page.foot:.2f}mm }}\n"
        f"html {{ font-size: {page.type_size:g}pt }}\n"
    )
