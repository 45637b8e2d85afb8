"""Page numbers in words."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 4


def describe_pages(numbers: Iterable[int]) -> str:
    """Return page *numbers* as words, the first few of many; nothing for none."""
    pages = list(numbers)
    if not pages:
        return ""
    if len(pages) == 1:
        return f"page {pages[0]}"
    shown, more = pages[:_SHOWN], len(pages) - _SHOWN
    if more > 0:
        return f"pages {', '.join(map(str, shown))} and {more} more"
    return f"pages {', '.join(map(str, shown[:-1]))} and {shown[-1]}"
