"""Which structure type an element is in a PDF (ISO 32000-1, 14.8.4), and what is said of it."""

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
"""What stands at the foot of the page, and is read where it is cited."""
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
"""What an element of a list of contents is, by what it stands in (ISO 32000-1, table 333)."""
ROLE_MAP = {
    "Address": "Span", "AddressNote": "Note", "Bibliography": "Sect", "CaptionNumber": "Lbl",
    "Citation": "Reference", "CrossReference": "Reference", "PageReference": "Span",
    "Contents": "Sect", "ContentsReference": "Reference", "Matter": "Sect", "PictureWords": "Span",
}  # fmt: skip
"""Our own structure types, with the standard one that each is a kind of."""

_SVG_TITLE = "{http://www.w3.org/2000/svg}title"


def alternative_text(element: Element) -> str:
    """Return the words that stand for a picture."""
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
    if element.tag == "div" and outer == "L":  # HTML lets a div hold a term and its meanings
        return ("LI",)
    kinds = _BY_TAG.get(element.tag, ())
    said = element.tag == "abbr" or "lang" in element.attrib or element.get("role") == "img"
    return kinds or (("Span",) if said else ())


def structure_entries(kind: str, element: Element) -> dict[str, Any]:
    """Return the entries of a structure element besides its place and its content."""
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
        # A term is a label too, but none that is counted (ISO 32000-1, 14.8.5.5).
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
