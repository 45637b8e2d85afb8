"""Reads the page objects of a PDF in order (ISO 32000-1, 7.7.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_DECODER = json.JSONDecoder()
_REOPEN_AFTER = 1_000
"""How many pages are read before the file is opened again: pikepdf keeps about 12 KiB for each."""


def decode_object(item: Any) -> Any:
    """Return the PDF object *item* as plain data, in the JSON form of qpdf.

    Names have a slash, strings begin with `u:` or `b:`, and references are strings such as `3 0 R`.
    """
    return _DECODER.raw_decode(item.to_json(dereference=True).decode())[0]


def map_pages(path: Path, function: Callable[[Any], T]) -> list[T]:
    """Return the results of *function* for each page object of the PDF at *path*, in order.

    *function* must not keep the page: pikepdf frees what it has read when the file is closed, so the file is
    opened again from time to time. Page trees of more than one node are read with the file open. Raises
    PdfError if the file is not a PDF.
    """
    import pikepdf

    pdf: Any = pikepdf.open(path, inherit_page_attributes=False)
    results: list[T] = []
    for reference in _kids(pdf):
        page = pdf.get_object(*reference)
        if not isinstance(page, pikepdf.Dictionary) or page.get("/Type") != "/Page":
            results.clear()
            break
        results.append(function(page))
        if len(results) % _REOPEN_AFTER == 0:
            page = pdf = None  # otherwise both files would be in memory
            pdf = pikepdf.open(path, inherit_page_attributes=False)
    if results:
        return results
    with pikepdf.open(path) as pdf:
        return [function(page.obj) for page in pdf.pages]


def _kids(pdf: Any) -> list[tuple[int, int]]:
    """Return the references of the kids of the page tree root, without reading the kids."""
    root = decode_object(pdf.Root.Pages)
    kids = root.get("/Kids") if isinstance(root, dict) else None
    if not isinstance(kids, list) or not all(isinstance(kid, str) for kid in kids):
        return []
    return [(int(number), int(generation)) for number, generation, _ in map(str.split, kids)]


def resources(page: Any) -> Any:
    """Return the resources of *page*, its own or those of its parent node (ISO 32000-1, 7.7.3.4)."""
    return page.get("/Resources") or page.get("/Parent", {}).get("/Resources", {})
