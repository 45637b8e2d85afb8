"""Images with a size after the destination: `![text](file =300x200 "title")`; one number may be missing."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Construct

_DESTINATION = re.compile(
    r"""\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>[^\s()<>]+))\s+=(?P<width>\d*%?)x(?P<height>\d*)"""
    r"""(?:\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?\s*\)"""
)


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rule for images with a size, before the rule for other images."""
    tokenizer.inline.ruler.before("image", "sized_image", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("![", state.pos) or not _may_have_size(state.src):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    destination = _DESTINATION.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if not destination:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": unescapeAll(destination["angled"] or destination["plain"]), "alt": ""}
        title = destination["double"] or destination["single"]
        token.attrs |= {"title": unescapeAll(title)} if title else {}
        token.attrs |= {side: destination[side] for side in ("width", "height") if destination[side]}
        token.content = state.src[state.pos + 2 : end]
        children: list[Token] = []
        state.md.inline.parse(token.content, state.md, state.env, children)
        token.children = children
    state.pos = destination.end()
    return True


@lru_cache(maxsize=1)
def _may_have_size(text: str) -> bool:
    """Return whether *text* may hold a size; cached, as every image of a text asks."""
    return " =" in text


CONSTRUCT = Construct(tokenize=_register_rules)
