"""Subscript `H~2~O`, superscript `x^2^` and highlighted text `==words==`.

As in Pandoc, subscript and superscript contain no space; `\\ ` is a no-break space.
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
"""The element for each delimiter."""
_ALLOW_SPACES = frozenset({"=="})
"""The delimiters that may enclose spaces, though not next to them."""

_SPACE = re.compile(r"(?<!\\)\s")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register one inline rule per delimiter, after the rule for `~~`."""
    for delimiter, tag in _TAGS.items():
        tokenizer.inline.ruler.after("emphasis", tag, _rule(delimiter, tag))


def _render(token: Token, parent: Element) -> Element:
    """Append the element for *token* to *parent*."""
    return SubElement(parent, token.tag)


def _rule(delimiter: str, tag: str) -> Callable[[StateInline, bool], bool]:
    """Return the inline rule for text between two *delimiter*."""

    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(delimiter, state.pos):
            return False
        begin = state.pos + len(delimiter)
        end = _closing_delimiter(state, begin, delimiter)
        if end <= begin:
            return False
        if not silent:
            token = state.push("sub_sup_mark", tag, 0)
            content = state.src[begin:end]
            if delimiter not in _ALLOW_SPACES:
                content = content.replace("\\ ", "\N{NO-BREAK SPACE}")
            token.children = []
            state.md.inline.parse(content, state.md, state.env, token.children)
        state.pos = end + len(delimiter)
        return True

    return rule


def _closing_delimiter(state: StateInline, begin: int, delimiter: str) -> int:
    """Return the position of the delimiter that closes the one before *begin*; -1 if there is none.

    An unmatched closing bracket ends the search: it may close a link text, which binds tighter.
    """
    if _last_closing_delimiter(state.src, delimiter) < begin:
        return -1
    start, allows_spaces, end, depth = state.pos, delimiter in _ALLOW_SPACES, -1, 0
    state.pos = begin
    if not state.src[begin : begin + 1].isspace():
        while end < 0 <= depth and state.pos < state.posMax:
            edge = allows_spaces and (state.pos == begin or state.src[state.pos - 1].isspace())
            if state.src.startswith(delimiter, state.pos, state.posMax) and not edge:
                end = state.pos
            else:
                position = state.pos
                state.md.inline.skipToken(state)
                if state.pos == position + 1:
                    depth += {"[": 1, "]": -1}.get(state.src[position], 0)
    state.pos = start
    return -1 if not allows_spaces and _SPACE.search(state.src, begin, end) else end


@lru_cache(maxsize=len(_TAGS))
def _last_closing_delimiter(text: str, delimiter: str) -> int:
    """Return the last position in *text* at which *delimiter* may close; -1 if there is none."""
    return max(
        (match.end() for match in re.finditer(rf"(?<=\S)(?={re.escape(delimiter)})", text)), default=-1
    )


CONSTRUCT = Construct(tokenize=_register_rules, render={"sub_sup_mark": _render})
