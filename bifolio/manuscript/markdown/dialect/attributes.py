"""Attribute lists: `{#id .class key="value"}` on a heading, span, link, image or block.

Braces that hold anything else are text.
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

_ATTRIBUTE = r"""(?:[#.][^\s{}#.="]+|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"'|]+))"""
ATTRIBUTE_LIST = rf"\{{:?[ ]*({_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE})*)[ ]*\}}"
"""A regular expression for an attribute list; its group is the text between the braces."""
META = "attributes"
"""The key in a token's `meta` for its attribute list, unparsed."""

_PATTERN = re.compile(ATTRIBUTE_LIST)
_OPENING_TYPES = {"link_close": "link_open", "span_close": "span_open"}


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rule for attribute lists after images, links, spans and code."""
    tokenizer.inline.ruler.push("attributes", _rule)


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor for attribute lists on headings, cells and blocks, and after emphasis."""
    md.treeprocessors.register(_Attributes(md), "attr_list", 8)


def match_attributes(state: StateInline, position: int) -> re.Match[str] | None:
    """Return the attribute list at *position* in the text of *state*; None if there is none."""
    return _PATTERN.match(state.src, position, state.posMax)


def set_attributes(element: Element, attribute_list: str) -> None:
    """Set the attributes listed in *attribute_list*, the text between the braces, on *element*."""
    attributes, _ = get_attrs_and_remainder(attribute_list.removeprefix(":").strip())
    for name, value in attributes:
        if name == ".":
            element.set("class", f"{element.get('class', '')} {value}".strip())
        else:
            element.set(sanitize_name(name), value or "")


def _rule(state: StateInline, silent: bool) -> bool:
    if state.pending or not state.tokens or state.src[state.pos] != "{":
        return False
    token = state.tokens[-1]
    opening = _OPENING_TYPES.get(token.type)
    match = match_attributes(state, state.pos)
    if not match or not (opening or token.type in ("image", "code_inline")):
        return False
    if not silent:
        if opening:
            level = token.level
            token = next(t for t in reversed(state.tokens) if t.type == opening and t.level == level)
        token.meta[META] = match.group(1)
    state.pos = match.end()
    return True


class _Attributes(AttrListTreeprocessor):
    """Python-Markdown's `attr_list` tree processor; its own pattern accepts any words in braces."""

    HEADER_RE = re.compile(rf"[ ]+{ATTRIBUTE_LIST}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{ATTRIBUTE_LIST}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{ATTRIBUTE_LIST}")  # type: ignore[misc]

    def run(self, root: Element) -> None:
        if "{" in text_of(root):
            super().run(root)


CONSTRUCT = Construct(tokenize=_register_rules, treeprocess=_register_treeprocessor)
