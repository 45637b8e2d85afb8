"""Styles of CSL as they are written: which can be used, and what is changed for citeproc-py."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

DEFAULT_STYLE = Path(__file__).with_name("author-date.csl")
"""The style that is used where the author names none."""
CSL_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
"""The names of CSL."""


class UnusableStyle(Exception):
    """A style that cannot be used; its text says why."""


def load_style(text: str, language: str) -> Any:
    """Return the style that *text* is, in the words of *language*, for citeproc-py.

    Raises Unusable where it is none that can be used.
    """
    from citeproc import CitationStylesStyle

    from bifolio.manuscript.citations.citeproc_patches import CITEPROC_ERRORS

    _check(text)
    try:
        style = CitationStylesStyle(BytesIO(text.encode()), locale=_locale(language), validate=False)
    except (*CITEPROC_ERRORS, OSError) as error:
        raise UnusableStyle(f"it cannot be understood ({type(error).__name__})") from error
    _simplify(style.root)
    return style


def _check(text: str) -> None:
    """Raise Unusable where *text* is not CSL for citations in the text."""
    from lxml import etree

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnusableStyle("it declares entities")
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableStyle("it is not XML") from error
    if root.tag != f"{CSL_NAMESPACE}style":
        raise UnusableStyle("it is not a style of CSL")
    parent = root.find(f"{CSL_NAMESPACE}info/{CSL_NAMESPACE}link[@rel='independent-parent']")
    if root.find(f"{CSL_NAMESPACE}citation") is None and parent is not None:
        raise UnusableStyle(f"it only points to the style {parent.get('href')}")
    if root.find(f"{CSL_NAMESPACE}citation/{CSL_NAMESPACE}layout") is None:
        raise UnusableStyle("it does not say how to cite")
    if root.get("class") == "note":
        raise UnusableStyle("it cites in notes, which is not done here")


def _simplify(root: Any) -> None:
    """Change in the style *root* what citeproc-py gets wrong or does not do."""
    from lxml import etree

    letters = root.find(f".//{CSL_NAMESPACE}text[@variable='year-suffix']") is not None
    for element in list(root.iter()):
        # Of the pages 1-20 it would make 1-0: all digits stay.
        element.attrib.pop("page-range-format", None)
        # It does not know that given names can be left whole.
        if element.get("initialize") == "false":
            element.attrib.pop("initialize-with", None)
        parts = element.get("date-parts") or "-".join(part.get("name", "") for part in element)
        if not letters and element.get("variable") == "issued" and parts == "year":
            # The letter stands behind the year even if the style does not say so (CSL 1.0.2, disambiguation).
            group = etree.Element(f"{CSL_NAMESPACE}group")
            element.getparent().replace(element, group)
            for name in {"prefix", "suffix"} & set(element.attrib):
                group.set(name, element.attrib.pop(name))
            group.append(element)
            etree.SubElement(group, f"{CSL_NAMESPACE}text", {"variable": "year-suffix"})


def _locale(language: str) -> str:
    """Return the locale of citeproc-py that *language*, a BCP 47 tag, means."""
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS

    known = {name.lower(): name for name in LANGUAGE_NAMES}
    first = language.lower().partition("-")[0]
    return known.get(language.lower()) or PRIMARY_DIALECTS.get(first) or "en-US"
