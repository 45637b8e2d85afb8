"""The one stylesheet: read, checked, and compiled for an edition.

The author writes flat `@media print` and `@media screen` parts. Paper takes the sheet as it is, for its
layout engine knows media, nesting and variables. Screens get a compiled view that old readers can take: no
nesting, no variables, no print rules, no outside files (see docs/stylesheet.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinycss2

from bifolio.errors import UsageError
from bifolio.findings import Finding, Where, found

_PRINT_PROPERTIES = frozenset(
    "page size marks bleed string-set bookmark-label bookmark-level bookmark-state footnote-display "
    "footnote-policy hyphenate-character hyphenate-limit-chars hyphenate-limit-zone "
    "box-decoration-break margin-break anchor image-resolution block-ellipsis continue max-lines "
    "image-rendering link".split()
)
_PRINT_VALUES = ("footnote", "running(", "target-counter", "target-text", "leader(", "element(")
_PRINT_SELECTORS = ("::footnote-call", "::footnote-marker", "::marker")
_AT_RULES = frozenset({"media", "page", "font-face", "import", "namespace", "charset", "counter-style"})
_OPENS = re.compile(r"\b(url|src|image-set|image)\(")
_LONGEST_VALUE = 10_000
_LENGTH_LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The author's sheet, checked."""

    path: Path
    text: str
    screen: str
    """The view for e-readers."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A style rule, flat: its selector and its declarations as written."""

    selector: str
    declarations: tuple[Any, ...]
    screen_only: bool


def default_path() -> Path:
    """Return the sheet that the package ships."""
    here = Path(__file__).parent
    packaged = here / "bifolio.css"
    return packaged if packaged.exists() else here.parent / "styles" / "bifolio.css"


def find_stylesheet(source: Path) -> Path:
    """Return the sheet for *source*: the one in `styles/` beside its folder, else our own.

    Raises UsageError where `styles/` holds more than one.
    """
    folder = source.resolve().parent.parent / "styles"
    sheets = sorted(folder.glob("*.css")) if folder.is_dir() else []
    if len(sheets) > 1:
        raise UsageError(
            f"The folder {folder} holds more than one stylesheet.",
            hint="Name one with `--style`.",
        )
    return sheets[0] if sheets else default_path()


