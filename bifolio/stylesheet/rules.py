"""Reads the rules of a stylesheet that apply to screens, with nesting flattened and variables resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2

from bifolio.model.findings import Finding, Where, found

_AT_RULES = frozenset({"media", "page", "font-face", "import", "namespace", "charset", "counter-style"})
_LONGEST_VALUE = 10_000
"""In characters."""
_MAX_DEPTH = 20
"""The greatest depth of references from variables to variables."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A CSS declaration."""

    name: str
    """In lower case."""
    value: str
    important: bool
    line: int

    def __str__(self) -> str:
        return f"{self.name}: {self.value}{' !important' if self.important else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A style rule without nesting."""

    selector: str
    declarations: tuple[Declaration, ...]
    line: int
    for_screen: bool
    """Whether it is in `@media screen`, and so for e-readers only."""


@dataclass(frozen=True, slots=True)
class _UnresolvedRule:
    """A style rule whose declarations are tinycss2 nodes that may use variables."""

    selector: str
    declarations: tuple[Any, ...]
    line: int
    for_screen: bool


@lru_cache(maxsize=2)
def parse(text: str) -> tuple[Any, ...]:
    """Return the rules of the CSS *text* as tinycss2 nodes; callers share them and must not change them."""
    return tuple(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def read_rules(text: str, path: Path) -> tuple[list[Rule], list[Finding]]:
    """Return the rules of the CSS *text* that apply to screens, in order, and findings for invalid CSS."""
    findings: list[Finding] = []
    unresolved = list(_flatten(parse(text), path, findings))
    variables = _variables(unresolved)
    rules = [
        Rule(rule.selector, tuple(_resolve(rule, variables, path, findings)), rule.line, rule.for_screen)
        for rule in unresolved
    ]
    return rules, findings


def _flatten(
    nodes: Iterable[Any], path: Path, findings: list[Finding], for_screen: bool = False
) -> Iterator[_UnresolvedRule]:
    """Yield every style rule that applies to screens, without nesting, in order."""
    for node in nodes:
        where = Where(path, node.source_line)
        if node.type == "error":
            findings.append(found("css-invalid", where, text=node.message))
        elif node.type == "qualified-rule":
            yield from _style_rule(node, (), path, findings, for_screen)
        elif node.type == "at-rule":
            _report_urls(node, path, findings)
            name = node.lower_at_keyword
            medium = tinycss2.serialize(node.prelude).strip().lower()
            if name not in _AT_RULES:
                findings.append(found("css-unknown", where, what=f"@{node.at_keyword}"))
            elif name == "media" and medium in ("screen", "all") and node.content:
                inner = tinycss2.parse_rule_list(node.content, True, True)
                yield from _flatten(inner, path, findings, for_screen or medium == "screen")
            elif name == "media" and medium != "print":
                findings.append(found("css-media", where, medium=medium))
            elif for_screen and name != "media":
                why = "it is for print only"
                findings.append(found("css-dropped", where, what=f"@{node.at_keyword}", why=why))


def _style_rule(
    node: Any, parents: tuple[str, ...], path: Path, findings: list[Finding], for_screen: bool
) -> Iterator[_UnresolvedRule]:
    selector = _selector(node.prelude, parents)
    declarations: list[Any] = []
    nested: list[Any] = []
    for item in tinycss2.parse_blocks_contents(node.content, True, True):
        where = Where(path, item.source_line)
        if item.type == "declaration":
            _report_urls(item, path, findings)
            declarations.append(item)
        elif item.type == "qualified-rule":
            nested.append(item)
        elif item.type == "error":
            findings.append(found("css-invalid", where, text=item.message))
        elif item.type == "at-rule" and tinycss2.serialize(item.prelude).strip().lower() != "print":
            what = f"@{item.at_keyword}"
            findings.append(found("css-dropped", where, what=what, why="it is nested in a rule"))
    yield _UnresolvedRule(", ".join(selector), tuple(declarations), node.source_line, for_screen)
    for rule in nested:
        yield from _style_rule(rule, selector, path, findings, for_screen)


def _selector(prelude: Iterable[Any], parents: tuple[str, ...]) -> tuple[str, ...]:
    """Return the full selectors of a nested rule (CSS Nesting 1, 3); without `&` they are descendants."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    selectors = tuple(" ".join(tinycss2.serialize(part).split()) for part in parts)
    if not parents:
        return selectors
    return tuple(
        part.replace("&", parent) if "&" in part else f"{parent} {part}"
        for parent in parents
        for part in selectors
    )


def _report_urls(node: Any, path: Path, findings: list[Finding]) -> None:
    """Report every URL in *node*; no edition loads any."""
    parts = list(getattr(node, "prelude", None) or []) if node.type == "at-rule" else []
    parts += (node.content or []) if node.type == "at-rule" else node.value
    imports = node.type == "at-rule" and node.lower_at_keyword == "import"
    while parts:
        token = parts.pop()
        url = None
        if token.type == "url" or (imports and token.type == "string"):
            url = token.value
        elif token.type == "function" and token.lower_name in ("url", "src", "image-set"):
            url = "".join(a.value for a in token.arguments if a.type == "string") or None
        if url is not None:
            findings.append(found("css-url", Where(path, token.source_line), url=url))
        for name in ("content", "arguments"):
            parts += getattr(token, name, None) or []


def _variables(rules: Iterable[_UnresolvedRule]) -> dict[str, list[Any]]:
    """Return the last value of each custom property of `:root`."""
    return {
        declaration.name: declaration.value
        for rule in rules
        if rule.selector in (":root", "html")
        for declaration in rule.declarations
        if declaration.name.startswith("--")
    }


def _resolve(
    rule: _UnresolvedRule, variables: dict[str, list[Any]], path: Path, findings: list[Finding]
) -> Iterator[Declaration]:
    """Yield the declarations of *rule*, except custom properties, with their values resolved."""
    for declaration in rule.declarations:
        if declaration.name.startswith("--"):
            continue
        line = declaration.source_line
        value = _resolve_value(declaration.value, variables)
        if value is None:
            findings.append(found("css-variable", Where(path, line), name=declaration.name))
            continue
        value = " ".join(value.split())
        yield Declaration(declaration.lower_name, value, declaration.important, line)


def _resolve_value(tokens: Iterable[Any], variables: dict[str, list[Any]], depth: int = 0) -> str | None:
    """Serialise *tokens* with every `var()` replaced; return None if one has no value."""
    parts = []
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            arguments = [a for a in token.arguments if a.type not in ("whitespace", "comment")]
            name = arguments[0].value if arguments and arguments[0].type == "ident" else ""
            value = variables.get(name, arguments[2:] or None)
            text = _resolve_value(value, variables, depth + 1) if value and depth < _MAX_DEPTH else None
            if text is None:
                return None
            parts.append(text.strip())
        elif token.type == "function":
            inner = _resolve_value(token.arguments, variables, depth)
            if inner is None:
                return None
            parts.append(f"{token.name}({inner})")
        else:
            parts.append(token.serialize())
        if sum(map(len, parts)) > _LONGEST_VALUE:  # nested variables can grow exponentially
            return None
    return "".join(parts)
