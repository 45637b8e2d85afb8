"""Counting what a PDF holds, by its tags (ISO 32000-1, 14.8.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bifolio.checks.counts.html_counts import LINKS, NOTES, Counts, heading_kind, item_kind

_KINDS = {
    **{f"/H{level}": heading_kind(level) for level in range(1, 7)},
    "/Table": "tables", "/TR": "rows of tables", "/Figure": "pictures", "/Note": NOTES,
}  # fmt: skip
_MADE = frozenset({"/Matter", "/Contents", "/Citation", "/Bibliography"})
"""What is made for a book from its own words, and what stands in the place of citations."""


def count_pdf(path: Path) -> Counts:
    """Count what the tagged PDF at *path* holds.

    Raises ValueError where it is no PDF, or has no tags.
    """
    import pikepdf

    counts: Counts = Counter()
    try:
        with pikepdf.open(path) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise ValueError("it has no tags to read it by")
            stack: list[tuple[Any, int, bool]] = [(kid, 0, False) for kid in _kids(pdf.Root.StructTreeRoot)]
            while stack:
                element, depth, linked = stack.pop()
                kind = str(element.S)
                if kind in _MADE:
                    continue
                if kind == "/LI":
                    depth += 1
                    counts[item_kind(depth)] += 1
                elif kind == "/Note":
                    depth = 0
                name = _KINDS.get(kind) or _by_attributes(kind, element)
                empty = kind == "/TR" and not _holds_content(element)
                if name and not empty and not (name == LINKS and linked):
                    counts[name] += 1
                linked = linked or name == LINKS
                stack.extend((kid, depth, linked) for kid in _kids(element))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ValueError(f"it is not a whole PDF: {error}") from error
    return counts


def _holds_content(element: Any) -> bool:
    """Say whether anything stands in *element*: a row of empty cells is no row to a reader."""
    return any(isinstance(kid, int) or "/S" not in kid or _holds_content(kid) for kid in _all_kids(element))


def _kids(element: Any) -> list[Any]:
    """Return the structure elements in *element*, content and annotations left out."""
    return [kid for kid in _all_kids(element) if not isinstance(kid, int) and "/S" in kid]


def _all_kids(element: Any) -> Iterator[Any]:
    import pikepdf

    kids = element.get("/K")
    if isinstance(kids, pikepdf.Array):
        yield from kids
    elif kids is not None:
        yield kids


def _by_attributes(kind: str, element: Any) -> str | None:
    """Name a block of code by its placement (14.8.5.4.2), a link to elsewhere by its annotation."""
    if kind == "/Code":
        return "code blocks" if str(element.get("/A", {}).get("/Placement")) == "/Block" else None
    if kind == "/Link":
        annotations = [k.Obj for k in _all_kids(element) if not isinstance(k, int) and "/Obj" in k]
        if any("/URI" in annotation.get("/A", {}) for annotation in annotations):
            return LINKS
    return None
