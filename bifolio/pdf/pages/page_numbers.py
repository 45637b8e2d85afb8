"""The numbers of pages: those of front matter in Roman numerals, those of the text from 1."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from bifolio.model.publication import Publication
from bifolio.pdf.document.html_tree import section_anchor
from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.laid_out import LaidOutPage, PageType
from bifolio.pdf.writing.content_streams import deflate

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of all pages."""

    front: int = 0
    """How many pages stand before page 1, numbered by themselves; 0 where all are numbered on."""

    def number(self, place: int) -> int:
        """Return the number of the page at *place*, counted from 0."""
        return place + 1 if place < self.front else place - self.front + 1

    def shown(self, place: int) -> str:
        """Return that number as it is shown."""
        number = self.number(place)
        return roman(number) if place < self.front else str(number)

    def labels(self) -> Any:
        """Return the number tree of page labels (ISO 32000-1, 12.4.2), or None where none is needed."""
        if not self.front:
            return None
        parts: Iterable[Any] = (0, {"S": "/r"}, self.front, {"S": "/D"})
        nums = [pdf_objects.Dictionary(part) if isinstance(part, dict) else part for part in parts]
        return pdf_objects.Dictionary({"Nums": pdf_objects.Array(nums)})


def blank_page(following: LaidOutPage) -> LaidOutPage:
    """Return a page on which nothing stands, before the page *following*."""
    kind = PageType("left", True, "", 1)
    return replace(
        following, bookmarks=[], links=[], anchors={}, kind=kind, strings={}, content=deflate([b"q", b"Q"]),
        opening=None, holes=(),
    )  # fmt: skip


def number_pages(leaves: Sequence[LaidOutPage], start: str) -> Numbering:
    """Number *leaves*, from 1 where the anchor *start* stands, if there is one."""
    return Numbering(next((place for place, leaf in enumerate(leaves) if start in leaf.anchors), 0))


def label_anchors(leaves: Sequence[LaidOutPage], numbering: Numbering) -> Mapping[str, str]:
    """Return the number of its page, as it is shown, of every anchor."""
    pages: dict[str, str] = {}
    for place, leaf in enumerate(leaves):
        for anchor in leaf.anchors:
            pages.setdefault(anchor, numbering.shown(place))
    return pages


def guess_labels(
    publication: Publication, start: str, anchors: Collection[str], full: float
) -> Mapping[str, str]:
    """Guess the page of each of *anchors* where *full* characters fill one: as many digits are likely right.

    The text begins in the section whose anchor is *start*, if it does not begin at once.
    """
    pages: dict[str, str] = {}
    counted, place = not start, 0.0
    for section in publication.sections:
        counted = counted or section_anchor(section) == start
        for tree in section.trees():
            for element in tree.iter():
                if element.get("id") in anchors:
                    pages[element.get("id", "")] = str(int(place) + 1) if counted else "i"
                place += counted * len((element.text or "") + (element.tail or "")) / full
        place = ceil(place)
    return pages


def roman(number: int) -> str:
    """Return *number*, 1 or more, in small Roman numerals."""
    written = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        written += letters * times
    return written
