"""The cover of a book for print, held to its pages: its size, its spine, the place of the barcode."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.checks.preflight.file import Box, PreflightFile
from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import PT_PER_INCH
from bifolio.model.vendors import BARCODE, BARCODE_PLACE, BLEED, Stock, Vendor, written

_EXACT = 0.01
_VARIANCE = 0.0625
"""How far a spine may be off, in inches (KDP)."""
_DOUBT = 0.15
"""How far an estimate may be off, as a share of it."""
_WIDEST = 3.0
"""No spine of paper is wider, in inches."""
_SLACK = 1.0


def is_cover(file: PreflightFile) -> bool:
    """Say whether *file* is one sheet that is wider than it is high."""
    if len(file.leaves) != 1:
        return False
    left, bottom, right, top = file.leaves[0].media
    return right - left > top - bottom


def cover_findings(file: PreflightFile, vendor: Vendor, pages: int | None) -> Iterator[Finding]:
    """Give what *vendor* would reject of the cover *file* of a book of so many *pages*, if that is known."""
    where = Where(file.path)
    left, bottom, right, top = file.leaves[0].media
    width, height = (right - left) / PT_PER_INCH, (top - bottom) / PT_PER_INCH
    known = {} if pages is None else {vendor.spine(pages, stock): stock for stock in vendor.stocks}
    panels = _panels(width, height, vendor)
    if not panels:
        yield found(
            "press-size", where,
            what=f"a cover of {width:.4g} x {height:.4g} in wraps no book that {vendor.title} prints",
        )  # fmt: skip
        return
    if known:
        trim, spine = min(panels, key=lambda panel: min(abs(panel[1] - each) for each in known))
        if not any(abs(spine - each) <= _variance(each, stock) for each, stock in known.items()):
            yield found(
                "press-spine", where, spine=f"{spine:.3f}", pages=pages,
                wanted=" or ".join(dict.fromkeys(f"{each:.3f}" for each in sorted(known))),
            )  # fmt: skip
    elif len(panels) == 1:
        trim, spine = panels[0]
    else:
        return  # without the number of pages it cannot be known where the spine is
    yield from _words(file, vendor, trim, spine, pages)


def _variance(spine: float, stock: Stock) -> float:
    """Return how far a *spine* of this width may be off: farther where its paper is not known well."""
    return max(_VARIANCE, spine * _DOUBT) if stock.estimated else _VARIANCE


def _panels(width: float, height: float, vendor: Vendor) -> list[tuple[tuple[float, float], float]]:
    """Return each trim that a cover of *width* x *height* inches can wrap, and how wide its spine then is."""
    panels = [(trim, width - 2 * (trim[0] + BLEED)) for trim in vendor.trims]
    return [
        (trim, spine)
        for trim, spine in panels
        if abs(height - trim[1] - 2 * BLEED) * PT_PER_INCH <= _EXACT and 0 < spine <= _WIDEST
    ]


def _words(
    file: PreflightFile, vendor: Vendor, trim: tuple[float, float], spine: float, pages: int | None
) -> Iterator[Finding]:
    """Give what is wrong with where words stand."""
    where, leaf = Where(file.path), file.leaves[0]
    out, width = BLEED * PT_PER_INCH, trim[0] * PT_PER_INCH
    whole = leaf.media[2] - leaf.media[0], leaf.media[3] - leaf.media[1]
    fold, end = out + width, out + width + spine * PT_PER_INCH
    clear = out + vendor.cover_clear * PT_PER_INCH - _SLACK
    safe = (clear, clear, whole[0] - clear, whole[1] - clear)
    if any(not _within(box, safe) for box in leaf.type):
        yield found("press-cover-edge", where, clear=f"{vendor.cover_clear:g}", vendor=vendor.title)
    on_spine = [box for box in leaf.type if box[2] > fold and box[0] < end]
    side = vendor.spine_clear * PT_PER_INCH - _SLACK
    if any(box[0] < fold + side or box[2] > end - side for box in on_spine):
        yield found("press-cover-spine", where, clear=f"{vendor.spine_clear:g}", vendor=vendor.title)
    if on_spine and pages is not None and pages < vendor.spine_text:
        yield found("press-spine-words", where, least=vendor.spine_text, pages=pages, vendor=vendor.title)
    place, size = BARCODE_PLACE * PT_PER_INCH, tuple(side * PT_PER_INCH for side in BARCODE)
    right = end + place + size[0] if file.leftwards else fold - place
    code = (right - size[0], out + place, right, out + place + size[1])
    if any(_overlap(box, code) for box in leaf.type):
        yield found("press-barcode", where, size=written(BARCODE), vendor=vendor.title)


def _within(box: Box, safe: Box) -> bool:
    return box[0] >= safe[0] and box[1] >= safe[1] and box[2] <= safe[2] and box[3] <= safe[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
