"""The size of the page, and the margins and type that go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bifolio.model.errors import UsageError
from bifolio.pdf.pages.page_settings import RootStyle

DEFAULT_PAPER = "a4"
_NAMED = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
    "letter": (215.9, 279.4),
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)", re.IGNORECASE)
_SMALLEST, _LARGEST = 60.0, 1000.0
_MM = {"mm": 1.0, "in": 25.4}
_MM_PER_PT = 25.4 / 72
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
class Page:
    """A page with its margins and its type."""

    paper: Paper
    type_size: float
    """In pt."""
    side: float
    """The margins at the sides, in mm."""
    head: float
    foot: float
    columns: int = 1


def page_on(paper: Paper, style: RootStyle) -> Page:
    """Return the page on *paper* as *style* wants it.

    Type is smaller on a smaller page. The line is at most 34 em long in each column, the side margins are a
    ninth of the width at least; the foot is deeper than the head, as the eye wants it.
    """
    size = style.type_size or paper.type_size
    measure = _MEASURE * size * _MM_PER_PT * style.columns
    side = max(paper.width / 9 * style.margins, (paper.width - measure) / 2)
    head, foot = paper.height * 0.095 * style.margins, paper.height * 0.12 * style.margins
    return Page(paper, size, side, head, foot, style.columns)


def full_page(page: Page) -> float:
    """Return about how many characters fill *page* with text."""
    em = page.type_size * _MM_PER_PT
    columns = (page.paper.width - 2 * page.side) / (em * 0.46)
    lines = (page.paper.height - page.head - page.foot) / (em * 1.36)
    return columns * lines * 0.85


def parse_paper(written: str) -> Paper:
    """Return the paper that *written* names: `a4`, another name, `148x210mm` or `6x9in`.

    Raises UsageError where it names none, or one that no text fits on.
    """
    match = _SIZE.fullmatch(written.strip())
    if match:
        unit = _MM[match.group(3).lower()]
        size = float(match.group(1)) * unit, float(match.group(2)) * unit
    elif written.strip().lower() in _NAMED:
        size = _NAMED[written.strip().lower()]
    else:
        raise UsageError(
            f"`{written}` is not a paper size.",
            hint=f"Write {', '.join(_NAMED)}, or a width and a height such as 148x210mm or 6x9in.",
        )
    if not all(_SMALLEST <= side <= _LARGEST for side in size):
        raise UsageError(
            f"A page of {written} cannot be set.",
            hint=f"Each side may be from {_SMALLEST:g} to {_LARGEST:g} mm.",
        )
    return Paper(*size)


def page_size(paper: Paper) -> str:
    """Return the rule that sets *paper* against what the sheet says."""
    return f"@page {{ size: {paper.width:g}mm {paper.height:g}mm !important }}\n"


def page_style(page: Page) -> str:
    """Return the rules that set *page*; the author's sheet comes after them and may say otherwise."""
    return (
        f"@page {{ size: {page.paper.width:g}mm {page.paper.height:g}mm;"
        f" margin: {page.head:.2f}mm {page.side:.2f}mm {page.foot:.2f}mm }}\n"
        f"html {{ font-size: {page.type_size:g}pt }}\n"
    )
