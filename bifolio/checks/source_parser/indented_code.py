"""Finds the indented code blocks of a source (CommonMark 0.31, 4.4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from markdown_it import MarkdownIt


def indented_code_spans(text: str) -> list[tuple[int, int]]:
    """Return the start and end offset of each indented code block in *text*."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    blocks = MarkdownIt("commonmark").disable("inline").parse(text)
    return [
        (starts[block.map[0]], starts[block.map[1]])
        for block in blocks
        if block.type == "code_block" and block.map
    ]


def indented_code_test(text: str) -> Callable[[int], bool]:
    """Return a function that says whether an offset of *text* is in an indented code block."""
    spans = indented_code_spans(text)

    def is_code(offset: int) -> bool:
        before = bisect_right(spans, (offset, len(text) + 1)) - 1
        return before >= 0 and offset < spans[before][1]

    return is_code
