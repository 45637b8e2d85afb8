"""Wiki links and images, in the syntax of Obsidian.

`[[#Heading]]` and `[[#Heading|text]]` link to a heading, `[[Page]]` and `[[Page|text]]` to another file.
`![[image.png]]` is an image; alternative text, size or both may follow: `![[a.png|A map|300]]`.
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
"""The attribute of an image that is named without its folder, as in a wiki."""

# `a[[1]]` is code, `[[1]](url)` a Markdown link, and `[[^1]]` a footnote call in brackets.
_LINK = re.compile(r"(?<![\w\[])(!?)\[\[(?!\^|\d+\]\])([^\[\]\n|]+)((?:\|[^\[\]\n|]*)*)\]\](?![(\[:{])")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif|tiff?)$", re.IGNORECASE)
_SIZE = re.compile(r"(\d+)(?:x(\d+))?")


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Register the inline rule for wiki links, before that for links."""
    tokenizer.inline.ruler.before("link", "wiki_link", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "[!":
        return False
    match = _LINK.match(state.src, state.pos, state.posMax)
    if not match or normalizeReference(match.group(2)) in state.env.get("references", {}):
        return False
    if not silent:
        target = match.group(2).strip().rstrip("\\")
        parts = [part.strip() for part in match.group(3).split("|")[1:]]
        if match.group(1) and _IMAGE.search(target):
            _push_image(state, target, parts)
        else:
            _push_link(state, target, parts)
    state.pos = match.end()
    return True


def _push_image(state: StateInline, target: str, parts: list[str]) -> None:
    token = state.push("wiki_image", "img", 0)
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
        token.attrs = {"href": f"./{target}"}  # the colon is part of a page title, not of a URL scheme
    else:
        token.attrs = {"href": target}


def _render_link(token: Token, parent: Element) -> Element:
    """Append the link in *token* to *parent*."""
    link = SubElement(parent, "a", {"href": str(token.attrs["href"])})
    link.text = token.content
    return link


def _render_image(token: Token, parent: Element) -> Element:
    """Append the image in *token* to *parent*."""
    return SubElement(parent, "img", {**{k: str(v) for k, v in token.attrs.items()}, WIKI: "yes"})


CONSTRUCT = Construct(
    tokenize=_register_rules, render={"wiki_link": _render_link, "wiki_image": _render_image}
)
