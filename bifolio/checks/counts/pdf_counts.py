"""Counts the structure elements of a tagged PDF (ISO 32000-1, 14.8.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bifolio.checks.counts.kinds import (
    CODE_BLOCKS,
    EXTERNAL_LINKS,
    IMAGES,
    NOTES,
    TABLE_ROWS,
    TABLES,
    Counts,
    heading_kind,
    list_item_kind,
)

_KINDS = {
    **{f"/H{level}": heading_kind(level) for level in range(1, 7)},
    "/Table": TABLES, "/TR": TABLE_ROWS, "/Figure": IMAGES, "/Note": NOTES,
}  # fmt: skip
_GENERATED = frozenset({"/Matter", "/Contents", "/Citation", "/Bibliography"})
"""Structure types of generated content."""


def count_pdf(path: Path) -> Counts:
    """Count the structure elements of the tagged PDF at *path*.

    Raises ValueError if it is not a PDF or has no tags.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise ValueError("it is not a tagged PDF")
            return _count(pdf.Root.StructTreeRoot)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise ValueError(f"it is damaged, or not a PDF: {error}") from error


def _count(root: Any) -> Counts:
    counts: Counts = Counter()
    stack: list[tuple[Any, int, bool]] = [(kid, 0, False) for kid in _elements(root)]
    while stack:
        element, depth, is_in_link = stack.pop()
        structure_type = str(element.S)
        if structure_type in _GENERATED:
            continue
        if structure_type == "/LI":
            depth += 1
            counts[list_item_kind(depth)] += 1
        elif structure_type == "/Note":
            depth = 0
        kind = _KINDS.get(structure_type) or _kind_by_content(structure_type, element)
        is_empty = structure_type == "/TR" and not _has_content(element)
        is_link = kind == EXTERNAL_LINKS
        if kind and not is_empty and not (is_link and is_in_link):
            counts[kind] += 1
        stack.extend((kid, depth, is_in_link or is_link) for kid in _elements(element))
    return counts


def _has_content(element: Any) -> bool:
    """Say whether *element* has marked content or annotations: a row of empty cells is not counted."""
    return any(isinstance(kid, int) or "/S" not in kid or _has_content(kid) for kid in _kids(element))


def _elements(parent: Any) -> list[Any]:
    """Return the structure elements among the kids of *parent*."""
    return [kid for kid in _kids(parent) if not isinstance(kid, int) and "/S" in kid]


def _kids(element: Any) -> Iterator[Any]:
    import pikepdf

    kids = element.get("/K")
    if isinstance(kids, pikepdf.Array):
        yield from kids
    elif kids is not None:
        yield kids


def _kind_by_content(structure_type: str, element: Any) -> str | None:
    """Recognise a code block by its placement (14.8.5.4.2), an external link by its annotation."""
    if structure_type == "/Code":
        return CODE_BLOCKS if str(element.get("/A", {}).get("/Placement")) == "/Block" else None
    if structure_type == "/Link":
        annotations = [kid.Obj for kid in _kids(element) if not isinstance(kid, int) and "/Obj" in kid]
        if any("/URI" in annotation.get("/A", {}) for annotation in annotations):
            return EXTERNAL_LINKS
    return None
