"""Attributes in braces: `{#id .class key="value"}` on a heading, span, link, picture or block.

Braces that hold nothing of the kind are text.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import (
    AttrListTreeprocessor,
    get_attrs_and_remainder,
    sanitize_name,
)
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import text_of

_ONE = r"""(?:[#.][^\s{}#.="]+|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"'|]+))"""
ATTRIBUTE_LIST = rf"\{{:?[ ]*({_ONE}(?:[ ]+{_ONE})*)[ ]*\}}"
"""A regular expression for attributes; its group is what stands between the braces."""
META = "attributes"
"""The key in a token's `meta` that holds its attributes as written."""

_PATTERN = re.compile(ATTRIBUTE_LIST)
_OPENS = {"link_close": "link_open", "span_close": "span_open"}


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find attributes behind pictures, links, spans and code."""
    tokenizer.inline.ruler.push("attributes", _rule)


def _register_treeprocessor(md: Markdown) -> None:
    """Register attributes on headings, cells and blocks, and behind emphasis."""
    md.treeprocessors.register(_Attributes(md), "attr_list", 8)


def match_attributes(state: StateInline, place: int) -> re.Match[str] | None:
    """Return the attributes that stand at *place* in the text of *state*."""
    return _PATTERN.match(state.src, place, state.posMax)


def set_attributes(element: Element, written: str) -> None:
    """Give *element* the attributes that stand in *written*, the text between the braces."""
    attributes, _ = get_attrs_and_remainder(written.removeprefix(":").strip())
    for name, value in attributes:
        if name == ".":
            element.set("class", f"{element.get('class', '')} {value}".strip())
        else:
            element.set(sanitize_name(name), value or "")


def _rule(state: StateInline, silent: bool) -> bool:
    if state.pending or not state.tokens or state.src[state.pos] != "{":
        return False
    token = state.tokens[-1]
    opening = _OPENS.get(token.type)
    written = match_attributes(state, state.pos)
    if not written or not (opening or token.type in ("image", "code_inline")):
        return False
    if not silent:
        if opening:
            level = token.level
            token = next(t for t in reversed(state.tokens) if t.type == opening and t.level == level)
        token.meta[META] = written.group(1)
    state.pos = written.end()
    return True


class _Attributes(AttrListTreeprocessor):
    """Python-Markdown's attribute lists; its own pattern would take any words in braces."""

    HEADER_RE = re.compile(rf"[ ]+{ATTRIBUTE_LIST}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{ATTRIBUTE_LIST}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{ATTRIBUTE_LIST}")  # type: ignore[misc]

    def run(self, root: Element) -> None:
        if "{" in text_of(root):
            super().run(root)


CONSTRUCT = Construct(tokenize=_register_rules, treeprocess=_register_treeprocessor)
