"""Links and pictures as Obsidian and other wikis write them.

`[[#Heading]]` and `[[#Heading|text]]` lead to a heading. `[[Page]]` and `[[Page|text]]` lead to another file.
`![[picture.png]]` is a picture; behind bars stand what it shows, its size, or both: `![[a.png|A map|300]]`.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Construct

WIKI = "{bifolio}wiki"
"""The attribute of a picture that is named as a wiki does, without its folder."""

# `a[[1]]` is a program, `[[1]](address)` a link of Markdown, and `[[^1]]` a note.
_LINK = re.compile(r"(?<![\w\[])(!?)\[\[(?!\^|\d+\]\])([^\[\]\n|]+)((?:\|[^\[\]\n|]*)*)\]\](?![(\[:{])")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif|tiff?)$", re.IGNORECASE)
_SIZE = re.compile(r"(\d+)(?:x(\d+))?")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find the links of wikis, before it looks for others."""
    tokenizer.inline.ruler.before("link", "wiki_link", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!":
        return False
    found = _LINK.match(state.src, state.pos, state.posMax)
    if not found or normalizeReference(found.group(2)) in state.env.get("references", {}):
        return False
    if not silent:
        target = found.group(2).strip().rstrip("\\")
        parts = [part.strip() for part in found.group(3).split("|")[1:]]
        if found.group(1) and _PICTURE.search(target):
            _push_picture(state, target, parts)
        else:
            _push_link(state, target, parts)
    state.pos = found.end()
    return True


def _push_picture(state: StateInline, target: str, parts: list[str]) -> None:
    token = state.push("wiki_picture", "img", 0)
    token.attrs = {"src": target}
    size = _SIZE.fullmatch(parts[-1]) if parts else None
    if size:
        parts.pop()
        token.attrs["width"] = size.group(1)
        if size.group(2):
            token.attrs["height"] = size.group(2)
    words = " ".join(part for part in parts if part)
    if words:
        token.attrs["alt"] = words


def _push_link(state: StateInline, target: str, parts: list[str]) -> None:
    token = state.push("wiki_link", "a", 0)
    anchor = target.rpartition("#")[2]
    token.content = next((part for part in parts if part), target.lstrip("#"))
    if target.startswith("#"):
        token.attrs = {"href": f"#{anchor}"}
    elif ":" in target and not target.startswith(("http://", "https://")):
        token.attrs = {"href": f"./{target}"}  # a colon in a title begins no scheme
    else:
        token.attrs = {"href": target}


def _render_link(token: Token, parent: Element) -> Element:
    """Add the link that *token* stands for to *parent*."""
    link = SubElement(parent, "a", {"href": str(token.attrs["href"])})
    link.text = token.content
    return link


def _render_image(token: Token, parent: Element) -> Element:
    """Add the picture that *token* stands for to *parent*."""
    return SubElement(parent, "img", {**{k: str(v) for k, v in token.attrs.items()}, WIKI: "yes"})


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"wiki_link": _render_link, "wiki_picture": _render_image}
)
