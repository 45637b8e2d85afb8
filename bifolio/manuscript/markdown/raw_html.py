"""The author's own HTML: parsed once, by an HTML5 parser, around what Markdown made.

A tag may open in one block and close in another, so the raw pieces of an element are read together: its
Markdown-made children are put aside, each behind a mark, and set back where the parser leaves the mark.
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

_MARK = "md-node"


def parse_raw(root: Element, stash: list[str], finish: Callable[[str], str]) -> None:
    """Replace every raw piece in *root* by the elements it stands for.

    *stash* holds the inline pieces that Python-Markdown put aside, by number. *finish* is called with the
    HTML of every element in which something was put aside, before that is parsed.
    """
    if STX not in text_of(root) and root.find(f".//{RAW}") is None:
        return
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _is_raw(element):
            _parse_children(element, stash, finish)


def _is_raw(element: Element) -> bool:
    if STX in (element.text or ""):
        return True
    return any(c.tag == RAW or STX in (c.tail or "") for c in element)


def _parse_children(element: Element, stash: list[str], finish: Callable[[str], str]) -> None:
    from tinyhtml5 import parse

    children = list(element)
    pieces = [_restore(element.text, stash)]
    for number, child in enumerate(children):
        pieces.append(f"<{_MARK} n={number}></{_MARK}>")
        pieces.append((child.text or "") if child.tag == RAW else "")
        pieces.append(_restore(child.tail, stash))
        child.tail = None
    html = "<!doctype html><body>" + finish("".join(pieces))
    # A stream, as a short string could be taken for the name of a file.
    body = parse(StringIO(html), namespace_html_elements=False).find("body")
    for child in children:
        element.remove(child)
    _set_lines(body, element.get(LINE, "0"), children)
    lost = {number for number, child in enumerate(children) if child.tag != RAW}
    _set_back(body, children, lost)
    element.text = body.text
    element.extend(list(body))
    # A mark can end as text, as in an open <script>; its block is not to go with it.
    element.extend(children[number] for number in sorted(lost))


def _set_lines(body: Element, line: str, children: list[Element]) -> None:
    """Give what the author wrote the line of the piece it was written in."""
    for new in body.iter():
        if new.tag == _MARK and new.get("n", "").isdigit():
            line = children[int(new.get("n", "0"))].get(LINE, line)
        elif isinstance(new.tag, str) and new is not body:
            new.set(LINE, line)


def _set_back(body: Element, children: list[Element], lost: set[int]) -> None:
    """Put each of *children* where its mark is, and take the marks of raw pieces out."""
    for parent in list(body.iter()):
        for new in list(parent):
            number = int(new.get("n", "-1")) if new.tag == _MARK else None
            if number is None:
                continue
            if number in lost:
                lost.remove(number)
                replace_element(parent, new, [*new, children[number]])
            else:
                replace_element(parent, new, list(new), new.text or "")


def _restore(text: str | None, stash: list[str]) -> str:
    """Escape *text* and put the raw pieces back for their placeholders."""

    def piece(match: re.Match[str]) -> str:
        return stash[int(match.group(1))]

    return HTML_PLACEHOLDER_RE.sub(piece, escape(text or "", quote=False))
