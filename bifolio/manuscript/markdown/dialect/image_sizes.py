"""Pictures with a size behind their address: `![text](file =300x200 "title")`; one number may be missing."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Construct

_ADDRESS = re.compile(
    r"""\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>[^\s()<>]+))\s+=(?P<width>\d*%?)x(?P<height>\d*)"""
    r"""(?:\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'))?\s*\)"""
)


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find sized pictures, before it looks for pictures."""
    tokenizer.inline.ruler.before("image", "sized_picture", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("![", state.pos) or not _holds_size(state.src):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    address = _ADDRESS.match(state.src, end + 1, state.posMax) if end >= 0 else None
    if not address:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": unescapeAll(address["angled"] or address["plain"]), "alt": ""}
        title = address["double"] or address["single"]
        token.attrs |= {"title": unescapeAll(title)} if title else {}
        token.attrs |= {side: address[side] for side in ("width", "height") if address[side]}
        token.content = state.src[state.pos + 2 : end]
        children: list[Token] = []
        state.md.inline.parse(token.content, state.md, state.env, children)
        token.children = children
    state.pos = address.end()
    return True


@lru_cache(maxsize=1)
def _holds_size(text: str) -> bool:
    """Say whether there may be a size in *text*, which is searched once for all its pictures."""
    return " =" in text


CONSTRUCT = Construct(tokenize=_register_rules)
