"""The breakpoints that the algorithm of Knuth and Plass chooses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import pytest

from bifolio.pdf.lines.knuth_plass import Breakpoint, LineWidths, choose_breakpoints


def paragraph(words: str, *, hyphens: bool = True) -> list[Breakpoint]:
    """Return the breakpoints of *words* in a monospaced font: a letter 1 px, a space 1, a hyphen 0."""
    breakpoints = [Breakpoint(0, 0, 0, 0, 99, 0, False)]
    x = glue = 0.0
    for word in words.split():
        parts = word.split("-")
        ends = list(accumulate(len(part) for part in parts))
        if hyphens:
            breakpoints += [Breakpoint(x + end, glue, x + end, glue, 99, 50, True, word) for end in ends[:-1]]
        x += ends[-1]
        breakpoints.append(Breakpoint(x, glue, x + 1, glue + 1, 99, 0, False, word))
        x, glue = x + 1, glue + 1
    count = len("".join(words.split()).replace("-", ""))
    breakpoints[-1] = breakpoints[-1]._replace(letters_after=0)
    return [one._replace(letters_after=count - int(one.start - one.start_glue)) for one in breakpoints]


def break_lines(words: str, width: float, *unhyphenated: int) -> list[str] | None:
    """Return the ends of the lines into which *words* are broken."""

    def breakpoints_of(hyphenated: bool) -> Sequence[Breakpoint]:
        return paragraph(words, hyphens=hyphenated)

    chosen = choose_breakpoints(breakpoints_of, LineWidths(width, width, frozenset(unhyphenated)))
    if chosen is None:
        return None
    return [f"{one.position}-" if one.is_hyphenated else one.position for one in chosen]


def some_words(seed: int, count: int = 60) -> str:
    """Return *count* different words, each marked where it may be hyphenated."""
    chance = random.Random(seed)
    words = []
    for number in range(count):
        syllables = ["".join(chance.choices("abcdefgh", k=3)) for _ in range(chance.randint(1, 4))]
        words.append("-".join([*syllables, f"x{number}yz"]))
    return " ".join(words)


def test_no_line_is_too_long_and_the_last_break_is_the_end() -> None:
    text = some_words(1)
    widths = LineWidths(40, 40)
    breakpoints = choose_breakpoints(lambda hyphenated: paragraph(text, hyphens=hyphenated), widths)
    assert breakpoints is not None
    start = start_glue = 0.0
    for one in breakpoints:
        glue = one.end_glue - start_glue
        letters = one.end - start - glue
        assert 0.75 * glue + 0.98 * letters <= 40
        start, start_glue = one.start, one.start_glue
    assert breakpoints[-1].letters_after == 0


def test_a_word_moves_down_if_all_lines_become_more_even() -> None:
    # Filled one by one, the lines would be 15, 8 and 15 long.
    assert break_lines("aaaa bbbbb ccc dddddddd eeeeeeeeeeee ff", 15) == ["bbbbb", "dddddddd", "ff"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("width", [14, 18, 25])
def test_no_three_hyphens_follow_one_another(seed: int, width: int) -> None:
    ends = break_lines(some_words(seed), width)
    assert ends
    assert any(end.endswith("-") for end in ends)
    assert not any(
        all(end.endswith("-") for end in ends[index : index + 3]) for index in range(len(ends) - 2)
    )


@pytest.mark.parametrize("seed", range(8))
def test_an_unhyphenated_line_ends_with_no_hyphen(seed: int) -> None:
    text = some_words(seed)
    free = break_lines(text, 18)
    assert free
    index = next(index for index, end in enumerate(free) if end.endswith("-"))
    ends = break_lines(text, 18, index)
    assert ends
    assert not ends[index].endswith("-")


def test_the_last_line_is_no_runt_if_that_can_be_avoided() -> None:
    lines = "aa bb cc dd ee ff gg hh ii jj", "kk ll mm nn oo pp qq rr ss tt", "uuu"
    assert break_lines(" ".join(lines), 29) == ["ii", "ss", "uuu"]


def test_a_word_wider_than_the_line_leaves_the_paragraph_unplanned() -> None:
    assert break_lines("aa bbbbbbbbbbbb cc", 8) is None
