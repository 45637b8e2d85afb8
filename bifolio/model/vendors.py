"""The requirements of print-on-demand vendors, as data.

docs/printing.md has the source of each figure, and says which are not published. Lengths are in inches, as
the vendors give them.
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
    """A paper, with the inks that print on it."""

    name: str
    """The value of `--stock`."""
    caliper: float
    """The thickness of a page: half that of a leaf."""
    colour: bool
    min_pages: int
    max_pages: int
    """At the common trim sizes."""
    estimated: bool = False
    """Whether the vendor does not publish the caliper."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A print vendor and its requirements."""

    name: str
    """The value of `--for`."""
    title: str
    trims: tuple[tuple[float, float], ...]
    """The trim sizes, as width and height."""
    max_pages_by_trim: Mapping[tuple[float, float], Mapping[str, int]]
    """By stock, for the trim sizes with another limit than the stock's own."""
    stocks: tuple[Stock, ...]
    """The first is the default."""
    inside_margins: tuple[tuple[int, float], ...]
    """Pairs of a page count and the inside margin for books up to that count."""
    requires_inside_margin: bool
    """Whether the inside margin is mandatory, not just recommended."""
    outside_margin: float
    """The margin at the other three edges."""
    has_inside_bleed: bool
    """Whether a page with bleed has it at the bound edge too."""
    spine_glue: float
    """The width that the binding adds to the spine."""
    min_pages_for_spine_text: int
    """The minimum number of pages for text on the spine."""
    spine_clearance: float
    """The clearance on each side of the text on the spine."""
    cover_clearance: float
    """The clearance of text from the edges of the cover."""
    requires_cmyk: bool
    """Whether colour pages must be CMYK."""
    requires_blank_last_page: bool
    """Whether the last page must be blank."""
    pdf_standard: str
    """The standard that its files must declare; empty for none."""

    def stock(self, name: str | None) -> Stock:
        """Return the stock called *name*; None means the first. Raises UsageError for an unknown name."""
        known = {stock.name: stock for stock in self.stocks}
        if name is not None and name not in known:
            raise UsageError(
                f"{self.title} does not print on `{name}`.", hint=f"Use one of {', '.join(known)}."
            )
        return known[name] if name else self.stocks[0]

    def trim(self, width: float, height: float) -> tuple[float, float]:
        """Return the trim size of a page of *width* x *height* inches.

        Raises UsageError if the vendor has no such size.
        """
        nearest = min(self.trims, key=lambda trim: dist(trim, (width, height)))
        if dist(nearest, (width, height)) > _TOLERANCE:
            raise UsageError(
                f"{self.title} has no trim size of {width:.4g} x {height:.4g} in.",
                hint=f"Use the nearest size, `--paper {format_size(nearest)}`.",
            )
        return nearest

    def inside_margin(self, pages: int) -> float:
        """Return the inside margin for a book of *pages* pages."""
        return next(
            (margin for most, margin in self.inside_margins if pages <= most), self.inside_margins[-1][1]
        )

    def max_pages(self, stock: Stock, trim: tuple[float, float]) -> int:
        """Return the maximum number of pages for a book of *trim* on *stock*."""
        return self.max_pages_by_trim.get(trim, {}).get(stock.name, stock.max_pages)

    def spine_width(self, pages: int, stock: Stock) -> float:
        """Return the width of the spine of a book of *pages* pages on *stock*."""
        return pages * stock.caliper + self.spine_glue


BLEED = 0.125
"""The bleed that all vendors require."""
PPI = 300
"""The image resolution that all vendors require, in pixels per inch."""
BARCODE = (2.0, 1.2)
"""The width and height of the barcode, at the foot of the back cover beside the spine."""
BARCODE_MARGIN = 0.25
"""The distance from the barcode to the spine and to the bottom edge."""
MIN_TYPE_SIZE = 7.0
"""The smallest type size, in pt (KDP)."""
MAX_INK = 2.4
"""The maximum total ink coverage; 1 is 100 % of one ink (Ingram)."""
_WIDTH = re.compile(r"(\d+(?:\.\d+)?)(mm|in)")
_TOLERANCE = 0.02
"""The difference, in inches, up to which two sizes count as equal."""

