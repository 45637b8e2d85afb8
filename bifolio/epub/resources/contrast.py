"""Checks the contrast of the stylesheet's colours on a light and on a dark page (WCAG 2.2, 1.4.3).

Only text for which the stylesheet sets a colour, a background or an opacity is checked; all other colours are
the e-reader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

import cssselect2
import tinycss2.color4

from bifolio.model.findings import Finding, Where, found
from bifolio.model.units import PX_PER_PT
from bifolio.stylesheet import Declaration, Rule, Stylesheet

_Colour = tuple[float, float, float]
"""Red, green and blue of sRGB, each from 0 to 1."""
_Paint = tuple[_Colour, float]
"""A colour and its alpha, from 0 to 1."""
_PAGES: dict[str, tuple[_Colour, _Colour]] = {
    "light": ((1, 1, 1), (0, 0, 0)),
    "dark": ((18 / 255, 18 / 255, 18 / 255), (1, 1, 1)),
}
"""Background and text colour of e-reader themes; contrast on black is higher than on this grey."""
_MIN_RATIO, _MIN_RATIO_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 24.0, 18.66
"""The size of large text in CSS px: 18 pt, or 14 pt in bold (WCAG 2.2, large scale)."""
_BASE_SIZE = 16.0
"""In CSS px."""
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83, "sub": 0.83, "sup": 0.83}
_BOLD = frozenset("h1 h2 h3 h4 h5 h6 th b strong".split())
_BOLD_WEIGHTS = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_PX_PER_UNIT = {"px": 1.0, "pt": PX_PER_PT, "rem": _BASE_SIZE}
_NEUTRAL_VALUES = frozenset({"inherit", "currentcolor", "transparent", "none", "initial", "unset", "1"})
_COLOUR_PROPERTIES = frozenset({"color", "background", "background-color", "opacity"})
_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class _Style:
    """The computed style of text, as far as it affects contrast."""

    colour: _Paint | None = None
    """None if it is the e-reader's."""
    background: _Paint | None = None
    opacity: float = 1.0
    size: float = _BASE_SIZE
    """In CSS px."""
    bold: bool = False
    cause: Declaration | None = None
    """The declaration to report: that of the text colour if there is one."""
    selector: str = ""


@dataclass(frozen=True, slots=True)
class _LowContrast:
    """A declaration that leaves text hard to read."""

    line: int
    what: str
    page: str
    least: float


def find_low_contrast(stylesheet: Stylesheet, documents: Iterable[bytes]) -> list[Finding]:
    """Return findings for colours of *stylesheet* with too little contrast in the XHTML *documents*."""
    colour_rules = [rule for rule in stylesheet.rules if any(map(_sets_colour, rule.declarations))]
    worst: dict[_LowContrast, float] = {}
    matcher = _create_matcher(stylesheet.rules) if colour_rules else None
    for document in documents:
        if not any(_may_match(rule, document) for rule in colour_rules):
            continue
        root = cssselect2.ElementWrapper.from_html_root(ElementTree.fromstring(document))
        for style in _styles(root, matcher, _Style()):
            for low, ratio in _check(style):
                worst[low] = min(ratio, worst.get(low, ratio))
    return [
        found(
            "css-contrast", Where(stylesheet.path, low.line), what=low.what, page=low.page,
            ratio=f"{int(ratio * 100) / 100:.2f}", least=f"{low.least:g}",
        )
        for low, ratio in worst.items()
    ]  # fmt: skip


