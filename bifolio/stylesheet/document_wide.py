"""Detects print rules that depend on more than one section of the publication."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

from bifolio.stylesheet.rules import parse

_DOCUMENT_WIDE = re.compile(
    r"target-(?:counter|text)|counter-(?:increment|set|reset)|counters?\(\s*pages|\b(?:running|element)\("
    r"|string\([^)]*,\s*start|position:\s*fixed|:nth\((?![^)]*\bof\b)"
    r"|break-(?:before|after):\s*(?:left|right|recto|verso)",
    re.IGNORECASE,
)


def needs_whole_document(text: str) -> bool:
    """Return whether the CSS *text* needs all sections to be laid out together.

    It does if it uses counters that continue, the total number of pages, or left and right pages that differ
    in more than their margin boxes.
    """
    without_comments = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    return bool(_DOCUMENT_WIDE.search(without_comments)) or has_facing_pages(text)


def has_facing_pages(text: str) -> bool:
    """Return whether the CSS *text* has declarations for left or right pages, apart from margin boxes."""
    return _has_page_sides(parse(text))


def _has_page_sides(rules: Iterable[Any]) -> bool:
    """Return whether *rules* have declarations for left or right pages."""
    for rule in rules:
        if rule.type != "at-rule" or rule.content is None:
            continue
        if rule.lower_at_keyword == "media":
            inner = tinycss2.parse_rule_list(rule.content, True, True)
            if _has_page_sides(inner):
                return True
        has_side = re.search(r":(?:left|right)", tinycss2.serialize(rule.prelude), re.IGNORECASE)
        if rule.lower_at_keyword == "page" and has_side:
            inner = tinycss2.parse_blocks_contents(rule.content, True, True)
            if any(item.type == "declaration" for item in inner):
                return True
    return False
