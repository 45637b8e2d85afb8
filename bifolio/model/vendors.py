"""What those who print books on demand ask of a file: their published rules as data, each with its source.

docs/printing.md says where each figure was read, and which of them nobody publishes. Lengths are in inches,
as the vendors give them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import dist

from bifolio.model.errors import UsageError
from bifolio.model.units import MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Stock:
    """A paper with the inks that are printed on it."""

    name: str
    """The value of `--stock`."""
    caliper: float
    """The thickness of a page, which is half a leaf."""
    colour: bool
    least: int
    """The fewest pages."""
    most: int
    """The most pages, at the common sizes."""
    estimated: bool = False
    """Whether the vendor does not publish the caliper."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One that prints and sells books, and its rules."""

    name: str
    """The value of `--for`."""
    title: str
    trims: tuple[tuple[float, float], ...]
    """The sizes that it cuts to."""
    fewer: Mapping[tuple[float, float], Mapping[str, int]]
    """The most pages, by stock, at those sizes that may have fewer."""
    stocks: tuple[Stock, ...]
    """The first is taken where none is named."""
    insides: tuple[tuple[int, float], ...]
    """The inner margin that it asks for, up to so many pages."""
    inside_required: bool
    """Whether it rejects a file with less, and does not only advise against it."""
    outside: float
    """The margin that it asks for at the other three edges."""
    inside_bleed: bool
    """Whether a page with bleed has it at the bound edge, too."""
    spine_glue: float
    """What the spine has beyond its pages."""
    spine_text: int
    """The fewest pages with which it prints on the spine."""
    spine_clear: float
    """What is kept free on each side of the spine's text."""
    cover_clear: float
    """What is kept free of text at the edges of the cover."""
    press_colours: bool
    """Whether pages in colour have to be in the inks of the press, CMYK."""
    last_blank: bool
    """Whether the last page has to be blank."""
    declares: str
    """The standard that its files declare; empty where it asks for none."""

    def stock(self, name: str | None) -> Stock:
        """Return its stock called *name*, or its first. Raises UsageError for one that it has not."""
        known = {stock.name: stock for stock in self.stocks}
        if name is not None and name not in known:
            raise UsageError(
                f"{self.title} does not print on `{name}`.", hint=f"Write one of {', '.join(known)}."
            )
        return known[name] if name else self.stocks[0]

    def trim(self, width: float, height: float) -> tuple[float, float]:
        """Return the size that a page of *width* x *height* inches is cut to.

        Raises UsageError where it cuts to no such size, and names the nearest.
        """
        nearest = min(self.trims, key=lambda trim: dist(trim, (width, height)))
        if dist(nearest, (width, height)) > _SAME:
            raise UsageError(
                f"{self.title} does not cut to {width:.4g} x {height:.4g} in.",
                hint=f"The nearest of its sizes is `--paper {written(nearest)}`.",
            )
        return nearest

    def inside(self, pages: int) -> float:
        """Return the inner margin that it asks for where a book has so many *pages*."""
        return next((margin for most, margin in self.insides if pages <= most), self.insides[-1][1])

    def most(self, stock: Stock, trim: tuple[float, float]) -> int:
        """Return how many pages a book of *trim* on *stock* may have."""
        return self.fewer.get(trim, {}).get(stock.name, stock.most)

    def spine(self, pages: int, stock: Stock) -> float:
        """Return how wide the spine of a book of so many *pages* on *stock* is."""
        return pages * stock.caliper + self.spine_glue


BLEED = 0.125
"""What a picture at the edge has beyond it, for all of them."""
PPI = 300
"""Pixels in an inch that all of them ask for."""
BARCODE = (2.0, 1.2)
"""The width and height that the barcode takes at the foot of the back cover, beside the spine."""
BARCODE_PLACE = 0.25
"""From the barcode to the spine and to the foot."""
LEAST_TYPE = 7.0
"""The smallest type in points (KDP)."""
LEAST_RULE = 0.75
"""The thinnest line in points (KDP)."""
INK = 2.4
"""The most ink that a place may take, 1 being all of one ink (Ingram)."""
_WIDTH = re.compile(r"(\d+(?:\.\d+)?)(mm|in)")
_SAME = 0.02
"""How far apart two sizes may be, in inches, that are meant to be the same."""

