"""Which passages of a source are code by their indent alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from markdown_it import MarkdownIt


def indented_code(text: str) -> Callable[[int], bool]:
    """Return a function that says whether the character at a place of *text* stands in such code."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    blocks = MarkdownIt("commonmark").disable("inline").parse(text)
    passages = [
        (starts[token.map[0]], starts[token.map[1]])
        for token in blocks
        if token.type == "code_block" and token.map
    ]

    def within(place: int) -> bool:
        before = bisect_right(passages, (place, len(text) + 1)) - 1
        return before >= 0 and place < passages[before][1]

    return within
