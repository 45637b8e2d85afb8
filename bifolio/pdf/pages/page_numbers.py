"""Page numbers and page labels: Roman numerals in front matter, decimal numbers from 1 in the text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from bifolio.model.publication import Publication
from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.laid_out import LaidOutPage, PageType
from bifolio.pdf.print_html.page_references import section_anchor
from bifolio.pdf.writing.content_streams import deflate

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers and labels of all pages."""

    front_pages: int = 0
    """How many pages of front matter precede page 1; 0 where all pages are numbered in one sequence."""

    def number(self, page_index: int) -> int:
        """Return the number of a page, from 1 in front matter and again from 1 in the text."""
        return page_index + 1 if page_index < self.front_pages else page_index - self.front_pages + 1

    def label(self, page_index: int) -> str:
        """Return the number of a page as it is printed."""
        number = self.number(page_index)
        return roman(number) if page_index < self.front_pages else str(number)

    def page_labels(self) -> Any:
        """Return the number tree of page labels (ISO 32000-1, 12.4.2); None where none is needed."""
        if not self.front_pages:
            return None
        front, text = ({"S": "/r"}, {"S": "/D"})
        nums = [0, pdf_objects.Dictionary(front), self.front_pages, pdf_objects.Dictionary(text)]
        return pdf_objects.Dictionary({"Nums": pdf_objects.Array(nums)})


def number_pages(pages: Sequence[LaidOutPage], numbering_start: str) -> Numbering:
    """Return the numbering of *pages*; the one with the anchor *numbering_start*, if any, is page 1."""
    starts = (index for index, page in enumerate(pages) if numbering_start in page.anchors)
    return Numbering(next(starts, 0))


def label_anchors(pages: Sequence[LaidOutPage], numbering: Numbering) -> Mapping[str, str]:
    """Return the label of its page for every anchor on *pages*."""
    labels: dict[str, str] = {}
    for index, page in enumerate(pages):
        for anchor in page.anchors:
            labels.setdefault(anchor, numbering.label(index))
    return labels


def guess_labels(
    publication: Publication, numbering_start: str, anchors: Collection[str], page_capacity: float
) -> Mapping[str, str]:
    """Return guesses of the page labels of *anchors*, likely with the right number of digits.

    About *page_capacity* characters fill a page. Page 1 is the first of the section with the anchor
    *numbering_start*, or of the publication if that is empty.
    """
    labels: dict[str, str] = {}
    is_numbered, position = not numbering_start, 0.0
    for section in publication.sections:
        is_numbered = is_numbered or section_anchor(section) == numbering_start
        for tree in section.trees():
            for element in tree.iter():
                if element.get("id") in anchors:
                    labels[element.get("id", "")] = str(int(position) + 1) if is_numbered else "i"
                length = len((element.text or "") + (element.tail or ""))
                position += is_numbered * length / page_capacity
        position = ceil(position)
    return labels


def blank_page(following: LaidOutPage) -> LaidOutPage:
    """Return a blank left-hand page of the size of the page *following*."""
    return replace(
        following, bookmarks=[], links=[], anchors={}, page_type=PageType("left", True, "", 1), strings={},
        content=deflate([b"q", b"Q"]), start=None, number_placeholders=(),
    )  # fmt: skip


def roman(number: int) -> str:
    """Return *number*, 1 or more, as a lower-case Roman numeral."""
    numeral = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        numeral += letters * times
    return numeral
