"""Describes page numbers in words."""

from __future__ import annotations

from collections.abc import Iterable

_MAX_SHOWN = 4


def describe_pages(numbers: Iterable[int]) -> str:
    """Return page *numbers* as words, such as `pages 3, 4 and 7`; an empty string for none.

    Of many pages the first four are named.
    """
    pages = list(numbers)
    if not pages:
        return ""
    if len(pages) == 1:
        return f"page {pages[0]}"
    shown, more = pages[:_MAX_SHOWN], len(pages) - _MAX_SHOWN
    if more > 0:
        return f"pages {', '.join(map(str, shown))} and {more} more"
    return f"pages {', '.join(map(str, shown[:-1]))} and {shown[-1]}"
