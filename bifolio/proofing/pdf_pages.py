"""The pages of a finished PDF, one after another (ISO 32000-1, 7.7.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_DECODER = json.JSONDecoder()
_KEPT = 1_000
"""How many pages are read before those read are dropped: each takes twelve KiB, with what stands by it."""


def decoded(item: Any) -> Any:
    """Return what *item*, an object of a PDF, is.

    It is as `json` has it: names with a slash, strings with `u:` or `b:`, references as they are written.
    """
    return _DECODER.raw_decode(item.to_json(dereference=True).decode())[0]


def of_pages(path: Path, tell: Callable[[Any], T]) -> list[T]:
    """Return what *tell* says of each page of the PDF at *path*, in order.

    The library keeps what it has read as long as the file is open, so that is opened anew now and then, and
    *tell* must not keep the page. Raises ValueError where the tree of pages has a circle.
    """
    import pikepdf

    pdf: Any = pikepdf.open(path, inherit_page_attributes=False)
    told: list[T] = []
    places, seen = [pdf.Root.Pages.objgen], set()
    while places:
        place = places.pop()
        if place in seen:
            raise ValueError("its pages lead round in a circle")
        seen.add(place)
        item = pdf.get_object(*place)
        if "/Kids" in item:
            # The library would read each to give it; by their references they wait.
            kids = reversed(decoded(item)["/Kids"])
            places += [(int(number), int(kept)) for number, kept, _ in map(str.split, kids)]
            continue
        told.append(tell(item))
        if len(told) % _KEPT == 0:
            item = pdf = None  # first, or both would be held
            pdf = pikepdf.open(path, inherit_page_attributes=False)
    return told


def resources(page: Any) -> Any:
    """Return the resources of *page*, its own or those of what it is in (ISO 32000-1, 7.7.3.4)."""
    while "/Resources" not in page and "/Parent" in page:
        page = page.Parent
    return page.get("/Resources", {})
