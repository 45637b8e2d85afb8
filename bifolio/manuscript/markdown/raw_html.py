"""Parses raw HTML with an HTML5 parser, around the elements that came from Markdown.

A tag may open in one block and close in another, so all raw HTML of an element is parsed at once: a
placeholder tag takes the place of each child that came from Markdown, and is replaced by the child
afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from io import StringIO
from xml.etree.ElementTree import Element

from markdown.util import HTML_PLACEHOLDER_RE, STX

from bifolio.manuscript.html.tree import replace_element
from bifolio.manuscript.markdown.dialect.blocks import RAW
from bifolio.model.publication import LINE, text_of

_PLACEHOLDER = "md-node"


def parse_raw(root: Element, stash: list[str], postprocess: Callable[[str], str]) -> None:
    """Replace all raw HTML in *root* by elements.

    *stash* holds the inline raw HTML, by the number in its Python-Markdown placeholder. *postprocess* is
    applied to the HTML of every element that has raw HTML, before it is parsed.
    """
    if STX not in text_of(root) and root.find(f".//{RAW}") is None:
        return
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _has_raw_html(element):
            _parse_element(element, stash, postprocess)


def _has_raw_html(element: Element) -> bool:
    if STX in (element.text or ""):
        return True
    return any(c.tag == RAW or STX in (c.tail or "") for c in element)


def _parse_element(element: Element, stash: list[str], postprocess: Callable[[str], str]) -> None:
    from tinyhtml5 import parse

    children = list(element)
    pieces = [_restore_html(element.text, stash)]
    for index, child in enumerate(children):
        pieces.append(f"<{_PLACEHOLDER} n={index}></{_PLACEHOLDER}>")
        pieces.append((child.text or "") if child.tag == RAW else "")
        pieces.append(_restore_html(child.tail, stash))
        child.tail = None
    html = "<!doctype html><body>" + postprocess("".join(pieces))
    # A stream, as tinyhtml5 would take a short string for a file name.
    body = parse(StringIO(html), namespace_html_elements=False).find("body")
    for child in children:
        element.remove(child)
    _set_lines(body, element.get(LINE, "0"), children)
    missing = {index for index, child in enumerate(children) if child.tag != RAW}
    _restore_children(body, children, missing)
    element.text = body.text
    element.extend(list(body))
    # A placeholder may become text, as in an open <script>; its element must not be lost.
    element.extend(children[index] for index in sorted(missing))


def _set_lines(body: Element, line: str, children: list[Element]) -> None:
    """Set the source line of every element that came from raw HTML."""
    for new in body.iter():
        if new.tag == _PLACEHOLDER and new.get("n", "").isdigit():
            line = children[int(new.get("n", "0"))].get(LINE, line)
        elif isinstance(new.tag, str) and new is not body:
            new.set(LINE, line)


def _restore_children(body: Element, children: list[Element], missing: set[int]) -> None:
    """Replace each placeholder by its child, and remove those of raw HTML."""
    for parent in list(body.iter()):
        for new in list(parent):
            index = int(new.get("n", "-1")) if new.tag == _PLACEHOLDER else None
            if index is None:
                continue
            if index in missing:
                missing.remove(index)
                replace_element(parent, new, [*new, children[index]])
            else:
                replace_element(parent, new, list(new), new.text or "")


def _restore_html(text: str | None, stash: list[str]) -> str:
    """Return *text* escaped, with raw HTML for its Python-Markdown placeholders."""

    def piece(match: re.Match[str]) -> str:
        return stash[int(match.group(1))]

    return HTML_PLACEHOLDER_RE.sub(piece, escape(text or "", quote=False))
