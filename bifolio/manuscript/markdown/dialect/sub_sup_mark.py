"""Words between two marks of a kind: `H~2~O` lowered, `x^2^` raised, `==words==` marked.

What is raised or lowered has no spaces, as Pandoc has it; `\\ ` is a space that does not break.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Construct

_TAGS = {"~": "sub", "^": "sup", "==": "mark"}
"""The element that each mark makes."""
_SPACED = frozenset({"=="})
"""The marks that may hold spaces, though not at their edges."""

_SPACE = re.compile(r"(?<!\\)\s")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find each mark, behind `~~`, which is looked for before."""
    for mark, tag in _TAGS.items():
        tokenizer.inline.ruler.after("emphasis", tag, _rule(mark, tag))


def _render(token: Token, parent: Element) -> Element:
    """Add the element that *token* stands for to *parent*; its children are the token's."""
    return SubElement(parent, token.tag)


def _rule(mark: str, tag: str) -> Callable[[StateInline, bool], bool]:
    """Return the rule that finds words between two of *mark*."""

    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(mark, state.pos):
            return False
        begin = state.pos + len(mark)
        end = _close(state, begin, mark)
        if end <= begin:
            return False
        if not silent:
            token = state.push("enclosed", tag, 0)
            words = state.src[begin:end]
            if mark not in _SPACED:
                words = words.replace("\\ ", "\N{NO-BREAK SPACE}")
            token.children = []
            state.md.inline.parse(words, state.md, state.env, token.children)
        state.pos = end + len(mark)
        return True

    return rule


def _close(state: StateInline, begin: int, mark: str) -> int:
    """Return where the mark stands that closes the one before *begin*; -1 where none does.

    A bracket that closes ends the search: it may be that of a link's words, which bind tighter.
    """
    if _last_close(state.src, mark) < begin:
        return -1
    start, spaced, end, depth = state.pos, mark in _SPACED, -1, 0
    state.pos = begin
    if not state.src[begin : begin + 1].isspace():
        while end < 0 <= depth and state.pos < state.posMax:
            edge = spaced and (state.pos == begin or state.src[state.pos - 1].isspace())
            if state.src.startswith(mark, state.pos, state.posMax) and not edge:
                end = state.pos
            else:
                place = state.pos
                state.md.inline.skipToken(state)
                if state.pos == place + 1:
                    depth += {"[": 1, "]": -1}.get(state.src[place], 0)
    state.pos = start
    return -1 if not spaced and _SPACE.search(state.src, begin, end) else end


@lru_cache(maxsize=len(_TAGS))
def _last_close(text: str, mark: str) -> int:
    """Return the last place of *text* where *mark* may close; -1 where there is none."""
    return max((match.end() for match in re.finditer(rf"(?<=\S)(?={re.escape(mark)})", text)), default=-1)


CONSTRUCT = Construct(tokenize=_register_rules, render={"enclosed": _render})
