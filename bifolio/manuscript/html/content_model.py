"""Fixes the nesting of an author's HTML by the content models of HTML (HTML, 3.2.5 and 4).

Browsers tolerate a block in an inline element or an item without a list, but an e-reader may refuse to show
such a file, which is not valid XHTML (EPUB 3.3, 6.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import parent_map, unwrap

_FLOW = frozenset(
    "address article aside blockquote details dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li nav ol p pre section summary table ul".split()
)
_PHRASING = frozenset(
    "abbr b bdi bdo cite code dfn em i kbd mark p pre q s samp small span strong sub sup time u var".split()
)
"""Elements that contain phrasing content only."""
_CODE = frozenset("pre code kbd samp".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 summary".split())
_PARENTS = {
    "li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "figcaption": ("figure",),
    "summary": ("details",), "caption": ("table",), "rt": ("ruby",), "rp": ("ruby",),
}  # fmt: skip
"""Elements with the parents that HTML allows for them."""
_TERM_GROUPS = re.compile("((dt )+(dd )+)+")
"""The tags of the children of a definition list, each followed by a space."""
_INTEGER = re.compile(r"-?\d{1,9}")
_SPAN = re.compile(r"[1-9]\d{0,3}")
_ATTRIBUTE_VALUES = {
    "value": _INTEGER, "start": _INTEGER, "colspan": _SPAN, "rowspan": _SPAN,
    "type": re.compile("[1aAiI]"),
    "reversed": re.compile("|reversed"), "dir": re.compile("ltr|rtl|auto"),
    "scope": re.compile("row|col"),
    "datetime": re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?"),
}  # fmt: skip


def fix_nesting(root: Element) -> None:
    """Fix attribute values and nesting in *root* so that its XHTML is valid; no word is lost."""
    for element in root.iter():
        for name in [name for name in element.attrib if name in _ATTRIBUTE_VALUES]:
            if not _ATTRIBUTE_VALUES[name].fullmatch(element.attrib[name]):
                del element.attrib[name]
    _rewrap_orphans(root)
    for element in reversed(list(root.iter())):  # inner elements first
        rule = _RULES.get(element.tag)
        if rule is not None:
            rule(element)
    for link in list(root.iter("a")):
        _unnest_links(link)


def set_code_direction(root: Element) -> None:
    """Set the direction of code in *root* to left-to-right, which it has in every script (HTML, 3.2.6.4)."""
    for element in root.iter():
        if element.tag in _CODE:
            element.attrib.setdefault("dir", "ltr")


def _rewrap_orphans(root: Element) -> None:
    """Turn every element without its required parent, or superfluous in it, into a `div` or a `span`."""
    orphans = [e for e in root.iter() if e.tag in _PARENTS or e.tag in ("details", "figure")]
    above = parent_map(root) if orphans else {}
    for element in orphans:
        allowed = _PARENTS.get(element.tag)
        parent = above.get(element, root)
        if element.tag in ("dt", "dd") and parent.tag == "div":  # a div may group a term and its definitions
            parent = above.get(parent, root)
        if allowed and (element is root or parent.tag not in allowed):
            element.tag = "span" if element.tag in ("rt", "rp") else "div"
        elif element.tag == "details" and (not len(element) or element[0].tag != "summary"):
            element.tag = "div"
            for child in element:
                child.tag = "div" if child.tag == "summary" else child.tag
        elif element.tag in ("details", "figure"):
            single = "summary" if element.tag == "details" else "figcaption"
            for child in element.findall(single)[1:]:
                child.tag = "div"


def _fix_list(element: Element) -> None:
    """Wrap what is directly in a list in list items."""
    if (element.text or "").strip():
        first = Element("li")
        first.text, element.text = element.text, None
        element.insert(0, first)
    for index in reversed(range(len(element))):
        child = element[index]
        tail = (child.tail or "").strip()
        if child.tag != "li":
            wrapper = Element("li")
            element[index] = wrapper
            wrapper.append(child)
        elif tail:
            last = Element("li")
            last.text, child.tail = child.tail, None
            element.insert(index + 1, last)


def _fix_definition_list(element: Element) -> None:
    """Turn a definition list with other content into plain blocks."""
    if not _is_valid_definition_list(element):
        for part in (element, *element):
            part.tag = "div" if part.tag in ("dl", "dt", "dd") else part.tag


def _is_valid_definition_list(element: Element) -> bool:
    """Return whether *element* contains only terms with their definitions, or groups of them in a `div`."""
    if len(element) and all(child.tag == "div" and _is_valid_definition_list(child) for child in element):
        return True
    words = (element.text or "") + "".join(child.tail or "" for child in element)
    order = "".join(f"{child.tag} " for child in element)
    return not words.strip() and bool(_TERM_GROUPS.fullmatch(order))


def _fix_row(element: Element) -> None:
    """Mark the header cell of a row as such (HTML, 4.9.10)."""
    if len(element) > 1 and element[0].tag == "th" and {cell.tag for cell in element[1:]} == {"td"}:
        element[0].attrib.setdefault("scope", "row")


def _fix_heading(element: Element) -> None:
    """Turn blocks in a heading into spans."""
    for inner in element.iter():
        if inner is not element and inner.tag in _FLOW:
            inner.tag = "span"


def _fix_paragraph(element: Element) -> None:
    """Give a paragraph without text the class `picture`; turn one that contains blocks into a `div`."""
    if element.find(".//img") is None:
        _fix_phrasing(element)
    elif not "".join(element.itertext()).strip():
        element.set("class", f"{element.get('class', '')} picture".strip())


def _fix_phrasing(element: Element) -> None:
    """Turn an inline element that contains blocks into a `div`."""
    if any(_is_block(child) for child in element):
        element.tag = "div"


def _is_block(element: Element) -> bool:
    if element.tag in ("a", "del", "ins"):  # transparent content model (HTML, 3.2.5.3)
        return any(_is_block(child) for child in element)
    return element.tag in _FLOW


def _unnest_links(link: Element) -> None:
    """Unwrap the links in *link*, whose text stays."""
    above = parent_map(link)
    for inner in list(link.iter("a")):
        if inner is not link and inner in above:
            for child in inner:
                above[child] = above[inner]
            unwrap(above[inner], inner)


_RULES: dict[str, Callable[[Element], None]] = {
    **dict.fromkeys(_PHRASING, _fix_phrasing),
    **dict.fromkeys(_HEADINGS, _fix_heading),
    "ul": _fix_list,
    "ol": _fix_list,
    "dl": _fix_definition_list,
    "tr": _fix_row,
    "p": _fix_paragraph,
}
"""The rule for each element, applied to inner elements before outer ones."""
