"""Counting what a source holds, by rendering it with another parser."""

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

from bifolio.checks.counts.html_counts import LINKS, Counts, count_tree, heading_kind
from bifolio.checks.source.html import SILENT_ELEMENTS
from bifolio.checks.source.words import is_single_image, markdown_parser, read_tokens

_FTP = re.compile(r"(?<![^\s*_~(])ftp://[^\s<]*\w")


def count_source(path: Path) -> Counts:
    """Count what the Markdown or plain-text file at *path* holds, headings at the levels of an edition.

    Raises ValueError where it cannot be read.
    """
    if path.suffix.lower() in (".txt", ".text"):
        return Counter({heading_kind(1): 1})
    from tinyhtml5 import parse

    reader = _reader()
    environment: dict[str, Any] = {}
    heading_lines, _, _, tokens = read_tokens(path, reader, environment)
    html = reader.renderer.render(tokens, reader.options, environment)
    body = parse(StringIO(f"<!doctype html><body>{html}"), namespace_html_elements=False).find("body")
    _set_levels(body, (heading_lines or [""])[0])
    counts = count_tree(body, _is_note, lambda element: element.tag in SILENT_ELEMENTS)
    counts[heading_kind(1)] += 1
    counts[LINKS] += _count_ftp(tokens)
    return counts


def _reader() -> MarkdownIt:
    reader = markdown_parser()
    gfm_autolink_plugin(reader)
    reader.add_render_rule("image", _render_image)
    return reader


def _is_note(element: Element) -> bool:
    return element.get("class") == "footnote-item"


def _render_image(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    explicit = token.attrs.get("alt")
    words = token.attrs.get("alt", renderer.renderInlineAsText(token.children, options, env))
    token.attrs["alt"] = words
    picture = str(renderer.renderToken(tokens, place, options, env))
    if explicit is not None and is_single_image(tokens):
        return f"{picture}<span>{renderer.renderInline(token.children, options, env)}</span>"
    return picture


def _set_levels(body: Element, title: str) -> None:
    """Take the title out of *body*, and move the headings to the levels that they have below it."""
    headings = [element for element in body.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    levels = [int(element.tag[1]) for element in headings]
    first = headings[0] if headings else None
    begin = next((element for element in body if not _is_unseen(element)), None)
    leads = first is not None and first is begin and not (body.text or "").strip()
    leads = leads and (levels[0] == 1 or min(levels[1:], default=7) > levels[0])
    words = " ".join("".join(first.itertext()).split()) if first is not None else ""
    down = int(1 in levels)
    if first is not None and leads and title in ("", words):
        down = 1 - levels[0] + (1 in levels[1:])
        first.tag = "p"
    outer = [1]  # the levels of the headings that the next one may stand below, as they are written
    for element in headings:
        if element.tag == "p":
            continue
        level = max(min(int(element.tag[1]) + down, 6), 2)
        outer = [other for other in outer if other < level] + [level]
        element.tag = f"h{len(outer)}"


def _is_unseen(element: Element) -> bool:
    """Say whether *element* is a comment, or a place to link to: a title may follow it."""
    if not isinstance(element.tag, str):
        return True
    return not "".join(element.itertext()).strip() and any(e.get("id") for e in element.iter("a"))


def _count_ftp(tokens: Sequence[Token]) -> int:
    """Count the bare addresses with a scheme that the other parser does not know."""
    count, linked = 0, 0
    for token in tokens:
        for child in token.children or []:
            linked += (child.type == "link_open") - (child.type == "link_close")
            if child.type == "text" and not linked:
                count += len(_FTP.findall(child.content))
    return count
