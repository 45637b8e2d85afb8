"""Selects the block rules to try on a line by its first character.

Few rules of CommonMark and the dialect can match a line that begins with a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

_Rule: TypeAlias = RuleFuncBlockType

_FIRST_CHARACTERS = {
    "abbreviation": "*", "admonition": "!?", "blockquote": ">", "comment": "%", "container_div": ":",
    "fence": "`~", "footnote_def": "[", "heading": "#", "hr": "*-_", "html_block": "<",
    "list": "*-+0123456789", "math_block": "$", "page_break": "\\", "reference": "[",
}  # fmt: skip
"""By rule name: the characters, after the indent, that can begin a line which the rule matches.

A rule that is not listed, such as one of an extension, is tried on every line.
"""


class FirstCharacterRuler(Ruler[_Rule]):
    """A ruler that takes over the rules of *ruler* and tries only those that can match a line."""

    def __init__(self, ruler: Ruler[_Rule]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__

    def __compile__(self) -> None:
        super().__compile__()
        characters = {
            rule.fn: _FIRST_CHARACTERS[rule.name] for rule in self.__rules__ if rule.name in _FIRST_CHARACTERS
        }
        chains = self.__cache__ or {}
        self.__cache__ = {name: [_combine(rules, characters)] for name, rules in chains.items() if rules}


def _combine(rules: Sequence[_Rule], characters: dict[_Rule, str]) -> _Rule:
    """Return one rule that tries those of *rules* that can match the first character of a line, in order."""
    unlisted = tuple(rule for rule in rules if rule not in characters)
    by_character: dict[str, tuple[_Rule, ...] | None] = dict.fromkeys("".join(characters.values()))

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        first = state.src[position : position + 1]
        candidates = by_character.get(first, unlisted)
        if candidates is None:  # this character's first use
            candidates = by_character[first] = tuple(
                rule for rule in rules if first in characters.get(rule, first)
            )
        for candidate in candidates:  # noqa: SIM110 - any() is slower
            if candidate(state, start, end, silent):
                return True
        return False

    return rule
