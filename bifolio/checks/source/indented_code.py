"""Which passages of a source are code by their indent alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from markdown_it import MarkdownIt


def indented_code_spans(text: str) -> list[tuple[int, int]]:
    """Return where each passage of such code in *text* begins and ends."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    blocks = MarkdownIt("commonmark").disable("inline").parse(text)
    return [
        (starts[block.map[0]], starts[block.map[1]])
        for block in blocks
        if block.type == "code_block" and block.map
    ]


def indented_code_test(text: str) -> Callable[[int], bool]:
    """Return a function that says whether the character at a place of *text* stands in such code."""
    found = indented_code_spans(text)

    def within(place: int) -> bool:
        before = bisect_right(found, (place, len(text) + 1)) - 1
        return before >= 0 and place < found[before][1]

    return within
