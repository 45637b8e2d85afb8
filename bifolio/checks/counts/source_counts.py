"""Counts the elements of a source in the HTML that markdown-it renders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from bifolio.checks.counts.html_counts import count_tree
from bifolio.checks.counts.kinds import EXTERNAL_LINKS, Counts, heading_kind
from bifolio.checks.source_parser.html import SILENT_ELEMENTS
from bifolio.checks.source_parser.parser import is_single_image, markdown_parser, parse_source

_FTP_URL = re.compile(r"(?<![^\s*_~(])ftp://[^\s<]*\w")


def count_source(path: Path) -> Counts:
    """Count the elements of the Markdown or plain-text file at *path*, with the heading levels of an edition.

    Raises ValueError if it cannot be read.
    """
    if path.suffix.lower() in (".txt", ".text"):
        return Counter({heading_kind(1): 1})
    from tinyhtml5 import parse

    parser = _parser()
    environment: dict[str, Any] = {}
    parsed = parse_source(path, parser, environment)
    html = parser.renderer.render(parsed.tokens, parser.options, environment)
    body = parse(StringIO(f"<!doctype html><body>{html}"), namespace_html_elements=False).find("body")
    _adjust_levels(body, (parsed.front_matter.heading or ("",))[0])
    counts = count_tree(body, _is_note, lambda element: element.tag in SILENT_ELEMENTS)
    counts[heading_kind(1)] += 1
    counts[EXTERNAL_LINKS] += _count_ftp_urls(parsed.tokens)
    return counts


def _parser() -> MarkdownIt:
    parser = markdown_parser()
    gfm_autolink_plugin(parser)
    parser.add_render_rule("image", _render_image)
    return parser


def _is_note(element: Element) -> bool:
    return element.get("class") == "footnote-item"


def _render_image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Render the image at *index*; its description is the caption if it has an `alt` attribute of its own."""
    token = tokens[index]
    alt = token.attrs.get("alt")
    token.attrs["alt"] = token.attrs.get("alt", renderer.renderInlineAsText(token.children, options, env))
    html = str(renderer.renderToken(tokens, index, options, env))
    if alt is not None and is_single_image(tokens):
        return f"{html}<span>{renderer.renderInline(token.children, options, env)}</span>"
    return html


def _adjust_levels(body: Element, title: str) -> None:
    """Demote the title heading of *body* to a paragraph, and shift the other headings to the levels below it.

    *title* is that of the front matter; empty if there is none.
    """
    headings = [element for element in body.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    levels = [int(element.tag[1]) for element in headings]
    first = headings[0] if headings else None
    start = next((element for element in body if not _is_invisible(element)), None)
    is_title = first is not None and first is start and not (body.text or "").strip()
    is_title = is_title and (levels[0] == 1 or min(levels[1:], default=7) > levels[0])
    words = " ".join("".join(first.itertext()).split()) if first is not None else ""
    shift = int(1 in levels)
    if first is not None and is_title and title in ("", words):
        shift = 1 - levels[0] + (1 in levels[1:])
        first.tag = "p"
    ancestors = [1]  # the shifted levels of the headings around the current one
    for element in headings:
        if element.tag == "p":
            continue
        level = max(min(int(element.tag[1]) + shift, 6), 2)
        ancestors = [other for other in ancestors if other < level] + [level]
        element.tag = f"h{len(ancestors)}"


def _is_invisible(element: Element) -> bool:
    """Say whether *element* is a comment or a link target without text: a title may follow it."""
    if not isinstance(element.tag, str):
        return True
    return not "".join(element.itertext()).strip() and any(link.get("id") for link in element.iter("a"))


def _count_ftp_urls(tokens: Sequence[Token]) -> int:
    """Count bare FTP URLs outside of links, which the autolink plugin does not recognise."""
    count, link_depth = 0, 0
    for token in tokens:
        for child in token.children or []:
            link_depth += (child.type == "link_open") - (child.type == "link_close")
            if child.type == "text" and not link_depth:
                count += len(_FTP_URL.findall(child.content))
    return count
