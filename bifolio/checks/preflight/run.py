"""What a vendor would reject of a finished PDF: the pages of a book, or the cover that wraps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf

from bifolio.checks.page_ranges import describe_pages
from bifolio.checks.preflight.content import Colour
from bifolio.checks.preflight.cover import cover_findings, is_cover
from bifolio.checks.preflight.file import PreflightFile, PreflightPage, read_file
from bifolio.checks.preflight.pages import page_findings
from bifolio.model.errors import UsageError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.vendors import INK, LEAST_TYPE, PPI, VENDORS, Vendor

COARSE = 200
"""Pixels in an inch below which a picture is an error and not a warning; this figure is our own."""
_DARK = 0.3
"""How light a colour is, from 0 to 1, that means black."""
_NEUTRAL, _WHITE = 0.06, 0.995
"""How far red, green and blue may differ in a grey; where white begins, which is no ink."""
_DAMAGE = (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RuntimeError)


def preflight(files: Sequence[Path], vendor: Vendor) -> list[Finding]:
    """Return what *vendor* would reject, or warns of, in the PDF *files*.

    A file of one sheet, wider than it is high, is taken for a cover, and held to the pages among *files*.
    Raises UsageError for a file that is not there or is no PDF.
    """
    findings: list[Finding] = []
    read: list[PreflightFile] = []
    for path in files:
        if not path.is_file():
            raise UsageError("There is no such file.", Where(path))
        if path.suffix.lower() != ".pdf":
            raise UsageError("It is no PDF, and nothing else is printed.", Where(path))
        try:
            read.append(read_file(path))
        except pikepdf.PasswordError:
            findings.append(found("press-extra", Where(path), what="encryption", vendor=vendor.title))
        except _DAMAGE as error:
            findings.append(found("judge-failed", Where(path), judge="The preflight", text=str(error)))
    counts = [len(file.leaves) for file in read if not is_cover(file)]
    for file in read:
        findings += _common(file, vendor)
        if is_cover(file):
            findings += cover_findings(file, vendor, counts[0] if len(counts) == 1 else None)
        else:
            findings += page_findings(file, vendor)
    return findings


def find_vendor(name: str) -> Vendor:
    """Return the vendor called *name*. Raises UsageError for a place that prints nothing."""
    if name not in VENDORS:
        raise UsageError(f"Nothing is printed for `{name}`.", hint=f"Write one of {', '.join(VENDORS)}.")
    return VENDORS[name]


def _common(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    """Give what is wrong for pages and covers alike."""
    where = Where(file.path)
    for what in file.extras:
        yield found("press-extra", where, what=what, vendor=vendor.title)
    for font in file.loose_fonts:
        yield found("press-font", where, font=font, vendor=vendor.title)
    for what in sorted({what for leaf in file.leaves for what in leaf.drawn.unprintable}):
        on = [number for number, leaf in enumerate(file.leaves, 1) if what in leaf.drawn.unprintable]
        yield found("press-transparency", where, what=what, pages=describe_pages(on), vendor=vendor.title)
    if vendor.declares and not file.standard.startswith(("PDF/X-1", "PDF/X-3")):
        yield found("press-standard", where, vendor=vendor.title, wanted=vendor.declares)
    yield from _inks(file, vendor)
    yield from _pictures(file, vendor)
    small = _pages(file, lambda leaf: any(size < LEAST_TYPE - 0.05 for size in leaf.drawn.sizes))
    if small:
        least = min(size for leaf in file.leaves for size in leaf.drawn.sizes)
        yield found("press-type", where, size=f"{least:g}", least=f"{LEAST_TYPE:g}", pages=small)


def _inks(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    where = Where(file.path)
    mixed = _pages(file, lambda leaf: any(map(_is_mixed_black, leaf.drawn.type)))
    if mixed:
        yield found("press-black", where, pages=mixed)
    if vendor.press_colours:
        foreign = _pages(file, lambda leaf: bool(_spaces(leaf) & {"RGB", "Lab", "unknown"}))
        if foreign:
            yield found("press-colour", where, vendor=vendor.title, pages=foreign)
    heavy = _pages(file, lambda leaf: max(map(_ink, leaf.drawn.lines | leaf.drawn.type), default=0) > INK)
    if heavy:
        yield found("press-ink", where, most=round(INK * 100), pages=heavy)


def _spaces(leaf: PreflightPage) -> set[str]:
    drawn = leaf.drawn
    return {colour.space for colour in drawn.type | drawn.lines} | {seen.space for seen in drawn.pictures}


def _is_mixed_black(colour: Colour) -> bool:
    """Say whether *colour* means black, or a grey, and is made of more than black ink."""
    if colour.space == "RGB" and colour.parts:
        least, most = min(colour.parts), max(colour.parts)
        return most <= _DARK or (most - least <= _NEUTRAL and most < _WHITE)
    if colour.space == "CMYK" and len(colour.parts) == 4:
        *inks, black = colour.parts
        return max(inks) > 0 and max((1 - ink) * (1 - black) for ink in inks) <= _DARK
    return False


def _ink(colour: Colour) -> float:
    return sum(colour.parts) if colour.space == "CMYK" else 0.0


def _pictures(file: PreflightFile, vendor: Vendor) -> Iterator[Finding]:
    """Give the pictures that have too few pixels for their size, by how much they lack."""
    seen = [(n, seen.ppi) for n, leaf in enumerate(file.leaves, 1) for seen in leaf.drawn.pictures]
    for code, low, high in (("press-picture-coarse", 0.0, COARSE), ("press-picture", COARSE, PPI - 0.5)):
        coarse = {number: ppi for number, ppi in seen if low <= ppi < high}
        if coarse:
            yield found(
                code, Where(file.path), ppi=round(min(coarse.values())), wanted=PPI,
                pages=describe_pages(coarse), vendor=vendor.title,
            )  # fmt: skip


def _pages(file: PreflightFile, holds: Callable[[PreflightPage], bool]) -> str:
    """Return on which pages of *file* something *holds*, in words; nothing where it holds on none."""
    return describe_pages(n for n, leaf in enumerate(file.leaves, 1) if holds(leaf))
