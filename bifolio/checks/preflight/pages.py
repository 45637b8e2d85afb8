"""The pages of a book for print: their size, bleed and number, and how near to an edge anything stands."""

from __future__ import annotations

from collections.abc import Iterator
from math import dist

from bifolio.checks.page_ranges import describe_pages
from bifolio.checks.preflight.file import Box, PreflightFile, PreflightPage
from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BLEED, Vendor, written

_EXACT = 0.01
"""How far a size may be off, in pt."""

_SLACK = 1.0
"""How much nearer to an edge than asked type may stand, in pt: its box is larger than its ink."""
_AT_EDGE = 1.0


def page_findings(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    """Give what *vendor* would reject of the pages of *file*."""
    where = Where(file.path)
    yield from _number(file, vendor)
    sizes = {_size(leaf) for leaf in file.leaves}
    if len(sizes) > 1:
        odd = [n for n, leaf in enumerate(file.leaves, 1) if _size(leaf) != _size(file.leaves[0])]
        yield found("press-size", where, what=f"{describe_pages(odd)} differ in size from the first")
    turned = [number for number, leaf in enumerate(file.leaves, 1) if leaf.turned]
    if turned:
        yield found("press-size", where, what=f"{describe_pages(turned)} are turned")
    trim, has_bleed, off = nearest_trim(_size(file.leaves[0]), vendor)
    if off > _EXACT:
        width, height = _size(file.leaves[0])
        yield found(
            "press-size", where,
            what=f"a page has {width / PT_PER_INCH:.4g} x {height / PT_PER_INCH:.4g} in,"
            f" and {vendor.title} cuts to"
            f" {written(trim)} at the nearest",
        )  # fmt: skip
        return
    yield from _trims(file, trim)
    yield from _edges(file, vendor, trim, has_bleed=has_bleed)
    most = max(vendor.most(stock, trim) for stock in vendor.stocks)
    if len(file.leaves) > most:
        yield found(
            "press-count", where, pages=len(file.leaves), vendor=vendor.title,
            wanted=f"at most {most} pages of this size",
        )  # fmt: skip


def _number(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    count, least = len(file.leaves), min(stock.least for stock in vendor.stocks)
    wants = ["an even number"] if count % 2 else []
    wants += [f"at least {least} pages"] if count < least else []
    for wanted in wants:
        yield found("press-count", Where(file.path), pages=count, vendor=vendor.title, wanted=wanted)


def _size(leaf: PreflightPage) -> tuple[float, float]:
    left, bottom, right, top = leaf.media
    return round(right - left, 3), round(top - bottom, 3)


def nearest_trim(size: tuple[float, float], vendor: Vendor) -> tuple[tuple[float, float], bool, float]:
    """Return the trim that a page of *size* is for, whether it has bleed, and how far off it is, in pt."""
    across = BLEED * (2 if vendor.inside_bleed else 1)
    wanted = [
        (trim, bleed, ((trim[0] + across * bleed) * PT_PER_INCH, (trim[1] + 2 * BLEED * bleed) * PT_PER_INCH))
        for trim in vendor.trims
        for bleed in (False, True)
    ]
    trim, bleed, should = min(wanted, key=lambda each: dist(each[2], size))
    return trim, bleed, max(abs(a - b) for a, b in zip(should, size, strict=True))


def _trims(file: PreflightFile, trim: tuple[float, float]) -> Iterator[Finding]:
    """Give the pages whose trim box, if they have one, says another thing than their size."""
    wrong = []
    for number, leaf in enumerate(file.leaves, 1):
        if leaf.trim is None:
            continue
        width, height = leaf.trim[2] - leaf.trim[0], leaf.trim[3] - leaf.trim[1]
        if max(abs(width - trim[0] * PT_PER_INCH), abs(height - trim[1] * PT_PER_INCH)) > _EXACT:
            wrong.append(number)
    if wrong:
        yield found(
            "press-size", Where(file.path), what=f"the trim box of {describe_pages(wrong)} is another"
        )


def _edges(
    file: PreflightFile, vendor: Vendor, trim: tuple[float, float], *, has_bleed: bool
) -> Iterator[Finding]:
    """Give the pages where something stands too near to an edge, or stops at it."""
    inside = vendor.inside(len(file.leaves))
    required = inside if vendor.inside_required else vendor.outside
    near, advised, short = [], [], []
    for number, leaf in enumerate(file.leaves, 1):
        is_right = (number % 2 == 1) != file.leftwards
        page = _trimmed(vendor, trim, is_right=is_right, has_bleed=has_bleed)
        fold, edge = _clear(leaf, page, is_right=is_right)
        if edge < vendor.outside * PT_PER_INCH - _SLACK or fold < required * PT_PER_INCH - _SLACK:
            near.append(number)
        elif fold < inside * PT_PER_INCH - _SLACK:
            advised.append(number)
        if any(_stops_short(box, leaf.media, page) for box in leaf.rest):
            short.append(number)
    where, title = Where(file.path), vendor.title
    if near:
        yield found(
            "press-margin", where, pages=describe_pages(near), vendor=title, inside=f"{required:g}",
            outside=f"{vendor.outside:g}",
        )  # fmt: skip
    if advised:
        yield found("press-gutter", where, pages=describe_pages(advised), vendor=title, inside=f"{inside:g}")
    if short:
        yield found("press-bleed", where, pages=describe_pages(short), bleed=f"{BLEED:g}")


def _clear(leaf: PreflightPage, page: Box, *, is_right: bool) -> tuple[float, float]:
    """Return how far the type of *leaf* stands from the fold, and from the nearest other edge, in pt."""
    fold = edge = float("inf")
    for left, bottom, right, top in leaf.type:
        at_left, at_right = left - page[0], page[2] - right
        fold = min(fold, at_left if is_right else at_right)
        edge = min(edge, at_right if is_right else at_left, bottom - page[1], page[3] - top)
    return fold, edge


def _trimmed(vendor: Vendor, trim: tuple[float, float], *, is_right: bool, has_bleed: bool) -> Box:
    """Return where the page is cut, as its boxes are counted from the lower left corner."""
    out = BLEED * PT_PER_INCH if has_bleed else 0.0
    left = out if vendor.inside_bleed or not is_right else 0.0
    return left, out, left + trim[0] * PT_PER_INCH, out + trim[1] * PT_PER_INCH


def _stops_short(box: Box, media: Box, page: Box) -> bool:
    """Say whether *box* reaches the edge where the page is cut, but not that of the sheet beyond it."""
    sheet = (0.0, 0.0, media[2] - media[0], media[3] - media[1])
    if box[2] <= 0 or box[3] <= 0 or box[0] >= sheet[2] or box[1] >= sheet[3]:
        return False
    for side, outwards in ((0, -1), (1, -1), (2, 1), (3, 1)):
        if (box[side] - page[side]) * outwards < -_AT_EDGE:
            continue
        has_room = abs(sheet[side] - page[side]) > _AT_EDGE
        if has_room and (box[side] - sheet[side]) * outwards >= -_AT_EDGE:
            continue
        # Where a file has bleed, and yet there is none at the fold, none is wanted there.
        if not has_room and sheet != page and side in (0, 2):
            continue
        return True
    return False