_EVER = 10**9
KDP = Vendor(
    name="kdp",
    title="Amazon KDP Print",
    trims=(
        (5, 8), (5.06, 7.81), (5.25, 8), (5.5, 8.5), (6, 9), (6.14, 9.21), (6.69, 9.61), (7, 10),
        (7.44, 9.69), (7.5, 9.25), (8, 10), (8.25, 6), (8.25, 8.25), (8.27, 11.69), (8.5, 11), (8.5, 8.5),
    ),
    fewer={
        (8.25, 6): {"white": 800, "cream": 750, "premium": 800},
        (8.25, 8.25): {"white": 800, "cream": 750, "premium": 800},
        (8.27, 11.69): {"white": 780, "cream": 730, "premium": 590},
        (8.5, 11): {"white": 590, "cream": 550, "premium": 590},
        (8.5, 8.5): {"white": 590, "cream": 550, "premium": 590},
    },
    stocks=(
        Stock("white", 0.002252, False, 24, 828),
        Stock("cream", 0.0025, False, 24, 776),
        Stock("colour", 0.002252, True, 72, 600),
        Stock("premium", 0.002347, True, 24, 828),
    ),
    insides=((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (_EVER, 0.875)),
    inside_required=True,
    outside=0.25,
    inside_bleed=False,
    spine_glue=0.0,
    spine_text=79,
    spine_clear=0.0625,
    cover_clear=0.125,
    press_colours=False,
    last_blank=False,
    declares="",
)  # fmt: skip

INGRAM = Vendor(
    name="ingram",
    title="IngramSpark",
    trims=(
        (4, 6), (4, 7), (4.25, 7), (4.37, 7), (4.72, 7.48), (5, 7), (5, 8), (5.06, 7.81), (5.25, 8),
        (5.5, 8.25), (5.5, 8.5), (5.83, 8.27), (6, 9), (6.14, 9.21), (6.5, 6.5), (6.63, 10.25), (6.69, 9.61),
        (7, 10), (7.44, 9.69), (7.5, 9.25), (8, 8), (8, 10), (8, 10.88), (8.25, 10.75), (8.25, 11),
        (8.268, 11.693), (8.5, 8.5), (8.5, 9), (8.5, 11),
    ),
    fewer={},
    stocks=(
        Stock("white", 0.00211, False, 18, 1200, estimated=True),
        Stock("cream", 0.00225, False, 18, 1050, estimated=True),
        Stock("colour", 0.00211, True, 18, 1200, estimated=True),
        Stock("premium", 0.00272, True, 18, 900, estimated=True),
    ),
    insides=((_EVER, 0.625),),
    inside_required=False,
    outside=0.5,
    inside_bleed=False,
    spine_glue=0.0,
    spine_text=48,
    spine_clear=0.0625,
    cover_clear=0.25,
    press_colours=True,
    last_blank=True,
    declares="PDF/X-1a:2001",
)  # fmt: skip

LULU = Vendor(
    name="lulu",
    title="Lulu",
    trims=(
        (4.25, 6.875), (5, 8), (5.5, 8.5), (5.83, 8.27), (6, 9), (6.14, 9.21), (6.63, 10.25), (7, 10),
        (7.44, 9.68), (7.5, 7.5), (8.27, 11.69), (8.5, 8.5), (8.5, 11), (9, 7), (11, 8.5), (11.69, 8.27),
    ),
    fewer={},
    stocks=(
        Stock("white", 1 / 444, False, 32, 800),
        Stock("cream", 1 / 444, False, 32, 800),
        Stock("colour", 1 / 444, True, 32, 800),
        Stock("premium", 1 / 444, True, 32, 800),
    ),
    insides=((60, 0.5), (150, 0.625), (400, 1.0), (600, 1.125), (_EVER, 1.25)),
    inside_required=False,
    outside=0.5,
    inside_bleed=True,
    spine_glue=0.06,
    spine_text=80,
    spine_clear=0.125,
    cover_clear=0.25,
    press_colours=False,
    last_blank=False,
    declares="",
)  # fmt: skip

VENDORS = {vendor.name: vendor for vendor in (KDP, INGRAM, LULU)}
"""Every vendor, by its name."""
STOCKS: Sequence[str] = ("white", "cream", "colour", "premium")
"""The values of `--stock`."""


def written(trim: tuple[float, float]) -> str:
    """Return *trim* as `--paper` takes it."""
    return f"{trim[0]:g}x{trim[1]:g}in"


def inches(width: str) -> float:
    """Return *width*, such as `0.62in` or `15.8mm`, in inches. Raises UsageError where it is none."""
    match = _WIDTH.fullmatch(width.strip())
    if not match:
        raise UsageError(f"`{width}` is no width.", hint="Write one such as 0.62in or 15.8mm.")
    return float(match.group(1)) / (MM_PER_INCH if match.group(2) == "mm" else 1.0)
