"""Fenced divs in Pandoc's syntax: `::: name` or `::: {#id .name}` to `:::`."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from bifolio.manuscript.markdown.dialect.attributes import ATTRIBUTE_LIST, set_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct, remark

_NAME = re.compile(rf"\s*(?:[\w-]+|{ATTRIBUTE_LIST})[\s:]*")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the block rule for fenced divs."""
    existing = tokenizer.block.ruler.getRules("")
    # One name or an attribute list. Further words would be lost, so a line with more is text.
    container_plugin(tokenizer, "div", validate=lambda info, *_: bool(_NAME.fullmatch(info)))
    (match_div,) = (rule for rule in tokenizer.block.ruler.getRules("") if rule not in existing)

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        """Match a div; remark on one that is never closed, and on a line of colons that is not a fence."""
        line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
        opened = len(state.tokens)
        if not line.startswith(":::") or state.is_code_block(start):
            return False
        if not match_div(state, start, end, silent):
            _remark_once(state, "div-unread", start, line=line)
            return False
        if not silent:
            (_, close) = state.tokens[opened].map or (start, start)
            if state.line == close:
                _remark_once(state, "div-unclosed", start, opening=line)
        return True

    tokenizer.block.ruler.at("container_div", rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _remark_once(state: StateBlock, code: str, line: int, /, **fields: str) -> None:
    """Record finding *code* at *line* once, though rules may see the line several times."""
    reported: set[tuple[str, int]] = state.env.setdefault("colons", set())
    if (code, line) not in reported:
        remark(state.env, code, line, **fields)
    reported.add((code, line))


def _render(token: Token, parent: Element) -> Element:
    """Append the div that *token* opens to *parent*."""
    div = SubElement(parent, "div")
    name = token.info.strip().rstrip(": ")
    if name.startswith("{") and name.endswith("}"):
        set_attributes(div, name[1:-1])
    else:
        div.set("class", name)
    return div


CONSTRUCT = Construct(tokenize=_register_rules, render={"container_div_open": _render})
