"""The breaks of a paragraph: which of all ways is chosen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import pytest

from bifolio.pdf.lines.knuth_plass import Breakpoint, LineWidths, choose_breakpoints


def paragraph(words: str, *, hyphens: bool = True) -> list[Breakpoint]:
    """Return the breaks of *words* in type of one width: a letter 1 px, a space 1, a hyphen nothing."""
    places = [Breakpoint(0, 0, 0, 0, 99, 0, False)]
    x = glue = 0.0
    for word in words.split():
        parts = word.split("-")
        ends = list(accumulate(len(part) for part in parts))
        if hyphens:
            places += [Breakpoint(x + end, glue, x + end, glue, 99, 50, True, word) for end in ends[:-1]]
        x += ends[-1]
        places.append(Breakpoint(x, glue, x + 1, glue + 1, 99, 0, False, word))
        x, glue = x + 1, glue + 1
    count = len("".join(words.split()).replace("-", ""))
    places[-1] = places[-1]._replace(letters_after=0)
    return [place._replace(letters_after=count - int(place.start - place.start_glue)) for place in places]


def set_text(words: str, width: float, *barred: int) -> list[str] | None:
    """Return the ends of the lines in which *words* are set."""

    def breaks(hyphenated: bool) -> Sequence[Breakpoint]:
        return paragraph(words, hyphens=hyphenated)

    found = choose_breakpoints(breaks, LineWidths(width, width, frozenset(barred)))
    return (
        None
        if found is None
        else [f"{place.position}-" if place.is_hyphenated else place.position for place in found]
    )


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
    places = choose_breakpoints(lambda hyphenated: paragraph(text, hyphens=hyphenated), LineWidths(40, 40))
    assert places is not None
    start = start_glue = 0.0
    for place in places:
        glue = place.end_glue - start_glue
        letters = place.end - start - glue
        assert 0.75 * glue + 0.98 * letters <= 40
        start, start_glue = place.start, place.start_glue
    assert places[-1].letters_after == 0


def test_a_word_goes_down_where_all_lines_are_more_even_then() -> None:
    # Filled one by one, the lines would be 15, 8 and 15 long.
    assert set_text("aaaa bbbbb ccc dddddddd eeeeeeeeeeee ff", 15) == ["bbbbb", "dddddddd", "ff"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("width", [14, 18, 25])
def test_no_three_hyphens_follow_one_another(seed: int, width: int) -> None:
    ends = set_text(some_words(seed), width)
    assert ends
    assert any(end.endswith("-") for end in ends)
    assert not any(
        all(end.endswith("-") for end in ends[place : place + 3]) for place in range(len(ends) - 2)
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_barred_line_ends_with_no_hyphen(seed: int) -> None:
    text = some_words(seed)
    free = set_text(text, 18)
    assert free
    place = next(place for place, end in enumerate(free) if end.endswith("-"))
    barred = set_text(text, 18, place)
    assert barred
    assert not barred[place].endswith("-")


def test_the_last_line_is_not_a_few_letters_where_that_can_be_had() -> None:
    lines = "aa bb cc dd ee ff gg hh ii jj", "kk ll mm nn oo pp qq rr ss tt", "uuu"
    assert set_text(" ".join(lines), 29) == ["ii", "ss", "uuu"]


def test_a_word_wider_than_the_line_leaves_the_paragraph_alone() -> None:
    assert set_text("aa bbbbbbbbbbbb cc", 8) is None
