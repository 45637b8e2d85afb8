"""Checks formulas: TeX that cannot be converted to MathML is shown as code."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import find_all, locate, parent_map
from bifolio.manuscript.markdown.dialect.notes import NOTE
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.math import FormulaError, replace_with_code, to_mathml
from bifolio.model.publication import MATH

_FLOW_CONTAINERS = frozenset(
    {"div", "section", "article", "aside", "blockquote", "li", "dd", "details", NOTE}
)
"""Elements that may contain a code block; elsewhere the code is inline."""


def check_formulas(root: Element, source: SourceFile) -> list[Finding]:
    """Turn every formula in *root* that cannot be converted into code; return a finding for each."""
    findings = []
    formulas = find_all(root, MATH)
    above = parent_map(root) if formulas else {}
    for element, line in formulas:
        tex = element.text or ""
        try:
            to_mathml(tex, "display" in element.attrib)
        except FormulaError as error:
            where = locate(source, line, tex.split("\n")[0])
            findings.append(found("formula-unreadable", where, tex=_short(tex), why=error))
            display = element.attrib.pop("display", None) is not None
            replace_with_code(element, block=display and above[element].tag in _FLOW_CONTAINERS)
    return findings


def _short(tex: str) -> str:
    words = " ".join(tex.split())
    return words if len(words) <= 60 else f"{words[:57]}..."
