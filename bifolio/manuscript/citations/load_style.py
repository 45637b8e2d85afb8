"""Loads CSL styles: checks them, and adapts them to citeproc-py."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

DEFAULT_STYLE = Path(__file__).with_name("author-date.csl")
"""The author-date style for texts that name no style."""
CSL_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
"""The XML namespace of CSL, in braces."""


class UnusableStyle(Exception):
    """A style cannot be used; the message is the reason."""


def load_style(text: str, language: str) -> Any:
    """Return the citeproc-py style for *text*, CSL, with the terms of *language*, a BCP 47 tag.

    Raises UnusableStyle if it is not CSL, is a note style, or is not supported.
    """
    from citeproc import CitationStylesStyle

    from bifolio.manuscript.citations.citeproc_patches import CITEPROC_ERRORS

    _check(text)
    try:
        style = CitationStylesStyle(BytesIO(text.encode()), locale=_locale(language), validate=False)
    except (*CITEPROC_ERRORS, OSError) as error:
        raise UnusableStyle(f"citeproc-py cannot read it ({type(error).__name__})") from error
    _adapt(style.root)
    return style


def _check(text: str) -> None:
    """Raise UnusableStyle if *text* is not a CSL style for in-text citations."""
    from lxml import etree

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnusableStyle("it declares entities")
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableStyle("it is not XML") from error
    if root.tag != f"{CSL_NAMESPACE}style":
        raise UnusableStyle("it is not a CSL style")
    parent = root.find(f"{CSL_NAMESPACE}info/{CSL_NAMESPACE}link[@rel='independent-parent']")
    if root.find(f"{CSL_NAMESPACE}citation") is None and parent is not None:
        raise UnusableStyle(f"it is a dependent style, which only refers to {parent.get('href')}")
    if root.find(f"{CSL_NAMESPACE}citation/{CSL_NAMESPACE}layout") is None:
        raise UnusableStyle("it has no layout for citations")
    if root.get("class") == "note":
        raise UnusableStyle("it cites in notes, which Bifolio does not support")


def _adapt(root: Any) -> None:
    """Adapt the style *root* to the errors and gaps of citeproc-py."""
    from lxml import etree

    has_year_suffix = root.find(f".//{CSL_NAMESPACE}text[@variable='year-suffix']") is not None
    for element in list(root.iter()):
        # citeproc-py abbreviates the pages 1-20 to 1-0.
        element.attrib.pop("page-range-format", None)
        # citeproc-py does not support `initialize="false"`.
        if element.get("initialize") == "false":
            element.attrib.pop("initialize-with", None)
        parts = element.get("date-parts") or "-".join(part.get("name", "") for part in element)
        if not has_year_suffix and element.get("variable") == "issued" and parts == "year":
            # The year-suffix follows the year unless the style places it (CSL 1.0.2, Disambiguation).
            group = etree.Element(f"{CSL_NAMESPACE}group")
            element.getparent().replace(element, group)
            for name in {"prefix", "suffix"} & set(element.attrib):
                group.set(name, element.attrib.pop(name))
            group.append(element)
            etree.SubElement(group, f"{CSL_NAMESPACE}text", {"variable": "year-suffix"})


def _locale(language: str) -> str:
    """Return citeproc-py's locale for *language*, a BCP 47 tag."""
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS

    locales = {name.lower(): name for name in LANGUAGE_NAMES}
    primary = language.lower().partition("-")[0]
    return locales.get(language.lower()) or PRIMARY_DIALECTS.get(primary) or "en-US"
