"""Maps lines that preprocessors moved, changed or added to lines of the source."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile

_MAX_COMPARED = 100
"""The largest changed range whose lines are compared one by one."""


def map_lines(before: list[str], after: list[str]) -> list[int]:
    """Return, for each line of *after*, the 0-based index of the line of *before* it comes from.

    A changed line maps to the most similar line, a new line to one near it.
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    indices = list(range(same))
    # Blank lines are all alike, so they are no evidence of a move.
    matcher = SequenceMatcher(lambda line: not line.strip(), before[same:], after[same:], autojunk=False)
    for kind, first, end, new, new_end in matcher.get_opcodes():
        old_lines = before[same + first : same + end]
        if kind == "equal":
            indices += range(same + first, same + end)
        else:
            indices += [
                same + first + _nearest(after[same + index], index - new, old_lines)
                for index in range(new, new_end)
            ]
    return [min(index, len(before) - 1) for index in indices]


def _nearest(line: str, index: int, lines: list[str]) -> int:
    """Return the index in *lines* of the source of *line*, which has *index* among their replacements."""
    similar = get_close_matches(line, lines, n=1) if line.strip() and len(lines) <= _MAX_COMPARED else []
    return lines.index(similar[0]) if similar else min(index, max(len(lines) - 1, 0))
