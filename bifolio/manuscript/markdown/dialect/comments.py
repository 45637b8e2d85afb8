"""Comments, as Obsidian has them: what stands between `%%` and `%%` is in no edition.

A comment that is never closed is text, so that nothing is lost by a slip.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from bifolio.manuscript.markdown.dialect.construct import Construct

_MARK = "%%"


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* pass over comments in a line and over those of whole lines."""
    alt = ["paragraph", "reference", "blockquote", "list"]
    tokenizer.block.ruler.before("fence", "comment", _block_rule, {"alt": alt})
    tokenizer.inline.ruler.before("emphasis", "comment", _inline_rule)


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Pass over the lines from one that begins with the mark to one that ends with it."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith(_MARK, first):
        return False
    begin = first + len(_MARK)
    for line in range(start, end):
        here = max(begin, state.bMarks[line] + state.tShift[line])
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
        close = state.src.find(_MARK, here, state.eMarks[line])
        if close >= 0:
            if state.src[close + len(_MARK) : state.eMarks[line]].strip():
                return False
            if not silent:
                state.line = line + 1
            return True
    return False


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(_MARK, state.pos):
        return False
    close = state.src.find(_MARK, state.pos + len(_MARK), state.posMax)
    if close < 0:
        return False
    state.pos = close + len(_MARK)
    return True


CONSTRUCT = Construct(tokenize=_register_rules)
