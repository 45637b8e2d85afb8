"""Whether the colours of the sheet can be read, on a light page and on a dark one (WCAG 2.2, 1.4.3).

What the sheet leaves to the reader is the reader's to answer for. Where it sets a colour of text, a
background or an opacity, the contrast of the words that it meets is computed.
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
from bifolio.stylesheet import Declaration, Rule, Stylesheet

_Colour = tuple[float, float, float]
"""Red, green and blue of sRGB, each from 0 to 1."""
_Paint = tuple[_Colour, float]
"""A colour, and how much it covers what is under it, from 0 to 1."""
_PAGES: dict[str, tuple[_Colour, _Colour]] = {
    "light": ((1, 1, 1), (0, 0, 0)),
    "dark": ((18 / 255, 18 / 255, 18 / 255), (1, 1, 1)),
}
"""The pages of readers, ground and ink; on black a light colour shows better than on this grey."""
_LEAST, _LEAST_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 24.0, 18.66
"""What is large text, in px: 18 pt, and 14 pt in bold (WCAG 2.2, large scale)."""
_PLAIN = 16.0
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83, "sub": 0.83, "sup": 0.83}
_BOLD = frozenset("h1 h2 h3 h4 h5 h6 th b strong".split())
_HEAVY = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_UNITS = {"px": 1.0, "pt": 4 / 3, "rem": _PLAIN}
_LEFT_ALONE = frozenset({"inherit", "currentcolor", "transparent", "none", "initial", "unset", "1"})
_COLOURING = frozenset({"color", "background", "background-color", "opacity"})
_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class _Style:
    """How words are set, as far as their contrast goes."""

    ink: _Paint | None = None
    """None where the reader chooses it."""
    ground: _Paint | None = None
    opacity: float = 1.0
    size: float = _PLAIN
    """In px."""
    bold: bool = False
    cause: Declaration | None = None
    """What in the sheet is answerable: the colour of the text before all else."""
    selector: str = ""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Words that are hard to read."""

    line: int
    what: str
    page: str
    least: float


def find_low_contrast(stylesheet: Stylesheet, documents: Iterable[bytes]) -> list[Finding]:
    """Return where colours of *stylesheet* leave words of the XHTML *documents* hard to read."""
    colouring = [rule for rule in stylesheet.rules if any(map(_is_colouring, rule.declarations))]
    worst: dict[_Fault, float] = {}
    matcher = _matcher(stylesheet.rules) if colouring else None
    for document in documents:
        if not any(_may_match(rule, document) for rule in colouring):
            continue
        root = cssselect2.ElementWrapper.from_html_root(ElementTree.fromstring(document))
        for style in _styles(root, matcher, _Style()):
            for fault, ratio in _faults(style):
                worst[fault] = min(ratio, worst.get(fault, ratio))
    return [
        found(
            "css-contrast", Where(stylesheet.path, fault.line), what=fault.what, page=fault.page,
            ratio=f"{int(ratio * 100) / 100:.2f}", least=f"{fault.least:g}",
        )
        for fault, ratio in worst.items()
    ]  # fmt: skip


