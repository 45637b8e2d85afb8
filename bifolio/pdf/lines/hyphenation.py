"""Finds where words may be hyphenated, by the patterns of Pyphen."""

from __future__ import annotations

import re
from functools import lru_cache

import pyphen

_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=50_000)
def hyphenation_offsets(
    text: str, language: str | None, total: int, left: int, right: int
) -> tuple[int, ...]:
    """Return the offsets at which the words in *text* may be hyphenated; none for unknown languages.

    A word has at least *total* letters, *left* before and *right* after the hyphen (CSS Text 4,
    `hyphenate-limit-chars`). Words in capitals are not hyphenated.
    """
    pattern_language = language and pyphen.language_fallback(language)
    if not pattern_language:
        return ()
    dictionary = pyphen.Pyphen(lang=pattern_language, left=left, right=right)
    return tuple(
        word.start() + position
        for word in _WORD.finditer(text)
        if len(word[0]) >= total and not word[0].isupper()
        for position in dictionary.positions(word[0])
        if position.data is None  # a hyphenation that changes the spelling has data
    )