def contrast(one: _Colour, other: _Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    """Return the luminance of *colour*, 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _sets_colour(declaration: Declaration) -> bool:
    return declaration.name in _COLOUR_PROPERTIES and declaration.value.lower() not in _NEUTRAL_VALUES


def _may_match(rule: Rule, document: bytes) -> bool:
    """Return whether *document* contains the classes and ids of a selector of *rule*; a fast pre-check."""
    return any(
        all(name.encode() in document for name in re.findall(r"[.#]([\w-]+)", selector))
        for selector in rule.selector.split(",")
    )


def _create_matcher(rules: Sequence[Rule]) -> Any:
    matcher = cssselect2.Matcher()
    for rule in rules:
        try:
            selectors = cssselect2.compile_selector_list(rule.selector)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            matcher.add_selector(selector, rule)
    return matcher


def _styles(element: Any, matcher: Any, parent: _Style) -> Iterator[_Style]:
    """Yield the style of every piece of text in *element*; *parent* is the style of its parent."""
    name = element.etree_element.tag.removeprefix(_XHTML)
    if name in ("head", "math") or name.startswith("{"):
        return
    size = parent.size * _SIZES.get(name, 1.0)
    inherited = replace(parent, size=size, bold=parent.bold or name in _BOLD)
    matches = matcher.match(element)
    style = _cascade(inherited, parent.size, [rule for *_, pseudo, rule in matches if pseudo is None])
    for pseudo in {pseudo for *_, pseudo, _ in matches if pseudo in ("before", "after")}:
        yield _cascade(style, style.size, [rule for *_, each, rule in matches if each == pseudo])
    children = list(element.iter_children())
    texts = [element.etree_element.text, *(child.etree_element.tail for child in children)]
    has_link_colour = name == "a" and style.colour is None  # the e-reader's
    if any(text and text.strip() for text in texts) and not has_link_colour:
        yield style
    for child in children:
        yield from _styles(child, matcher, style)


def _cascade(style: _Style, parent_size: float, rules: Iterable[Rule]) -> _Style:
    """Return *style* with the declarations of *rules* applied, in order of specificity."""
    declarations = [(each, rule.selector) for rule in rules for each in rule.declarations]
    last: dict[str, tuple[Declaration, str]] = {}
    for pair in sorted(declarations, key=lambda pair: pair[0].important):
        last["background" if pair[0].name == "background-color" else pair[0].name] = pair
    if "font-size" in last:
        style = replace(style, size=_compute_size(last["font-size"][0].value.lower(), parent_size))
    if "font-weight" in last:
        style = replace(style, bold=last["font-weight"][0].value.lower() in _BOLD_WEIGHTS)
    for name in ("opacity", "background", "color"):  # the last of them becomes the cause
        if name in last and _sets_colour(last[name][0]):
            style = _apply_colour(style, name, *last[name])
    return style


def _apply_colour(style: _Style, name: str, declaration: Declaration, selector: str) -> _Style:
    if name == "opacity":
        style = replace(style, opacity=style.opacity * _parse_number(declaration.value))
    else:
        tokens = tinycss2.parse_component_value_list(declaration.value)
        paint = next(filter(None, map(_parse_colour, tokens)), None)
        if paint is None:
            return style
        style = replace(style, colour=paint) if name == "color" else replace(style, background=paint)
    if name != "color" and style.colour is not None:
        return style
    return replace(style, cause=declaration, selector=selector)


def _check(style: _Style) -> Iterator[tuple[_LowContrast, float]]:
    """Yield the themes in which *style* has too little contrast, with the ratio."""
    if style.cause is None:
        return
    is_large = style.size >= (_LARGE_BOLD if style.bold else _LARGE)
    least = _MIN_RATIO_LARGE if is_large else _MIN_RATIO
    for page, (page_background, page_colour) in _PAGES.items():
        background = _blend(style.background, page_background) if style.background else page_background
        colour = _blend(style.colour, background) if style.colour else page_colour
        ratio = contrast(_blend((colour, style.opacity), background), background)
        if ratio < least:
            what = f"`{style.cause}` for `{style.selector}`"
            yield _LowContrast(style.cause.line, what, page, least), ratio


def _blend(paint: _Paint, background: _Colour) -> _Colour:
    """Return *paint* composited over *background*."""
    colour, alpha = paint
    red, green, blue = (alpha * a + (1 - alpha) * b for a, b in zip(colour, background, strict=True))
    return red, green, blue


def _parse_colour(token: Any) -> _Paint | None:
    """Return the colour that *token* denotes, or None."""
    colour = tinycss2.color4.parse_color(token)
    if not isinstance(colour, tinycss2.color4.Color):
        return None
    red, green, blue, alpha = (part or 0.0 for part in colour.to("srgb"))
    return (red, green, blue), alpha


def _compute_size(value: str, parent_size: float) -> float:
    """Return the font size *value* in CSS px."""
    match = re.fullmatch(r"([\d.]+)(em|%|px|pt|rem)", value)
    if not match:
        return parent_size * {"smaller": 0.83, "larger": 1.2}.get(value, 1.0)
    number, unit = _parse_number(match[1]), match[2]
    if unit in _PX_PER_UNIT:
        return number * _PX_PER_UNIT[unit]
    return parent_size * (number / 100 if unit == "%" else number)


def _parse_number(text: str) -> float:
    """Return *text* as a number; 1 if it is not one."""
    try:
        return float(text)
    except ValueError:
        return 1.0