def read_stylesheet(path: Path) -> Stylesheet:
    """Read and check the sheet at *path*, and compile its view for screens.

    Raises UsageError when it cannot be read.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"The stylesheet cannot be read: {reason}.", Where(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("The stylesheet is not UTF-8.", Where(path)) from error
    if len(data) > _LENGTH_LIMIT:
        raise UsageError("The stylesheet is larger than 2 MiB.", Where(path))
    try:
        screen, findings = _screen_view(text, path)
    except RecursionError as error:
        raise UsageError("The stylesheet is nested too deep to be read.", Where(path)) from error
    return Stylesheet(path, text, screen, tuple(findings))


def _screen_view(text: str, path: Path) -> tuple[str, list[Finding]]:
    """Compile the sheet *text* for screens."""
    findings: list[Finding] = []
    tree = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    rules = list(_flatten(tree, path, findings))
    variables = _variables(rules)
    return "\n".join(_compile(rules, variables, path, findings)), findings


def _flatten(
    nodes: Iterable[Any], path: Path, findings: list[Finding], screen_only: bool = False
) -> Iterator[_Rule]:
    """Give every style rule that a screen sees, nesting undone, in order."""
    for node in nodes:
        where = Where(path, node.source_line)
        if node.type == "error":
            findings.append(found("css-invalid", where, text=node.message))
        elif node.type == "qualified-rule":
            yield from _style_rule(node, (), path, findings, screen_only)
        elif node.type == "at-rule":
            _report_urls(node, path, findings)
            name = node.lower_at_keyword
            medium = tinycss2.serialize(node.prelude).strip().lower()
            if name not in _AT_RULES:
                findings.append(found("css-unknown", where, what=f"@{node.at_keyword}"))
            elif name == "media" and medium in ("screen", "all") and node.content:
                inner = tinycss2.parse_rule_list(node.content, True, True)
                yield from _flatten(inner, path, findings, screen_only or medium == "screen")
            elif name == "media" and medium != "print":
                findings.append(found("css-media", where, medium=medium))


def _style_rule(
    node: Any, parents: tuple[str, ...], path: Path, findings: list[Finding], screen_only: bool
) -> Iterator[_Rule]:
    selector = _selector(node.prelude, parents)
    declarations: list[Any] = []
    nested: list[Any] = []
    for item in tinycss2.parse_blocks_contents(node.content, True, True):
        if item.type == "declaration":
            _report_urls(item, path, findings)
            declarations.append(item)
        elif item.type == "qualified-rule":
            nested.append(item)
        elif item.type == "error":
            where = Where(path, item.source_line)
            findings.append(found("css-invalid", where, text=item.message))
    yield _Rule(", ".join(selector), tuple(declarations), screen_only)
    for rule in nested:
        yield from _style_rule(rule, selector, path, findings, screen_only)


def _selector(written: Iterable[Any], parents: tuple[str, ...]) -> tuple[str, ...]:
    """Return a nested selector in full (CSS Nesting, 3): `&` is the parent, else it descends."""
    parts: list[list[Any]] = [[]]
    for token in written:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    selectors = tuple(" ".join(tinycss2.serialize(part).split()) for part in parts)
    if not parents:
        return selectors
    return tuple(
        part.replace("&", above) if "&" in part else f"{above} {part}"
        for above in parents
        for part in selectors
    )


def _report_urls(node: Any, path: Path, findings: list[Finding]) -> None:
    """Report every file that *node* would have an edition open: none is."""
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


def _variables(rules: list[_Rule]) -> dict[str, list[Any]]:
    """Return the custom properties that `:root` sets, the last value of each."""
    return {
        declaration.name: declaration.value
        for rule in rules
        if rule.selector in (":root", "html")
        for declaration in rule.declarations
        if declaration.name.startswith("--")
    }


def _compile(
    rules: list[_Rule], variables: dict[str, list[Any]], path: Path, findings: list[Finding]
) -> Iterator[str]:
    for rule in rules:
        if any(selector in rule.selector for selector in _PRINT_SELECTORS):
            continue
        lines = []
        for declaration in rule.declarations:
            if declaration.name.startswith("--") or declaration.lower_name in _PRINT_PROPERTIES:
                continue
            value = _resolve(declaration.value, variables)
            if value is None:
                where = Where(path, declaration.source_line)
                findings.append(found("css-variable", where, name=declaration.name))
                continue
            value = " ".join(value.split())
            if _OPENS.search(value) or any(word in value for word in _PRINT_VALUES):
                continue
            important = " !important" if declaration.important else ""
            lines.append(f"  {declaration.lower_name}: {value}{important};")
        if lines:
            yield f"{rule.selector} {{\n" + "\n".join(lines) + "\n}"


def _resolve(tokens: Iterable[Any], variables: dict[str, list[Any]], depth: int = 0) -> str | None:
    """Serialise *tokens* with every `var()` replaced; None where one has no value."""
    parts = []
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            arguments = [a for a in token.arguments if a.type not in ("whitespace", "comment")]
            name = arguments[0].value if arguments and arguments[0].type == "ident" else ""
            value = variables.get(name, arguments[2:] or None)
            text = _resolve(value, variables, depth + 1) if value and depth < 20 else None
            if text is None:
                return None
            parts.append(text.strip())
        elif token.type == "function":
            inner = _resolve(token.arguments, variables, depth)
            if inner is None:
                return None
            parts.append(f"{token.name}({inner})")
        else:
            parts.append(token.serialize())
        if sum(map(len, parts)) > _LONGEST_VALUE:  # variables can multiply without end
            return None
    return "".join(parts)


_ACROSS = re.compile(
    r"target-(?:counter|text)|counter-(?:increment|set|reset)|counters?\(\s*pages|\b(?:running|element)\("
    r"|string\([^)]*,\s*start|position:\s*fixed|:nth\((?![^)]*\bof\b)"
    r"|break-(?:before|after):\s*(?:left|right|recto|verso)",
    re.IGNORECASE,
)


def reaches_across(text: str) -> bool:
    """Say whether the sheet *text* asks of a page or a section what only the whole publication knows.

    Such are counters that run on, the number of all pages, and pages that differ between left and right in
    more than their margin boxes.
    """
    plain = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    return bool(_ACROSS.search(plain)) or _is_sided(
        tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    )


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
