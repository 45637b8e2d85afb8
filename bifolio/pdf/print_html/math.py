"""Formulas drawn: TeX to SVG by ziamath, in STIX Two Math, on the baseline of the text."""

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
"""By TeX and whether it is displayed: what is set in its place."""

_SIZE = 24.0
"""The size that a formula is drawn at, in px; the em of its drawing."""
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u00a0\u200b")


def draw_formulas(publication: Publication) -> tuple[Drawings, list[Finding]]:
    """Draw every formula of *publication*; one that cannot be drawn has no drawing, but a finding."""
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
    """Put its drawing in the place of every formula in *root*; without one, its TeX is code."""
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
    """Let ziamath write SVG 1.1, and leave the root logger as it is.

    Its calls of `logging.debug` would configure a root logger that has no handler.
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
    """Return the drawing of *tex*, with its TeX as its title, or why there is none."""
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
        picture: Element = drawn.svgxml()
    except Exception as error:  # whatever it stumbles over, the text goes on
        return str(error) or type(error).__name__
    left, top, width, height = map(float, picture.get("viewBox", "").split())
    svg = Element(f"{{{SVG}}}svg", {"viewBox": f"{left:g} {top:g} {width:g} {height:g}"})
    svg.set("class", f"{FORMULA} equation" if display else FORMULA)
    size = f"width: {width / _SIZE:.3f}em; height: {height / _SIZE:.3f}em"
    # The baseline of the drawing is at y = 0.
    svg.set("style", size if display else f"{size}; vertical-align: {-(top + height) / _SIZE:.3f}em")
    SubElement(svg, f"{{{SVG}}}title").text = " ".join(tex.split())
    for element in picture.iter():
        element.tag = f"{{{SVG}}}{element.tag}"
    svg.extend(list(picture))
    return svg
