"""Filters CSS rules for e-readers: removes what old readers cannot parse and what is for print only.

A removed rule or declaration is a finding unless it only concerns print.
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
"""Properties that EPUB 3.3, 6.3.1.2, forbids: the direction belongs in the markup."""
FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "attr", "counter", "counters", "rect", "lang"})
"""The functions of CSS 2.1 and CSS Color 3. Adobe's engine drops a whole stylesheet over any other."""
_SRGB_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "hwb"})
"""The functions for sRGB colours, which can be converted to CSS Color 3."""
_PRINT_VALUES = ("footnote", "running(", "target-counter", "target-text", "leader(", "element(")
_PRINT_SELECTORS = ("::footnote-call", "::footnote-marker", "::marker")
_NEW_SELECTOR = re.compile(
    r":(?:is|where|has|matches|any)\(|:not\([^)]*[,\s>+~:]|:nth-[\w-]+\([^)]*\bof\b|\|"
)
_URL_FUNCTIONS = frozenset({"url", "src", "image-set", "image"})
_FOR_PRINT = "it is for print only"


def ereader_view(rules: Iterable[Rule], path: Path) -> tuple[list[Rule], list[Finding]]:
    """Return the part of *rules* that e-readers get, and findings for what was removed."""
    findings: list[Finding] = []
    accepted = []
    for rule in rules:
        if (why := _rejection_of_rule(rule)) is not None:
            if why:
                findings.append(found("css-dropped", Where(path, rule.line), what=rule.selector, why=why))
            continue
        declarations: list[Declaration] = []
        for declaration in map(_with_old_colours, rule.declarations):
            if (why := _rejection_of_declaration(declaration, rule.for_screen)) is None:
                declarations.append(declaration)
            elif why:
                where = Where(path, declaration.line)
                findings.append(found("css-dropped", where, what=str(declaration), why=why))
        if declarations:
            accepted.append(replace(rule, declarations=tuple(declarations)))
    return accepted, findings


def serialize_rules(rules: Iterable[Rule]) -> str:
    """Return *rules* as CSS text."""
    return "\n".join(
        f"{rule.selector} {{\n" + "\n".join(f"  {declaration};" for declaration in rule.declarations) + "\n}"
        for rule in rules
    )


def _rejection_of_rule(rule: Rule) -> str | None:
    """Return why *rule* is removed: empty if no finding is needed, None if it is not removed."""
    if any(selector in rule.selector for selector in _PRINT_SELECTORS):
        return _FOR_PRINT if rule.for_screen else ""
    if _NEW_SELECTOR.search(rule.selector):
        return "old readers do not support such selectors"
    return None


def _rejection_of_declaration(declaration: Declaration, for_screen: bool) -> str | None:
    """Return why *declaration* is removed: empty if no finding is needed, None if it is not removed."""
    name, value = declaration.name, declaration.value
    if name in FORBIDDEN:
        return "EPUB forbids it; use `dir` in the text"
    if name in PRINT_PROPERTIES or any(word in value for word in _PRINT_VALUES):
        return _FOR_PRINT if for_screen else ""
    functions = set(_functions(value))
    if functions & _URL_FUNCTIONS:
        return ""  # `css-url` has already been reported
    if functions - FUNCTIONS:
        return "some readers drop a whole stylesheet because of it"
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


def _with_old_colours(declaration: Declaration) -> Declaration:
    """Return *declaration* with its colours in the syntax of CSS Color 3."""
    if "#" not in declaration.value and not _SRGB_FUNCTIONS & set(_functions(declaration.value)):
        return declaration
    parts = []
    for token in tinycss2.parse_component_value_list(declaration.value):
        is_new = token.type == "function" and token.lower_name in _SRGB_FUNCTIONS
        is_new = is_new or (token.type == "hash" and len(token.value) in (4, 8))
        colour = tinycss2.color4.parse_color(token) if is_new else None
        parts.append(token.serialize() if colour is None else _serialize_colour(colour))
    return replace(declaration, value="".join(parts))


def _serialize_colour(colour: Any) -> str:
    *channels, alpha = colour.to("srgb")
    red, green, blue = (round(255 * min(max(channel or 0, 0), 1)) for channel in channels)
    return f"#{red:02x}{green:02x}{blue:02x}" if alpha >= 1 else f"rgba({red}, {green}, {blue}, {alpha:g})"
