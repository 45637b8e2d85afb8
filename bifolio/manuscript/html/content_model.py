"""Where elements may stand (HTML, 4; EPUB 3.3, 5.1.1): an author's HTML, put right without losing a word.

Browsers forgive a block in a line or an item without its list; an e-reader may show nothing of the file.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import parent_map, unwrap

_FLOW = frozenset(
    "address article aside blockquote details dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li nav ol p pre section summary table ul".split()
)
_PHRASING = frozenset(
    "abbr b bdi bdo cite code dfn em i kbd mark p pre q s samp small span strong sub sup time u var".split()
)
"""What holds words and no block."""
_CODE = frozenset("pre code kbd samp".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 summary".split())
_PARENTS = {
    "li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "figcaption": ("figure",),
    "summary": ("details",), "caption": ("table",), "rt": ("ruby",), "rp": ("ruby",),
}  # fmt: skip
"""Elements with the parents that they may have."""
_TERM_GROUPS = re.compile("((dt )+(dd )+)+")
"""The children of a definition list, each with a space."""
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
    """Put the elements in *root* where they may stand."""
    for element in root.iter():
        for name in [name for name in element.attrib if name in _ATTRIBUTE_VALUES]:
            if not _ATTRIBUTE_VALUES[name].fullmatch(element.attrib[name]):
                del element.attrib[name]
    _rewrap_orphans(root)
    for element in reversed(list(root.iter())):  # what is inside first
        if element.tag in ("ul", "ol"):
            _wrap_in_items(element)
        elif element.tag == "dl" and not _is_valid_definition_list(element):
            for part in (element, *element):
                part.tag = "div" if part.tag in ("dl", "dt", "dd") else part.tag
        elif element.tag == "tr" and len(element) > 1 and {cell.tag for cell in element[1:]} == {"td"}:
            if element[0].tag == "th":  # it is the header of its row (HTML, 4.9.10)
                element[0].attrib.setdefault("scope", "row")
        elif element.tag in _HEADINGS:
            for inner in element.iter():
                if inner is not element and inner.tag in _FLOW:
                    inner.tag = "span"
        elif element.tag == "p" and element.find(".//img") is not None:
            if not "".join(element.itertext()).strip():  # it holds no words, and is set as no paragraph
                element.set("class", f"{element.get('class', '')} picture".strip())
        elif element.tag in _PHRASING and any(_is_block(child) for child in element):
            element.tag = "div"
    for link in list(root.iter("a")):
        _unnest_links(link, "a")


def set_code_direction(root: Element) -> None:
    """Let code in *root* run from left to right, as programs are read in every script (HTML, 3.2.6.4)."""
    for element in root.iter():
        if element.tag in _CODE:
            element.attrib.setdefault("dir", "ltr")


def _is_block(element: Element) -> bool:
    if element.tag in ("a", "del", "ins"):  # these are what they hold
        return any(_is_block(child) for child in element)
    return element.tag in _FLOW


def _rewrap_orphans(root: Element) -> None:
    """Make a plain block, or a span, of what stands outside its home."""
    misplaced = [e for e in root.iter() if e.tag in _PARENTS or e.tag in ("details", "figure")]
    above = parent_map(root) if misplaced else {}
    for element in misplaced:
        homes = _PARENTS.get(element.tag)
        home = above.get(element, root)
        if element.tag in ("dt", "dd") and home.tag == "div":  # a div may hold a term and its meanings
            home = above.get(home, root)
        if homes and (element is root or home.tag not in homes):
            element.tag = "span" if element.tag in ("rt", "rp") else "div"
        elif element.tag == "details" and (not len(element) or element[0].tag != "summary"):
            element.tag = "div"
            for child in element:
                child.tag = "div" if child.tag == "summary" else child.tag
        elif element.tag in ("details", "figure"):
            single = "summary" if element.tag == "details" else "figcaption"
            for child in element.findall(single)[1:]:
                child.tag = "div"


def _is_valid_definition_list(terms: Element) -> bool:
    """Say whether the definition list *terms* has terms with definitions and nothing else."""
    if len(terms) and all(child.tag == "div" and _is_valid_definition_list(child) for child in terms):
        return True
    words = (terms.text or "") + "".join(child.tail or "" for child in terms)
    order = "".join(f"{child.tag} " for child in terms)
    return not words.strip() and bool(_TERM_GROUPS.fullmatch(order))


def _wrap_in_items(holder: Element) -> None:
    """Put into items what stands in the list *holder* without one."""
    if (holder.text or "").strip():
        first = Element("li")
        first.text, holder.text = holder.text, None
        holder.insert(0, first)
    for place in reversed(range(len(holder))):
        child = holder[place]
        tail = (child.tail or "").strip()
        if child.tag != "li":
            wrapper = Element("li")
            holder[place] = wrapper
            wrapper.append(child)
        elif tail:
            last = Element("li")
            last.text, child.tail = child.tail, None
            holder.insert(place + 1, last)


def _unnest_links(link: Element, tag: str) -> None:
    """Take links out of the link *link*; their words stay."""
    above = parent_map(link)
    for inner in list(link.iter(tag)):
        if inner is not link and inner in above:
            for child in inner:
                above[child] = above[inner]
            unwrap(above[inner], inner)
