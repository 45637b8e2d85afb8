"""Which line of the source a line is that a preprocessor has moved or made."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile

_FEW = 100
"""Up to how many changed lines each is held to those that it may have been."""


def map_lines(before: list[str], after: list[str]) -> list[int]:
    """Return for each line of *after* the number of the line of *before* that it comes from, from 0.

    One that was changed has the number of the line that it is most like, a new one that of a line near it.
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    numbers = list(range(same))
    # Empty lines are like each other, and say nothing of what moved.
    matcher = SequenceMatcher(lambda line: not line.strip(), before[same:], after[same:], autojunk=False)
    for kind, first, end, new, new_end in matcher.get_opcodes():
        old_lines = before[same + first : same + end]
        if kind == "equal":
            numbers += range(same + first, same + end)
        else:
            numbers += [
                same + first + _nearest(after[same + place], place - new, old_lines)
                for place in range(new, new_end)
            ]
    return [min(number, len(before) - 1) for number in numbers]


def _nearest(line: str, place: int, lines: list[str]) -> int:
    """Return the place in *lines* of the one that *line*, at *place* of what stands for them, comes from."""
    like = get_close_matches(line, lines, n=1) if line.strip() and len(lines) <= _FEW else []
    return lines.index(like[0]) if like else min(place, max(len(lines) - 1, 0))
