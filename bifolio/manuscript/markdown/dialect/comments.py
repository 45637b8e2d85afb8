"""Obsidian comments: text between `%%` and `%%` is left out of every edition.

A comment that is never closed is text, so that a typing error loses nothing.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from bifolio.manuscript.markdown.dialect.construct import Construct

_DELIMITER = "%%"


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the rules for comments within a line and for those of whole lines."""
    alt = ["paragraph", "reference", "blockquote", "list"]
    tokenizer.block.ruler.before("fence", "comment", _block_rule, {"alt": alt})
    tokenizer.inline.ruler.before("emphasis", "comment", _inline_rule)


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Skip the lines from one that begins with the delimiter to one that ends with it."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith(_DELIMITER, first):
        return False
    begin = first + len(_DELIMITER)
    for line in range(start, end):
        here = max(begin, state.bMarks[line] + state.tShift[line])
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
        close = state.src.find(_DELIMITER, here, state.eMarks[line])
        if close >= 0:
            if state.src[close + len(_DELIMITER) : state.eMarks[line]].strip():
                return False
            if not silent:
                state.line = line + 1
            return True
    return False


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(_DELIMITER, state.pos):
        return False
    close = state.src.find(_DELIMITER, state.pos + len(_DELIMITER), state.posMax)
    if close < 0:
        return False
    state.pos = close + len(_DELIMITER)
    return True


CONSTRUCT = Construct(tokenize=_register_rules)