_UNLIMITED = 10**9
KDP = Vendor(
    name="kdp",
    title="Amazon KDP Print",
    trims=(
        (5, 8), (5.06, 7.81), (5.25, 8), (5.5, 8.5), (6, 9), (6.14, 9.21), (6.69, 9.61), (7, 10),
        (7.44, 9.69), (7.5, 9.25), (8, 10), (8.25, 6), (8.25, 8.25), (8.27, 11.69), (8.5, 11), (8.5, 8.5),
    ),
    max_pages_by_trim={
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
    inside_margins=((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (_UNLIMITED, 0.875)),
    requires_inside_margin=True,
    outside_margin=0.25,
    has_inside_bleed=False,
    spine_glue=0.0,
    min_pages_for_spine_text=79,
    spine_clearance=0.0625,
    cover_clearance=0.125,
    requires_cmyk=False,
    requires_blank_last_page=False,
    pdf_standard="",
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
    max_pages_by_trim={},
    stocks=(
        Stock("white", 0.00211, False, 18, 1200, estimated=True),
        Stock("cream", 0.00225, False, 18, 1050, estimated=True),
        Stock("colour", 0.00211, True, 18, 1200, estimated=True),
        Stock("premium", 0.00272, True, 18, 900, estimated=True),
    ),
    inside_margins=((_UNLIMITED, 0.625),),
    requires_inside_margin=False,
    outside_margin=0.5,
    has_inside_bleed=False,
    spine_glue=0.0,
    min_pages_for_spine_text=48,
    spine_clearance=0.0625,
    cover_clearance=0.25,
    requires_cmyk=True,
    requires_blank_last_page=True,
    pdf_standard="PDF/X-1a:2001",
)  # fmt: skip

LULU = Vendor(
    name="lulu",
    title="Lulu",
    trims=(
        (4.25, 6.875), (5, 8), (5.5, 8.5), (5.83, 8.27), (6, 9), (6.14, 9.21), (6.63, 10.25), (7, 10),
        (7.44, 9.68), (7.5, 7.5), (8.27, 11.69), (8.5, 8.5), (8.5, 11), (9, 7), (11, 8.5), (11.69, 8.27),
    ),
    max_pages_by_trim={},
    stocks=(
        Stock("white", 1 / 444, False, 32, 800),
        Stock("cream", 1 / 444, False, 32, 800),
        Stock("colour", 1 / 444, True, 32, 800),
        Stock("premium", 1 / 444, True, 32, 800),
    ),
    inside_margins=((60, 0.5), (150, 0.625), (400, 1.0), (600, 1.125), (_UNLIMITED, 1.25)),
    requires_inside_margin=False,
    outside_margin=0.5,
    has_inside_bleed=True,
    spine_glue=0.06,
    min_pages_for_spine_text=80,
    spine_clearance=0.125,
    cover_clearance=0.25,
    requires_cmyk=False,
    requires_blank_last_page=False,
    pdf_standard="",
)  # fmt: skip

VENDORS = {vendor.name: vendor for vendor in (KDP, INGRAM, LULU)}
"""Every vendor, by its name."""
STOCKS: Sequence[str] = ("white", "cream", "colour", "premium")
"""The values of `--stock`."""


def format_size(size: tuple[float, float]) -> str:
    """Return *size* in the form that `--paper` takes."""
    return f"{size[0]:g}x{size[1]:g}in"


def parse_width(width: str) -> float:
    """Return *width*, such as `0.62in` or `15.8mm`, in inches. Raises UsageError if it is not a width."""
    match = _WIDTH.fullmatch(width.strip())
    if not match:
        raise UsageError(f"`{width}` is not a width.", hint="Use one such as 0.62in or 15.8mm.")
    return float(match.group(1)) / (MM_PER_INCH if match.group(2) == "mm" else 1.0)
