"""Locators in the suffix of a citation."""

from __future__ import annotations

import pytest

from bifolio.manuscript.citations.locators import split_locator


@pytest.mark.parametrize(
    ("suffix", "label", "locator", "rest"),
    [
        (", p. 33", "page", "33", ""),
        (", pp. 33-35, 40 and passim", "page", "33-35, 40", " and passim"),
        (" 33", "page", "33", ""),
        (", chap. 2", "chapter", "2", ""),
        (", vol. ix--x", "volume", "ix-x", ""),
        (", § 12a", "section", "12a", ""),
        (", S. 7", "page", "7", ""),
        (", էջ 7", "page", "7", ""),
        (", s.v. 3b", "sub verbo", "3b", ""),
        (", {bk. 2 and 3}, x", "book", "2 and 3", ", x"),
        (", and so on", "", "", ", and so on"),
        (", iv", "", "", ", iv"),
        (", passim", "", "", ", passim"),
        ("", "", "", ""),
    ],
)
def test_a_locator_is_split_from_the_suffix(suffix: str, label: str, locator: str, rest: str) -> None:
    found, number, length = split_locator(suffix)
    assert (found, number, suffix[length:]) == (label, locator, rest)
