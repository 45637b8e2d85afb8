"""The view of the sheet for e-readers: what old ones can take, and nothing that is for paper.

What is left out is a finding where the author would miss it: not where it does its work on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import tinycss2
import tinycss2.color4

from bifolio.model.findings import Finding, Where, found
from bifolio.stylesheet.rules import Declaration, Rule

PRINT_PROPERTIES = frozenset(
    "page size marks bleed string-set bookmark-label bookmark-level bookmark-state footnote-display "
    "footnote-policy hyphenate-character hyphenate-limit-chars hyphenate-limit-zone "
    "box-decoration-break margin-break anchor image-resolution block-ellipsis continue max-lines "
    "image-rendering link".split()
)
FORBIDDEN = frozenset({"direction", "unicode-bidi"})
"""What EPUB 3.3, 6.3.1.2, forbids: the text itself says it."""
FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "attr", "counter", "counters", "rect", "lang"})
"""Those of CSS 2.1 and CSS Color 3. Over one that it does not know, Adobe's engine drops the whole sheet."""
_COLOURS = frozenset({"rgb", "rgba", "hsl", "hsla", "hwb"})
"""The functions for colours of sRGB, which can be written in the older way."""
_PRINT_VALUES = ("footnote", "running(", "target-counter", "target-text", "leader(", "element(")
_PRINT_SELECTORS = ("::footnote-call", "::footnote-marker", "::marker")
_NEW_SELECTOR = re.compile(
    r":(?:is|where|has|matches|any)\(|:not\([^)]*[,\s>+~:]|:nth-[\w-]+\([^)]*\bof\b|\|"
)
_OPENS = frozenset({"url", "src", "image-set", "image"})
_PAPER = "it is for paper alone"


def ereader_view(rules: Iterable[Rule], path: Path) -> tuple[list[Rule], list[Finding]]:
    """Return what e-readers get of *rules*, and what of it they do without."""
    findings: list[Finding] = []
    kept = []
    for rule in rules:
        if (why := _refused_rule(rule)) is not None:
            if why:
                findings.append(found("css-dropped", Where(path, rule.line), what=rule.selector, why=why))
            continue
        declarations: list[Declaration] = []
        for declaration in map(_plain, rule.declarations):
            if (why := _refused(declaration, rule.for_screen)) is None:
                declarations.append(declaration)
            elif why:
                where = Where(path, declaration.line)
                findings.append(found("css-dropped", where, what=str(declaration), why=why))
        if declarations:
            kept.append(replace(rule, declarations=tuple(declarations)))
    return kept, findings


def serialize_rules(rules: Iterable[Rule]) -> str:
    """Return *rules* as a sheet."""
    return "\n".join(
        f"{rule.selector} {{\n" + "\n".join(f"  {declaration};" for declaration in rule.declarations) + "\n}"
        for rule in rules
    )


def _refused_rule(rule: Rule) -> str | None:
    """Say why e-readers do without *rule*: empty where nobody misses it, None where they do not."""
    if any(selector in rule.selector for selector in _PRINT_SELECTORS):
        return _PAPER if rule.for_screen else ""
    if _NEW_SELECTOR.search(rule.selector):
        return "old readers do not know such selectors"
    return None


def _refused(declaration: Declaration, for_screen: bool) -> str | None:
    """Say why e-readers do without *declaration*: empty where nobody misses it, None where they do not."""
    name, value = declaration.name, declaration.value
    if name in FORBIDDEN:
        return "EPUB forbids it; write `dir` in the text"
    if name in PRINT_PROPERTIES or any(word in value for word in _PRINT_VALUES):
        return _PAPER if for_screen else ""
    functions = set(_functions(value))
    if functions & _OPENS:
        return ""  # it has been told that no file is opened
    if functions - FUNCTIONS:
        return "some readers drop a whole sheet over it"
    return None


def _functions(value: str) -> list[str]:
    """Return the names of all functions in *value*."""
    if "(" not in value:
        return []
    names = []
    tokens = list(tinycss2.parse_component_value_list(value))
    while tokens:
        token = tokens.pop()
        if token.type == "url":
            names.append("url")
        if token.type == "function":
            names.append(token.lower_name)
            tokens += token.arguments
        elif hasattr(token, "content"):
            tokens += token.content
    return names


def _plain(declaration: Declaration) -> Declaration:
    """Return *declaration* with its colours as CSS Color 3 writes them."""
    if "#" not in declaration.value and not _COLOURS & set(_functions(declaration.value)):
        return declaration
    parts = []
    for token in tinycss2.parse_component_value_list(declaration.value):
        is_new = token.type == "function" and token.lower_name in _COLOURS
        is_new = is_new or (token.type == "hash" and len(token.value) in (4, 8))
        colour = tinycss2.color4.parse_color(token) if is_new else None
        parts.append(token.serialize() if colour is None else _written(colour))
    return replace(declaration, value="".join(parts))


def _written(colour: Any) -> str:
    *channels, alpha = colour.to("srgb")
    red, green, blue = (round(255 * min(max(channel or 0, 0), 1)) for channel in channels)
    return f"#{red:02x}{green:02x}{blue:02x}" if alpha >= 1 else f"rgba({red}, {green}, {blue}, {alpha:g})"
