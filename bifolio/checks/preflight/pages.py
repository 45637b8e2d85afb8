"""Checks the pages of a printed book: size, number, trim box, margins, bleed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import dist

from bifolio.checks.page_ranges import describe_pages
from bifolio.checks.preflight.file import Box, PreflightFile, PreflightPage
from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BLEED, Vendor, format_size

_SIZE_TOLERANCE = 0.01
"""In pt."""
_TEXT_TOLERANCE = 1.0
"""How far a text box may exceed the safe area, in pt: the box is larger than the ink."""
_EDGE_TOLERANCE = 1.0
"""How far from an edge content still counts as touching it, in pt."""


@dataclass(frozen=True, slots=True)
class TrimSize:
    """The trim size that a file is made for."""

    size: tuple[float, float]
    """Width and height in inches."""
    has_bleed: bool
    deviation: float
    """How far the pages are off this size, in pt."""


def page_findings(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    """Yield what *vendor* would reject in the pages of *file*."""
    yield from _check_count(file, vendor)
    yield from _check_uniform_size(file)
    yield from _check_rotation(file)
    trim = nearest_trim(file.pages[0].media_box.size, vendor)
    if trim.deviation > _SIZE_TOLERANCE:
        width, height = file.pages[0].media_box.size
        yield found(
            "press-size", Where(file.path),
            what=f"the pages are {width / PT_PER_INCH:.4g} x {height / PT_PER_INCH:.4g} in, and the nearest"
            f" size of {vendor.title} is {format_size(trim.size)}",
        )  # fmt: skip
        return
    for check in _TRIM_CHECKS:
        yield from check(file, vendor, trim)


def _check_count(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    count, least = len(file.pages), min(stock.min_pages for stock in vendor.stocks)
    wants = ["an even number"] if count % 2 else []
    wants += [f"at least {least} pages"] if count < least else []
    for wanted in wants:
        yield found("press-count", Where(file.path), pages=count, vendor=vendor.title, wanted=wanted)


def _check_uniform_size(file: PreflightFile) -> Iterator[Finding]:
    first = file.pages[0].media_box.size
    odd = file.describe_pages(lambda page: page.media_box.size != first)
    if odd:
        yield found("press-size", Where(file.path), what=f"the size of {odd} differs from that of page 1")


def _check_rotation(file: PreflightFile) -> Iterator[Finding]:
    rotated = file.describe_pages(lambda page: page.rotation != 0)
    if rotated:
        yield found("press-size", Where(file.path), what=f"`/Rotate` is set on {rotated}")


def nearest_trim(size: tuple[float, float], vendor: Vendor) -> TrimSize:
    """Return the trim size of *vendor* that is nearest to pages of *size*, in pt, with or without bleed."""
    bleed_edges = 2 if vendor.has_inside_bleed else 1
    candidates = []
    for trim in vendor.trims:
        for has_bleed in (False, True):
            bleed = BLEED * has_bleed
            width, height = trim[0] + bleed_edges * bleed, trim[1] + 2 * bleed
            candidates.append((trim, has_bleed, (width * PT_PER_INCH, height * PT_PER_INCH)))
    trim, has_bleed, exact = min(candidates, key=lambda candidate: dist(candidate[2], size))
    return TrimSize(trim, has_bleed, max(abs(a - b) for a, b in zip(exact, size, strict=True)))


def _check_trim_boxes(file: PreflightFile, _: Vendor, trim: TrimSize) -> Iterator[Finding]:
    """Yield a finding for pages whose trim box, if they have one, is not of the size *trim*."""
    width, height = (side * PT_PER_INCH for side in trim.size)

    def differs(page: PreflightPage) -> bool:
        box = page.trim_box
        if box is None:
            return False
        deviation = max(abs(box.right - box.left - width), abs(box.top - box.bottom - height))
        return deviation > _SIZE_TOLERANCE

    wrong = file.describe_pages(differs)
    if wrong:
        yield found("press-size", Where(file.path), what=f"the trim box of {wrong} has another size")


def _check_margins(file: PreflightFile, vendor: Vendor, trim: TrimSize) -> Iterator[Finding]:
    """Yield findings for pages with text too near to an edge, or nearer to the fold than advised."""
    inside = vendor.inside_margin(len(file.pages))
    required = inside if vendor.requires_inside_margin else vendor.outside_margin
    rejected, advised = [], []
    for number, page in enumerate(file.pages, 1):
        is_recto = _is_recto(file, number)
        trim_box = _trim_box(vendor, trim, is_recto=is_recto)
        to_fold, to_edge = _text_distances(page, trim_box, is_recto=is_recto)
        if _is_less(to_edge, vendor.outside_margin) or _is_less(to_fold, required):
            rejected.append(number)
        elif _is_less(to_fold, inside):
            advised.append(number)
    where = Where(file.path)
    if rejected:
        yield found(
            "press-margin", where, pages=describe_pages(rejected), vendor=vendor.title,
            inside=f"{required:g}", outside=f"{vendor.outside_margin:g}",
        )  # fmt: skip
    if advised:
        pages = describe_pages(advised)
        yield found("press-gutter", where, pages=pages, vendor=vendor.title, inside=f"{inside:g}")


def _check_bleed(file: PreflightFile, vendor: Vendor, trim: TrimSize) -> Iterator[Finding]:
    """Yield a finding for pages with graphics that reach the trim edge and do not bleed."""
    short = []
    for number, page in enumerate(file.pages, 1):
        trim_box = _trim_box(vendor, trim, is_recto=_is_recto(file, number))
        if any(_stops_at_trim(box, page.media_box, trim_box) for box in page.graphics_boxes):
            short.append(number)
    if short:
        yield found("press-bleed", Where(file.path), pages=describe_pages(short), bleed=f"{BLEED:g}")


def _check_most_pages(file: PreflightFile, vendor: Vendor, trim: TrimSize) -> Iterator[Finding]:
    most = max(vendor.max_pages(stock, trim.size) for stock in vendor.stocks)
    if len(file.pages) > most:
        yield found(
            "press-count", Where(file.path), pages=len(file.pages), vendor=vendor.title,
            wanted=f"at most {most} pages of this size",
        )  # fmt: skip


_TRIM_CHECKS: tuple[Callable[[PreflightFile, Vendor, TrimSize], Iterator[Finding]], ...] = (
    _check_trim_boxes,
    _check_margins,
    _check_bleed,
    _check_most_pages,
)
"""The checks that need the trim size."""


def _is_recto(file: PreflightFile, number: int) -> bool:
    """Say whether page *number*, from 1, is a right-hand page."""
    return (number % 2 == 1) != file.is_right_to_left


def _is_less(distance: float, wanted: float) -> bool:
    """Say whether *distance*, in pt, is less than *wanted*, in inches, by more than the tolerance."""
    return distance < wanted * PT_PER_INCH - _TEXT_TOLERANCE


def _text_distances(page: PreflightPage, trim_box: Box, *, is_recto: bool) -> tuple[float, float]:
    """Return the distances from the text of *page* to the fold and to the nearest other edge, in pt."""
    to_fold = to_edge = float("inf")
    for box in page.text_boxes:
        from_left, from_right = box.left - trim_box.left, trim_box.right - box.right
        inner, outer = (from_left, from_right) if is_recto else (from_right, from_left)
        to_fold = min(to_fold, inner)
        to_edge = min(to_edge, outer, box.bottom - trim_box.bottom, trim_box.top - box.top)
    return to_fold, to_edge


def _trim_box(vendor: Vendor, trim: TrimSize, *, is_recto: bool) -> Box:
    """Return the trim box, relative to the lower left corner of the media box."""
    bleed = BLEED * PT_PER_INCH if trim.has_bleed else 0.0
    left = bleed if vendor.has_inside_bleed or not is_recto else 0.0
    width, height = (side * PT_PER_INCH for side in trim.size)
    return Box(left, bleed, left + width, bleed + height)


def _stops_at_trim(box: Box, media_box: Box, trim_box: Box) -> bool:
    """Say whether *box* reaches an edge of *trim_box*, but not that of the media box beyond it."""
    sheet = Box(0.0, 0.0, media_box.right - media_box.left, media_box.top - media_box.bottom)
    if box.right <= 0 or box.top <= 0 or box.left >= sheet.right or box.bottom >= sheet.top:
        return False
    for side, outwards in ((0, -1), (1, -1), (2, 1), (3, 1)):
        if (box[side] - trim_box[side]) * outwards < -_EDGE_TOLERANCE:
            continue
        has_bleed = abs(sheet[side] - trim_box[side]) > _EDGE_TOLERANCE
        if has_bleed and (box[side] - sheet[side]) * outwards >= -_EDGE_TOLERANCE:
            continue
        # A file with bleed that has none at one vertical edge needs none there: that edge is the fold.
        if not has_bleed and sheet != trim_box and side in (0, 2):
            continue
        return True
    return False
