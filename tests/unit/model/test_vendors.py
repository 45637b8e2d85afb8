"""The requirements of print-on-demand vendors: trim sizes, margins, spine widths, page limits."""

from __future__ import annotations

import pytest

from bifolio.model.errors import UsageError
from bifolio.model.vendors import INGRAM, KDP, LULU, STOCKS, VENDORS, Vendor, parse_width


@pytest.mark.parametrize(
    ("vendor", "pages", "margin"),
    [(KDP, 24, 0.375), (KDP, 150, 0.375), (KDP, 151, 0.5), (KDP, 300, 0.5), (KDP, 500, 0.625),
     (KDP, 700, 0.75), (KDP, 701, 0.875), (KDP, 828, 0.875), (LULU, 60, 0.5), (LULU, 401, 1.125),
     (INGRAM, 900, 0.625)],
)  # fmt: skip
def test_the_inside_margin_depends_on_the_page_count(vendor: Vendor, pages: int, margin: float) -> None:
    assert vendor.inside_margin(pages) == margin


@pytest.mark.parametrize(
    ("vendor", "stock", "pages", "spine"),
    [(KDP, "white", 200, 0.4504), (KDP, "cream", 200, 0.5), (KDP, "premium", 200, 0.4694),
     (LULU, "white", 444, 1.06)],
)  # fmt: skip
def test_the_spine_width_depends_on_page_count_and_stock(
    vendor: Vendor, stock: str, pages: int, spine: float
) -> None:
    assert vendor.spine_width(pages, vendor.stock(stock)) == pytest.approx(spine)


def test_trim_sizes_are_matched_with_tolerance_and_the_nearest_is_suggested() -> None:
    assert KDP.trim(6.0, 9.0) == (6, 9)
    assert INGRAM.trim(210 / 25.4, 297 / 25.4) == (8.268, 11.693)
    with pytest.raises(UsageError, match=r"has no trim size of 5.9 x 9 in. .*`--paper 6x9in`"):
        KDP.trim(5.9, 9.0)


def test_the_page_limit_depends_on_trim_size_and_stock() -> None:
    assert KDP.max_pages(KDP.stock("white"), (6, 9)) == 828
    assert KDP.max_pages(KDP.stock("cream"), (8.5, 11)) == 550


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=lambda vendor: vendor.name)
def test_every_vendor_has_every_stock(vendor: Vendor) -> None:
    assert [stock.name for stock in vendor.stocks] == list(STOCKS)
    assert [stock.colour for stock in vendor.stocks] == [False, False, True, True]


def test_widths_are_read_in_inches() -> None:
    assert parse_width("0.62in") == 0.62
    assert parse_width("25.4mm") == pytest.approx(1)
    with pytest.raises(UsageError, match="`wide` is not a width"):
        parse_width("wide")