def contrast(one: _Colour, other: _Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    """Return how light *colour* is, from 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_colouring(declaration: Declaration) -> bool:
    return declaration.name in _COLOURING and declaration.value.lower() not in _LEFT_ALONE


def _may_match(rule: Rule, document: bytes) -> bool:
    """Say whether *document* may hold what one of the selectors of *rule* asks for."""
    return any(
        all(name.encode() in document for name in re.findall(r"[.#]([\w-]+)", selector))
        for selector in rule.selector.split(",")
    )


def _matcher(rules: Sequence[Rule]) -> Any:
    matcher = cssselect2.Matcher()
    for rule in rules:
        try:
            selectors = cssselect2.compile_selector_list(rule.selector)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            matcher.add_selector(selector, rule)
    return matcher


def _styles(element: Any, matcher: Any, above: _Style) -> Iterator[_Style]:
    """Give the style of every run of words in *element*."""
    name = element.etree_element.tag.removeprefix(_XHTML)
    if name in ("head", "math") or name.startswith("{"):
        return
    size = above.size * _SIZES.get(name, 1.0)
    plain = replace(above, size=size, bold=above.bold or name in _BOLD)
    matches = matcher.match(element)
    style = _dressed(plain, above.size, [rule for *_, pseudo, rule in matches if pseudo is None])
    for pseudo in {pseudo for *_, pseudo, _ in matches if pseudo in ("before", "after")}:
        yield _dressed(style, style.size, [rule for *_, kind, rule in matches if kind == pseudo])
    children = list(element.iter_children())
    texts = [element.etree_element.text, *(child.etree_element.tail for child in children)]
    by_reader = name == "a" and style.ink is None  # links have a colour of the reader's own
    if any(text and text.strip() for text in texts) and not by_reader:
        yield style
    for child in children:
        yield from _styles(child, matcher, style)


def _dressed(style: _Style, above: float, rules: Iterable[Rule]) -> _Style:
    """Return *style* with the declarations of *rules*; the text around has the size *above*."""
    declarations = [(each, rule.selector) for rule in rules for each in rule.declarations]
    last: dict[str, tuple[Declaration, str]] = {}
    for pair in sorted(declarations, key=lambda pair: pair[0].important):
        last["background" if pair[0].name == "background-color" else pair[0].name] = pair
    if "font-size" in last:
        style = replace(style, size=_size(last["font-size"][0].value.lower(), above))
    if "font-weight" in last:
        style = replace(style, bold=last["font-weight"][0].value.lower() in _HEAVY)
    for name in ("opacity", "background", "color"):  # what comes last is answerable
        if name in last and _is_colouring(last[name][0]):
            style = _coloured(style, name, *last[name])
    return style


def _coloured(style: _Style, name: str, declaration: Declaration, selector: str) -> _Style:
    if name == "opacity":
        style = replace(style, opacity=style.opacity * _number(declaration.value))
    else:
        tokens = tinycss2.parse_component_value_list(declaration.value)
        paint = next(filter(None, map(_parse, tokens)), None)
        if paint is None:
            return style
        style = replace(style, ink=paint) if name == "color" else replace(style, ground=paint)
    if name != "color" and style.ink is not None:
        return style
    return replace(style, cause=declaration, selector=selector)


def _faults(style: _Style) -> Iterator[tuple[_Fault, float]]:
    """Give where *style* has too little contrast, and how much it has."""
    if style.cause is None:
        return
    large = style.size >= (_LARGE_BOLD if style.bold else _LARGE)
    least = _LEAST_LARGE if large else _LEAST
    for page, (paper, reading_ink) in _PAGES.items():
        ground = _over(style.ground, paper) if style.ground else paper
        ink = _over(style.ink, ground) if style.ink else reading_ink
        ratio = contrast(_over((ink, style.opacity), ground), ground)
        if ratio < least:
            what = f"`{style.cause}` for `{style.selector}`"
            yield _Fault(style.cause.line, what, page, least), ratio


def _over(paint: _Paint, ground: _Colour) -> _Colour:
    """Return what is seen of *paint* on *ground*."""
    colour, cover = paint
    red, green, blue = (cover * a + (1 - cover) * b for a, b in zip(colour, ground, strict=True))
    return red, green, blue


def _parse(token: Any) -> _Paint | None:
    """Return the paint that *token* is; None where it is none."""
    colour = tinycss2.color4.parse_color(token)
    if not isinstance(colour, tinycss2.color4.Color):
        return None
    red, green, blue, alpha = (part or 0.0 for part in colour.to("srgb"))
    return (red, green, blue), alpha


def _size(value: str, above: float) -> float:
    """Return the size that *value* means, in px, where the text around has the size *above*."""
    found_size = re.fullmatch(r"([\d.]+)(em|%|px|pt|rem)", value)
    if not found_size:
        return above * {"smaller": 0.83, "larger": 1.2}.get(value, 1.0)
    number, unit = _number(found_size[1]), found_size[2]
    if unit in _UNITS:
        return number * _UNITS[unit]
    return above * (number / 100 if unit == "%" else number)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0
