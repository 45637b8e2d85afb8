"""Page breaks: a line `\\newpage` or `\\pagebreak`."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Construct

_LINE = re.compile(r"\\(?:newpage|pagebreak)")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the block rule for page breaks, which may interrupt a paragraph."""
    tokenizer.block.ruler.before("hr", "page_break", _rule, {"alt": ["paragraph", "reference", "blockquote"]})


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("\\", first) or state.is_code_block(start):
        return False
    if not _LINE.fullmatch(state.src[first : state.eMarks[start]].strip()):
        return False
    if not silent:
        state.push("page_break", "div", 0).map = [start, start + 1]
        state.line = start + 1
    return True


def _render(token: Token, parent: Element) -> Element:
    """Append a page break to *parent*."""
    return SubElement(parent, "div", {"class": "page-break"})


CONSTRUCT = Construct(tokenize=_register_rules, render={"page_break": _render})
