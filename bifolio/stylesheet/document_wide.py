"""What a sheet asks of paper that only the whole publication knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

from bifolio.stylesheet.rules import parse

_ACROSS = re.compile(
    r"target-(?:counter|text)|counter-(?:increment|set|reset)|counters?\(\s*pages|\b(?:running|element)\("
    r"|string\([^)]*,\s*start|position:\s*fixed|:nth\((?![^)]*\bof\b)"
    r"|break-(?:before|after):\s*(?:left|right|recto|verso)",
    re.IGNORECASE,
)


def needs_whole_document(text: str) -> bool:
    """Say whether the sheet *text* asks of a page or a section what only the whole publication knows.

    Such are counters that run on, the number of all pages, and pages that differ between left and right in
    more than their margin boxes.
    """
    plain = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    return bool(_ACROSS.search(plain)) or has_facing_pages(text)


def has_facing_pages(text: str) -> bool:
    """Say whether the sheet *text* sets left and right pages differently, but for their margin boxes."""
    return _is_sided(parse(text))


def _is_sided(rules: Iterable[Any]) -> bool:
    """Say whether a rule in *rules* sets left and right pages differently."""
    for rule in rules:
        if rule.type != "at-rule" or rule.content is None:
            continue
        if rule.lower_at_keyword == "media" and _is_sided(tinycss2.parse_rule_list(rule.content, True, True)):
            return True
        sides = re.search(r":(?:left|right)", tinycss2.serialize(rule.prelude), re.IGNORECASE)
        if rule.lower_at_keyword == "page" and sides:
            inner = tinycss2.parse_blocks_contents(rule.content, True, True)
            if any(item.type == "declaration" for item in inner):
                return True
    return False
