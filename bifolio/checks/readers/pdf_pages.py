"""The pages of a finished PDF, one after another (ISO 32000-1, 7.7.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_DECODER = json.JSONDecoder()
_REOPEN_AFTER = 1_000
"""How many pages are read before those read are dropped: each takes twelve KiB, with what stands by it."""


def decode_object(item: Any) -> Any:
    """Return what *item*, an object of a PDF, is.

    It is as `json` has it: names with a slash, strings with `u:` or `b:`, references as they are written.
    """
    return _DECODER.raw_decode(item.to_json(dereference=True).decode())[0]


def map_pages(path: Path, tell: Callable[[Any], T]) -> list[T]:
    """Return what *tell* says of each page of the PDF at *path*, in order; it must not keep the page.

    The library keeps what it has read as long as the file is open, so that is opened anew now and then; but
    for pages in a tree of more than one node, which it has to find. Raises a PdfError where it is no PDF.
    """
    import pikepdf

    pdf: Any = pikepdf.open(path, inherit_page_attributes=False)
    told: list[T] = []
    for place in _kids(pdf):
        page = pdf.get_object(*place)
        if not isinstance(page, pikepdf.Dictionary) or page.get("/Type") != "/Page":
            told.clear()
            break
        told.append(tell(page))
        if len(told) % _REOPEN_AFTER == 0:
            page = pdf = None  # first, or both would be held
            pdf = pikepdf.open(path, inherit_page_attributes=False)
    if told:
        return told
    with pikepdf.open(path) as pdf:
        return [tell(page.obj) for page in pdf.pages]


def _kids(pdf: Any) -> list[tuple[int, int]]:
    """Return where the kids of the root of the pages are: the library would read each to give it."""
    root = decode_object(pdf.Root.Pages)
    kids = root.get("/Kids") if isinstance(root, dict) else None
    if not isinstance(kids, list) or not all(isinstance(kid, str) for kid in kids):
        return []
    return [(int(number), int(generation)) for number, generation, _ in map(str.split, kids)]


def resources(page: Any) -> Any:
    """Return the resources of *page*, its own or those of the node that it is in (ISO 32000-1, 7.7.3.4)."""
    return page.get("/Resources") or page.get("/Parent", {}).get("/Resources", {})
