"""Draws formulas: TeX to SVG by ziamath, in STIX Two Math, on the baseline of the text."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring

from bifolio.model.findings import Finding, Where, found
from bifolio.model.math import plain_tex, replace_with_code, to_mathml
from bifolio.model.publication import LINE, MATH, Publication

FORMULA = "formula"
"""The class of a drawn formula."""
SVG = "http://www.w3.org/2000/svg"

Drawings = dict[tuple[str, bool], Element]
"""The SVG of each formula, by its TeX and whether it is displayed."""

_SIZE = 24.0
"""The em of a drawing, in CSS px."""
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u00a0\u200b")
"""Invisible operators and spaces, which need no glyph."""


def draw_formulas(publication: Publication) -> tuple[Drawings, list[Finding]]:
    """Return the drawings of the formulas of *publication*, and a finding for each that cannot be drawn."""
    drawings: Drawings = {}
    findings: list[Finding] = []
    tried: set[tuple[str, bool]] = set()
    for tex, display, where in _formulas(publication):
        if (tex, display) in tried:
            continue
        tried.add((tex, display))
        with _ziamath_settings():
            drawing = _draw_formula(tex, display)
        if isinstance(drawing, Element):
            drawings[tex, display] = drawing
        else:
            findings.append(found("formula-undrawn", where, tex=" ".join(tex.split())[:60], why=drawing))
    return drawings, findings


def insert_drawings(root: Element, drawings: Drawings) -> None:
    """Replace every formula in *root* by its drawing; one without a drawing becomes code."""
    for element in list(root.iter(MATH)):
        display = element.attrib.pop("display", None) is not None
        drawing = drawings.get((element.text or "", display))
        if drawing is None:
            replace_with_code(element, block=display)
        else:
            element.tag, element.text = drawing.tag, None
            names = f"{drawing.get('class')} {element.get('class', '')}".strip()
            element.attrib |= {**drawing.attrib, "class": names}
            element.extend(copy.deepcopy(list(drawing)))


def _formulas(publication: Publication) -> Iterator[tuple[str, bool, Where]]:
    for tree, file in publication.trees():
        stack = [(tree, 0)]
        while stack:
            element, line = stack.pop()
            line = int(element.get(LINE, line))
            if element.tag == MATH:
                yield element.text or "", "display" in element.attrib, Where(file, line)
            stack.extend((child, line) for child in reversed(element))


@contextmanager
def _ziamath_settings() -> Iterator[None]:
    """Make ziamath write SVG 1.1, and leave the root logger unchanged.

    Its calls of `logging.debug` would configure a root logger without handlers.
    """
    import ziamath

    svg2, handler = ziamath.config.svg2, logging.NullHandler()
    logging.root.addHandler(handler)
    ziamath.config.svg2 = False
    try:
        yield
    finally:
        ziamath.config.svg2 = svg2
        logging.root.removeHandler(handler)


def _draw_formula(tex: str, display: bool) -> Element | str:
    """Return the drawing of *tex*, with the TeX as its title, or the reason why it cannot be drawn."""
    import ziamath

    try:
        drawn: Any = ziamath.Latex(
            plain_tex(tex), size=_SIZE, inline=not display, color="currentColor", margin=0
        )
        for character in "".join(fromstring(to_mathml(tex, display)).itertext()):
            if (
                not character.isspace()
                and character not in _INVISIBLE
                and not drawn.font.glyphindex(character)
            ):
                return f"the font for formulas lacks {character}"
        drawing: Element = drawn.svgxml()
    except Exception as error:  # ziamath raises many kinds of errors
        return str(error) or type(error).__name__
    left, top, width, height = map(float, drawing.get("viewBox", "").split())
    svg = Element(f"{{{SVG}}}svg", {"viewBox": f"{left:g} {top:g} {width:g} {height:g}"})
    svg.set("class", f"{FORMULA} equation" if display else FORMULA)
    size = f"width: {width / _SIZE:.3f}em; height: {height / _SIZE:.3f}em"
    # The baseline of the drawing is at y = 0.
    svg.set("style", size if display else f"{size}; vertical-align: {-(top + height) / _SIZE:.3f}em")
    SubElement(svg, f"{{{SVG}}}title").text = " ".join(tex.split())
    for element in drawing.iter():
        element.tag = f"{{{SVG}}}{element.tag}"
    svg.extend(list(drawing))
    return svg
