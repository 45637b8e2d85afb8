"""What of a sheet e-readers misread: rules that are sound on the web and go wrong in a book.

docs/stylesheet.md says for each which readers, and where their makers say so.
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
_FIXED = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": PX_PER_INCH,
    "cm": 96 / 2.54,
    "mm": PX_PER_INCH / MM_PER_INCH,
    "q": 96 / 101.6,
}
"""Units of length that do not grow with the text, in px."""
_IN_EM = {"em": 1.0, "rem": 1.0, "ex": 0.5, "ch": 0.5} | {unit: px / 16 for unit, px in _FIXED.items()}
_VIEWPORT = frozenset({"vw", "vh", "vmin", "vmax"})
_NARROW = 300
"""The width in px that every screen has; a telephone leaves little more between its margins."""
_HANG = 1.5
"""How far something may hang into the indent of lists and code, in em."""
_WHOLE = re.compile(r"(?:html|body|:root|\*|p)(?:\.text|\.article)?")
"""A selector of the running text as a whole."""
_NO_TEXT = re.compile(
    r"(?:img|svg|hr|video|audio|math|col|colgroup|br)(?:[.\[:#][^ ]*)?|[^ ]*::?(?:before|after)"
)
_SIDES = re.compile(r"margin(?:-(top|right|bottom|left))?")
_OWN_CHOICE = frozenset(
    {"color", "background", "background-color", "font-size", "font-family", "line-height"}
)
"""What the reader of a book chooses."""
_SIZES_AS_IT_IS = frozenset({"1em", "100%", "1rem", "medium", "inherit", "initial", "unset", "normal"})


def lint(rules: Iterable[Rule], path: Path) -> list[Finding]:
    """Return what e-readers misread in *rules*, the view for screens of the sheet at *path*."""
    return [
        found("css-misread", Where(path, declaration.line), what=str(declaration), why=why)
        for rule in rules
        for declaration in rule.declarations
        for check in _CHECKS
        if (why := check(rule, declaration))
    ]


def _position(rule: Rule, declaration: Declaration) -> str:
    if declaration.name == "position" and declaration.value.lower() in ("fixed", "sticky", "absolute"):
        return "a book is cut into screens, and this lands on the wrong one, or on the text"
    return ""


def _float(rule: Rule, declaration: Declaration) -> str:
    if declaration.name != "float" or declaration.value.lower() not in ("left", "right"):
        return ""
    widths = [d.value for d in rule.declarations if d.name in ("width", "min-width")]
    if any(unit not in ("%", "") for width in widths for _, unit in _lengths(width)):
        return "with a width that is no share of the screen, large text beside it has no room"
    return ""


def _type_size(rule: Rule, declaration: Declaration) -> str:
    if declaration.name not in ("font-size", "font"):
        return ""
    if any(unit in _FIXED for _, unit in _lengths(declaration.value)):
        return "a size that does not grow with the text; em does"
    if (
        declaration.name == "font-size"
        and declaration.value.lower() not in _SIZES_AS_IT_IS
        and _is_whole(rule)
    ):
        return "the size of the text is the choice of the reader"
    return ""


def _own_choice(rule: Rule, declaration: Declaration) -> str:
    if declaration.important and declaration.name in (*_OWN_CHOICE, "font", "text-align"):
        return "it stands against what the reader has chosen"
    if not _is_whole(rule) or declaration.value.lower() in (
        "inherit",
        "transparent",
        "currentcolor",
        "normal",
    ):
        return ""
    if declaration.name in ("color", "background", "background-color"):
        return "the colours of the page are the choice of the reader, who may read at night"
    if declaration.name in ("font", "font-family"):
        return "the typeface of the text is the choice of the reader"
    if declaration.name == "line-height":
        return "the space between lines is the choice of the reader"
    return ""


def _page_margins(rule: Rule, declaration: Declaration) -> str:
    names = ("margin", "padding")
    if not declaration.name.startswith(names) or not re.search(r"\b(?:html|body|:root)$", rule.selector):
        return ""
    if any(amount for amount, _ in _lengths(declaration.value)):
        return "the reader has margins of its own, and these come on top"
    return ""


def _negative(rule: Rule, declaration: Declaration) -> str:
    sides = _SIDES.fullmatch(declaration.name)
    lengths = [(amount, unit) for amount, unit in _lengths(declaration.value) if amount < 0]
    if not lengths or not (sides or declaration.name == "text-indent"):
        return ""
    if declaration.name == "text-indent":
        room = sum(
            amount * _IN_EM.get(unit, 0)
            for other in rule.declarations
            if other.name in ("padding-left", "padding-right", "margin-left", "margin-right")
            for amount, unit in _lengths(other.value)
        )
        hang = max(-amount * _IN_EM.get(unit, 99) for amount, unit in lengths)
        return "" if hang <= room else "without as much padding its beginning is cut off"
    hangs = sides and sides[1] in ("left", "right")
    if hangs and all(-amount * _IN_EM.get(unit, 99) <= _HANG for amount, unit in lengths):
        return ""
    return "what is drawn out of its place is cut off or covers its neighbour"


def _width(rule: Rule, declaration: Declaration) -> str:
    if declaration.name not in ("width", "min-width"):
        return ""
    if any(amount * _FIXED.get(unit, 0) > _NARROW for amount, unit in _lengths(declaration.value)):
        return "a telephone is narrower"
    return ""


def _height(rule: Rule, declaration: Declaration) -> str:
    last = rule.selector.rpartition(",")[2].split()[-1:]
    if declaration.name not in ("height", "max-height") or (last and _NO_TEXT.fullmatch(last[0])):
        return ""
    if any(amount and unit != "%" for amount, unit in _lengths(declaration.value)):
        return "larger text runs over its edge"
    return ""


def _viewport(rule: Rule, declaration: Declaration) -> str:
    if any(unit in _VIEWPORT for _, unit in _lengths(declaration.value)):
        return "to some readers a screen is only a column of what they lay out"
    return ""


def _overflow(rule: Rule, declaration: Declaration) -> str:
    hides = declaration.name.startswith("overflow") and declaration.name not in (
        "overflow-wrap",
        "overflow-anchor",
    )
    if hides and declaration.value.lower() not in ("visible", "inherit", "initial"):
        return "a page does not scroll; what does not fit is lost"
    return ""


def _layout(rule: Rule, declaration: Declaration) -> str:
    if declaration.name == "display" and re.search(r"\b(?:flex|grid)\b", declaration.value, re.I):
        return "old readers set it as plain blocks, newer ones do not break it over screens"
    if declaration.name in ("columns", "column-count", "column-width"):
        return "readers make their screens of columns"
    return ""


_CHECKS: tuple[Callable[[Rule, Declaration], str], ...] = (
    _position, _float, _type_size, _own_choice, _page_margins, _negative, _width, _height, _viewport,
    _overflow, _layout,
)  # fmt: skip


def _lengths(value: str) -> Iterator[tuple[float, str]]:
    """Give every length in *value* with its unit."""
    for match in _LENGTH.finditer(re.sub(r"\"[^\"]*\"|'[^']*'", "", value)):
        yield float(match[1]), match[2].lower()


def _is_whole(rule: Rule) -> bool:
    """Say whether *rule* is for the running text as a whole."""
    return any(_WHOLE.fullmatch(part.strip()) for part in rule.selector.split(","))
