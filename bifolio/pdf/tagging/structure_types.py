"""The structure types and attributes of elements (ISO 32000-1, 14.8.4 and 14.8.5)."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from bifolio.model.publication import GENERATED
from bifolio.pdf.engine import pdf_objects
from bifolio.pdf.print_html.math import FORMULA, SVG
from bifolio.pdf.print_html.roles import CALL, NOTE, NOTE_NUMBER, ROLE, URL, URL_NOTE

_BY_TAG = {
    **{f"h{level}": (f"H{level}",) for level in range(1, 7)},
    "p": ("P",), "div": ("Div",), "header": ("Div",), "footer": ("Div",), "section": ("Sect",),
    "article": ("Art",), "blockquote": ("BlockQuote",), "figure": ("Div",), "img": ("Figure",),
    "{http://www.w3.org/2000/svg}svg": ("Figure",), "figcaption": ("Caption",), "caption": ("Caption",),
    "ul": ("L",), "ol": ("L",), "dl": ("L",), "li": ("LI", "LBody"), "dt": ("Lbl",),
    "dd": ("LBody",), "table": ("Table",), "thead": ("THead",), "tbody": ("TBody",),
    "tfoot": ("TFoot",), "tr": ("TR",), "th": ("TH",), "td": ("TD",), "q": ("Quote",),
    "pre": ("P",), "code": ("Code",), "aside": ("Sect",), "nav": ("Sect",), "summary": ("P",),
    "details": ("Sect",), "main": ("Div",), "address": ("P",),
}  # fmt: skip
"""The structure types of an element, outermost first (ISO 32000-1, 14.8.4)."""

_BY_ROLE = {
    NOTE: ("Note",), URL_NOTE: ("AddressNote",), CALL: ("Reference", "Link"), NOTE_NUMBER: ("Lbl", "Link"),
    URL: ("Address",),
}  # fmt: skip
NOTE_TYPES = ("Note", "AddressNote")
"""The structure types of footnotes."""
_BY_GENERATED = {
    "bibliography": ("Bibliography",), "citation": ("Citation",), "work": ("LI", "LBody", "BibEntry"),
    "reference": ("CrossReference", "Link"), "number": ("CaptionNumber",), "page": ("PageReference",),
    "picture": ("PictureWords",), "matter": ("Matter",), "contents": ("Contents",),
    "locator": ("PageReference", "Link"),
}  # fmt: skip
_IN_CONTENTS = {
    ("ol", "Contents"): ("TOC",), ("ol", "TOCI"): ("TOC",), ("li", "TOC"): ("TOCI",),
    ("a", "TOCI"): ("ContentsReference", "Link"),
}  # fmt: skip
"""The structure types of elements in a list of contents, by tag and parent type (ISO 32000-1, table 333)."""
ROLE_MAP = {
    "Address": "Span", "AddressNote": "Note", "Bibliography": "Sect", "CaptionNumber": "Lbl",
    "Citation": "Reference", "CrossReference": "Reference", "PageReference": "Span",
    "Contents": "Sect", "ContentsReference": "Reference", "Matter": "Sect", "PictureWords": "Span",
}  # fmt: skip
"""Bifolio's own structure types, each with the standard type that it maps to (ISO 32000-1, 14.8.4)."""

_SVG_TITLE = "{http://www.w3.org/2000/svg}title"


def alternative_text(element: Element) -> str:
    """Return the alternative text of an image."""
    if element.tag == "img":
        return element.get("alt", "").strip()
    title = element.find(_SVG_TITLE)
    return (title.text or "").strip() if title is not None else ""


def structure_types(element: Element, outer: str) -> tuple[str, ...]:
    """Return the structure types of *element*, outermost first, in a structure element of type *outer*."""
    if element.tag == f"{{{SVG}}}svg" and FORMULA in element.get("class", "").split():
        return ("Formula",)
    generated = _BY_GENERATED.get(element.get(GENERATED, ""))
    if generated:
        return generated
    if element.get(ROLE) in _BY_ROLE:
        return _BY_ROLE[element.get(ROLE, "")]
    if (element.tag, outer) in _IN_CONTENTS:
        return _IN_CONTENTS[element.tag, outer]
    if element.tag == "a":
        return ("Link",) if "href" in element.attrib else ()
    if element.tag == "p" and outer == "Caption":
        return ()
    if element.tag == "div" and outer == "L":  # in HTML a div may contain a term and its descriptions
        return ("LI",)
    kinds = _BY_TAG.get(element.tag, ())
    is_span = element.tag == "abbr" or "lang" in element.attrib or element.get("role") == "img"
    return kinds or (("Span",) if is_span else ())


def structure_entries(kind: str, element: Element) -> dict[str, Any]:
    """Return the entries of a structure element of the type *kind* except its parent, page and kids."""
    entries: dict[str, Any] = {}
    if "lang" in element.attrib:
        entries["Lang"] = pdf_objects.String(element.get("lang"))
    if kind in NOTE_TYPES:
        entries["ID"] = pdf_objects.String(element.get("id"))
    elif kind in ("Figure", "Formula"):
        entries["Alt"] = pdf_objects.String(alternative_text(element))
    elif kind == "Span" and "aria-label" in element.attrib:
        entries["Alt"] = pdf_objects.String(element.get("aria-label"))
    elif kind == "Span" and element.tag == "abbr" and "title" in element.attrib:
        entries["E"] = pdf_objects.String(element.get("title"))  # ISO 32000-1, 14.9.5
    elif kind == "L":
        # The terms of a description list are labels, but not numbered (ISO 32000-1, 14.8.5.5).
        numbering = {"ol": "/Decimal", "ul": "/Disc"}.get(element.tag, "/None")
        entries["A"] = pdf_objects.Dictionary({"O": "/List", "ListNumbering": numbering})
    elif kind in ("TH", "TD"):
        cell = pdf_objects.Dictionary({"O": "/Table"})
        if kind == "TH":
            cell["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
        for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
            if element.get(name, "1").isdigit() and int(element.get(name, "1")) > 1:
                cell[key] = int(element.get(name, "1"))
        if len(cell) > 1:
            entries["A"] = cell
    return entries
