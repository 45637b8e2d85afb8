"""Finds CSS that is valid on the web but fails on e-readers.

docs/stylesheet.md lists the readers concerned and the vendors' documentation for each check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import MM_PER_INCH, PX_PER_INCH
from bifolio.stylesheet.rules import Declaration, Rule

_LENGTH = re.compile(
    r"(?<![\w#.-])([+-]?(?:\d*\.)?\d+)(px|pt|pc|in|cm|mm|q|em|rem|ex|ch|vw|vh|vmin|vmax|%)", re.I
)
_PX_PER_UNIT = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": PX_PER_INCH,
    "cm": 96 / 2.54,
    "mm": PX_PER_INCH / MM_PER_INCH,
    "q": 96 / 101.6,
}
"""Absolute units of length, in CSS px."""
_EM_PER_UNIT = {"em": 1.0, "rem": 1.0, "ex": 0.5, "ch": 0.5} | {
    unit: px / 16 for unit, px in _PX_PER_UNIT.items()
}
_VIEWPORT = frozenset({"vw", "vh", "vmin", "vmax"})
_NARROWEST_SCREEN = 300
"""The width in CSS px that every screen has; a phone has little more between its margins."""
_MAX_OUTDENT = 1.5
"""The greatest negative side margin, in em: it reaches into the indent of lists and code."""
_RUNNING_TEXT = re.compile(r"(?:html|body|:root|\*|p)(?:\.text|\.article)?")
"""A selector of the whole running text."""
_WITHOUT_TEXT = re.compile(
    r"(?:img|svg|hr|video|audio|math|col|colgroup|br)(?:[.\[:#][^ ]*)?|[^ ]*::?(?:before|after)"
)
_MARGIN = re.compile(r"margin(?:-(top|right|bottom|left))?")
_USER_SETTINGS = frozenset(
    {"color", "background", "background-color", "font-size", "font-family", "line-height"}
)
"""Properties that the user of an e-reader sets."""
_DEFAULT_SIZES = frozenset({"1em", "100%", "1rem", "medium", "inherit", "initial", "unset", "normal"})


def lint(rules: Iterable[Rule], path: Path) -> list[Finding]:
    """Return findings for what e-readers misread in *rules*, the e-reader CSS of the file at *path*."""
    return [
        found("css-misread", Where(path, declaration.line), what=str(declaration), why=why)
        for rule in rules
        for declaration in rule.declarations
        for check in _CHECKS
        if (why := check(rule, declaration))
    ]


def _position(rule: Rule, declaration: Declaration) -> str:
    if declaration.name == "position" and declaration.value.lower() in ("fixed", "sticky", "absolute"):
        return "an e-book is divided into screens, and this lands on the wrong one or over the text"
    return ""


def _float(rule: Rule, declaration: Declaration) -> str:
    if declaration.name != "float" or declaration.value.lower() not in ("left", "right"):
        return ""
    widths = [d.value for d in rule.declarations if d.name in ("width", "min-width")]
    if any(unit not in ("%", "") for width in widths for _, unit in _lengths(width)):
        return "its width is not in percent, so large text beside it has no room"
    return ""


def _type_size(rule: Rule, declaration: Declaration) -> str:
    if declaration.name not in ("font-size", "font"):
        return ""
    if any(unit in _PX_PER_UNIT for _, unit in _lengths(declaration.value)):
        return "this size does not scale with the text; use em"
    if (
        declaration.name == "font-size"
        and declaration.value.lower() not in _DEFAULT_SIZES
        and _is_running_text(rule)
    ):
        return "the reader chooses the size of the text"
    return ""


def _user_settings(rule: Rule, declaration: Declaration) -> str:
    if declaration.important and declaration.name in (*_USER_SETTINGS, "font", "text-align"):
        return "it overrides the reader's settings"
    if not _is_running_text(rule) or declaration.value.lower() in (
        "inherit",
        "transparent",
        "currentcolor",
        "normal",
    ):
        return ""
    if declaration.name in ("color", "background", "background-color"):
        return "the reader chooses the colours of the page, and may read at night"
    if declaration.name in ("font", "font-family"):
        return "the reader chooses the typeface of the text"
    if declaration.name == "line-height":
        return "the reader chooses the line spacing"
    return ""


def _page_margins(rule: Rule, declaration: Declaration) -> str:
    names = ("margin", "padding")
    if not declaration.name.startswith(names) or not re.search(r"\b(?:html|body|:root)$", rule.selector):
        return ""
    if any(amount for amount, _ in _lengths(declaration.value)):
        return "the e-reader has its own margins, and these are added to them"
    return ""


def _negative(rule: Rule, declaration: Declaration) -> str:
    margin = _MARGIN.fullmatch(declaration.name)
    lengths = [(amount, unit) for amount, unit in _lengths(declaration.value) if amount < 0]
    if not lengths or not (margin or declaration.name == "text-indent"):
        return ""
    if declaration.name == "text-indent":
        padding = sum(
            amount * _EM_PER_UNIT.get(unit, 0)
            for other in rule.declarations
            if other.name in ("padding-left", "padding-right", "margin-left", "margin-right")
            for amount, unit in _lengths(other.value)
        )
        outdent = max(-amount * _EM_PER_UNIT.get(unit, 99) for amount, unit in lengths)
        return "" if outdent <= padding else "without as much padding the start of the line is cut off"
    is_side = margin and margin[1] in ("left", "right")
    if is_side and all(-amount * _EM_PER_UNIT.get(unit, 99) <= _MAX_OUTDENT for amount, unit in lengths):
        return ""
    return "content moved out of its box is cut off or covers its neighbour"


def _width(rule: Rule, declaration: Declaration) -> str:
    if declaration.name not in ("width", "min-width"):
        return ""
    if any(
        amount * _PX_PER_UNIT.get(unit, 0) > _NARROWEST_SCREEN for amount, unit in _lengths(declaration.value)
    ):
        return "a phone is narrower"
    return ""


def _height(rule: Rule, declaration: Declaration) -> str:
    last = rule.selector.rpartition(",")[2].split()[-1:]
    if declaration.name not in ("height", "max-height") or (last and _WITHOUT_TEXT.fullmatch(last[0])):
        return ""
    if any(amount and unit != "%" for amount, unit in _lengths(declaration.value)):
        return "larger text overflows it"
    return ""


def _viewport(rule: Rule, declaration: Declaration) -> str:
    if any(unit in _VIEWPORT for _, unit in _lengths(declaration.value)):
        return "some readers lay out the text in columns and take one of them for the screen"
    return ""


def _overflow(rule: Rule, declaration: Declaration) -> str:
    hides = declaration.name.startswith("overflow") and declaration.name not in (
        "overflow-wrap",
        "overflow-anchor",
    )
    if hides and declaration.value.lower() not in ("visible", "inherit", "initial"):
        return "a page does not scroll, so content that does not fit is lost"
    return ""


def _layout(rule: Rule, declaration: Declaration) -> str:
    if declaration.name == "display" and re.search(r"\b(?:flex|grid)\b", declaration.value, re.I):
        return "old readers lay it out as plain blocks, and newer ones do not break it across screens"
    if declaration.name in ("columns", "column-count", "column-width"):
        return "e-readers build their screens from columns"
    return ""


_CHECKS: tuple[Callable[[Rule, Declaration], str], ...] = (
    _position, _float, _type_size, _user_settings, _page_margins, _negative, _width, _height, _viewport,
    _overflow, _layout,
)  # fmt: skip


def _lengths(value: str) -> Iterator[tuple[float, str]]:
    """Yield every length in *value* with its unit."""
    for match in _LENGTH.finditer(re.sub(r"\"[^\"]*\"|'[^']*'", "", value)):
        yield float(match[1]), match[2].lower()


def _is_running_text(rule: Rule) -> bool:
    """Return whether *rule* selects the whole running text."""
    return any(_RUNNING_TEXT.fullmatch(part.strip()) for part in rule.selector.split(","))
