"""Builds XHTML documents for an EPUB (EPUB 3.3, 6.1)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bifolio.model.localized_strings import direction

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
TYPE = f"{{{EPUB}}}type"
LANG = f"{{{XML}}}lang"

XhtmlElement = etree._Element
_NSMAP: Any = {None: XHTML, "epub": EPUB}


def add_element(
    parent: XhtmlElement | None, tag: str, text: str | None = None, **attributes: str
) -> XhtmlElement:
    """Return a new XHTML element, appended to *parent* if there is one.

    Of the keywords, `type_` becomes `epub:type` and `class_` becomes `class`.
    """
    name = f"{{{XHTML}}}{tag}"
    element = etree.Element(name, nsmap=_NSMAP) if parent is None else etree.SubElement(parent, name)
    element.text = text
    for key, value in attributes.items():
        element.set(TYPE if key == "type_" else key.rstrip("_").replace("_", "-"), value)
    return element


def begin_document(title: str, language: str, body_type: str = "") -> tuple[XhtmlElement, XhtmlElement]:
    """Return the root and the body of a new XHTML document."""
    root = add_element(None, "html", lang=language)
    root.set(LANG, language)
    if direction(language) == "rtl":
        root.set("dir", "rtl")
    head = add_element(root, "head")
    add_element(head, "title", title)
    add_element(head, "link", rel="stylesheet", type="text/css", href="style.css")
    body = add_element(root, "body")
    if body_type:
        body.set(TYPE, body_type)
    return root, body


def serialize(root: XhtmlElement) -> bytes:
    """Return *root* as an XHTML file."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>"))
