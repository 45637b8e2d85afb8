"""Checks the cover of a printed book: its size, the width of its spine, safe areas, the barcode area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bifolio.checks.preflight.file import Box, PreflightFile
from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BARCODE, BARCODE_MARGIN, BLEED, Stock, Vendor, format_size

_SIZE_TOLERANCE = 0.01
"""In pt."""
_SPINE_TOLERANCE = 0.0625
"""How far a spine may be off, in inches (KDP)."""
_ESTIMATE_TOLERANCE = 0.15
"""How far an estimated spine may be off, as a share of it."""
_MAX_SPINE = 3.0
"""In inches; no paperback has a wider spine."""
_TEXT_TOLERANCE = 1.0
"""How far a text box may exceed the safe area, in pt: the box is larger than the ink."""


@dataclass(frozen=True, slots=True)
class _Wrap:
    """A trim size and a spine that together have the width of the cover; in inches."""

    trim: tuple[float, float]
    spine: float


def is_cover(file: PreflightFile) -> bool:
    """Say whether *file* has a single page that is wider than it is high."""
    if len(file.pages) != 1:
        return False
    box = file.pages[0].media_box
    return box.right - box.left > box.top - box.bottom


def cover_findings(file: PreflightFile, vendor: Vendor, page_count: int | None) -> Iterator[Finding]:
    """Yield what *vendor* would reject in the cover *file*; *page_count* is that of the book, if known."""
    where, box = Where(file.path), file.pages[0].media_box
    width, height = (box.right - box.left) / PT_PER_INCH, (box.top - box.bottom) / PT_PER_INCH
    wraps = _possible_wraps(width, height, vendor)
    if not wraps:
        yield found(
            "press-size", where,
            what=f"a cover of {width:.4g} x {height:.4g} in fits no book that {vendor.title} prints",
        )  # fmt: skip
        return
    if page_count is not None:
        spines = {vendor.spine_width(page_count, stock): stock for stock in vendor.stocks}
        wrap = min(wraps, key=lambda wrap: min(abs(wrap.spine - spine) for spine in spines))
        if not any(abs(wrap.spine - spine) <= _tolerance(spine, stock) for spine, stock in spines.items()):
            yield found(
                "press-spine", where, spine=f"{wrap.spine:.3f}", pages=page_count,
                wanted=" or ".join(dict.fromkeys(f"{spine:.3f}" for spine in sorted(spines))),
            )  # fmt: skip
    elif len(wraps) == 1:
        wrap = wraps[0]
    else:
        return  # without the number of pages the position of the spine is unknown
    yield from _check_text(file, vendor, wrap, page_count)


def _tolerance(spine: float, stock: Stock) -> float:
    """Return how far a *spine* of this width may be off, in inches: farther if the caliper is an estimate."""
    return max(_SPINE_TOLERANCE, spine * _ESTIMATE_TOLERANCE) if stock.estimated else _SPINE_TOLERANCE


def _possible_wraps(width: float, height: float, vendor: Vendor) -> list[_Wrap]:
    """Return the wraps that fill a cover of *width* x *height* inches."""
    wraps = [(trim, width - 2 * (trim[0] + BLEED)) for trim in vendor.trims]
    return [
        _Wrap(trim, spine)
        for trim, spine in wraps
        if abs(height - trim[1] - 2 * BLEED) * PT_PER_INCH <= _SIZE_TOLERANCE and 0 < spine <= _MAX_SPINE
    ]


def _check_text(
    file: PreflightFile, vendor: Vendor, wrap: _Wrap, page_count: int | None
) -> Iterator[Finding]:
    """Yield findings for text outside of the safe areas, and for text in the barcode area."""
    where, text = Where(file.path), file.pages[0].text_boxes
    fold_left = (BLEED + wrap.trim[0]) * PT_PER_INCH
    fold_right = fold_left + wrap.spine * PT_PER_INCH
    safe = _safe_area(file.pages[0].media_box, vendor)
    if any(not _is_within(box, safe) for box in text):
        yield found("press-cover-edge", where, clear=f"{vendor.cover_clearance:g}", vendor=vendor.title)
    on_spine = [box for box in text if box.right > fold_left and box.left < fold_right]
    clear = vendor.spine_clearance * PT_PER_INCH - _TEXT_TOLERANCE
    if any(box.left < fold_left + clear or box.right > fold_right - clear for box in on_spine):
        yield found("press-cover-spine", where, clear=f"{vendor.spine_clearance:g}", vendor=vendor.title)
    if on_spine and page_count is not None and page_count < vendor.min_pages_for_spine_text:
        yield found(
            "press-spine-words",
            where,
            least=vendor.min_pages_for_spine_text,
            pages=page_count,
            vendor=vendor.title,
        )
    barcode = _barcode_area(fold_left, fold_right, is_right_to_left=file.is_right_to_left)
    if any(_overlaps(box, barcode) for box in text):
        yield found("press-barcode", where, size=format_size(BARCODE), vendor=vendor.title)


def _safe_area(media_box: Box, vendor: Vendor) -> Box:
    clear = (BLEED + vendor.cover_clearance) * PT_PER_INCH - _TEXT_TOLERANCE
    width, height = media_box.right - media_box.left, media_box.top - media_box.bottom
    return Box(clear, clear, width - clear, height - clear)


def _barcode_area(fold_left: float, fold_right: float, *, is_right_to_left: bool) -> Box:
    """Return the area of the barcode at the foot of the back cover, beside the spine."""
    distance, width, height = (side * PT_PER_INCH for side in (BARCODE_MARGIN, *BARCODE))
    right = fold_right + distance + width if is_right_to_left else fold_left - distance
    bottom = BLEED * PT_PER_INCH + distance
    return Box(right - width, bottom, right, bottom + height)


def _is_within(box: Box, area: Box) -> bool:
    return (
        box.left >= area.left and box.bottom >= area.bottom
        and box.right <= area.right and box.top <= area.top
    )  # fmt: skip


def _overlaps(box: Box, other: Box) -> bool:
    return (
        box.left < other.right
        and box.right > other.left
        and box.bottom < other.top
        and box.top > other.bottom
    )
