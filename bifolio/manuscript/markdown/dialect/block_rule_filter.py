"""The rules that find blocks, each asked only of lines that begin with a mark it knows.

Of all rules of CommonMark and the dialect, few can say anything of a line that begins with a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

_Rule: TypeAlias = RuleFuncBlockType

_MARKS = {
    "abbreviation": "*", "admonition": "!?", "blockquote": ">", "comment": "%", "container_div": ":",
    "fence": "`~", "footnote_def": "[", "heading": "#", "hr": "*-_", "html_block": "<",
    "list": "*-+0123456789", "math_block": "$", "page_break": "\\", "reference": "[",
}  # fmt: skip
"""By the name of a rule: what a line begins with, behind its indent, that it may find something in.

A rule that is not named here, such as one of an extension, is asked of every line.
"""


class FirstCharacterRuler(Ruler[_Rule]):
    """Rules in order, like those of *ruler*, which it takes over."""

    def __init__(self, ruler: Ruler[_Rule]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__

    def __compile__(self) -> None:
        super().__compile__()
        marks = {rule.fn: _MARKS[rule.name] for rule in self.__rules__ if rule.name in _MARKS}
        chains = self.__cache__ or {}
        self.__cache__ = {name: [_chosen(rules, marks)] for name, rules in chains.items() if rules}


def _chosen(rules: Sequence[_Rule], marks: dict[_Rule, str]) -> _Rule:
    """Return one rule that does what the first of *rules* does that finds something."""
    always = tuple(rule for rule in rules if rule not in marks)
    by_mark: dict[str, tuple[_Rule, ...] | None] = dict.fromkeys("".join(marks.values()))

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        place = state.bMarks[start] + state.tShift[start]
        mark = state.src[place : place + 1]
        chosen = by_mark.get(mark, always)
        if chosen is None:  # met for the first time
            chosen = by_mark[mark] = tuple(rule for rule in rules if mark in marks.get(rule, mark))
        for one in chosen:  # noqa: SIM110 - any() takes long
            if one(state, start, end, silent):
                return True
        return False

    return rule
