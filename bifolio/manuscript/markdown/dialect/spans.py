"""Spans with attributes: `[text]{.class lang=hy}`."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from bifolio.manuscript.markdown.dialect.attributes import META, match_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rule for spans, before links."""
    tokenizer.inline.ruler.before("link", "span", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    start, limit = state.pos, state.posMax
    end = state.md.helpers.parseLinkLabel(state, start, False)
    attributes = match_attributes(state, end + 1) if end >= 0 else None
    if not attributes:
        return False
    if not silent:
        state.pos, state.posMax = start + 1, end
        token = state.push("span_open", "span", 1)
        token.meta[META] = attributes.group(1)
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
    state.pos, state.posMax = attributes.end(), limit
    return True


CONSTRUCT = Construct(tokenize=_register_rules)
