"""Rich text as a string: one-character markers for formatting, which pass through citeproc-py unchanged.

The markers are Unicode noncharacters, which are removed from the text of every work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from xml.etree.ElementTree import Element, SubElement

_FORMATS = {
    "i": ("\ufdd1", {}), "b": ("\ufdd2", {}), "u": ("\ufdd3", {}), "sup": ("\ufdd4", {}),
    "sub": ("\ufdd5", {}), "span": ("\ufdd6", {"class": "small-caps"}),
}  # fmt: skip
"""By element: the marker that opens it, and the attributes of the element."""
_BY_MARKER = {marker: (tag, attributes) for tag, (marker, attributes) in _FORMATS.items()}
SUPERSCRIPT = _FORMATS["sup"][0]
"""Opens superscript."""
CLOSE = "\ufdd7"
"""Closes any of them."""
NAMES_START, NAMES_END = "\ufdd8", "\ufdd9"
"""Enclose the names of a work."""
CITE_PLACEHOLDER = "\ufdda"
"""Takes the place of a cited work in the layout of a citation."""
ET_AL = "\ufddb"
"""Takes the place of the names that `and others` stands for."""
FOREIGN = "\ufddc"
"""Opens text in a language other than that of the citing text; `CLOSE` closes it."""

_ANY_MARKERS = "[\ufdd1-\ufdd9\ufddc]*"
_TAG = re.compile(r"<(/?)(i|em|b|strong|u|sup|sub|sc|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG_ALIASES = {"em": "i", "strong": "b", "sc": "span"}
_DOUBLED = re.compile(rf"(?<!\.)([.?!])([”’»]?{_ANY_MARKERS}[”’»]?)\.(?!\.)|([,;:])({_ANY_MARKERS})\3")
_IN_QUOTES = re.compile(rf"(”{_ANY_MARKERS})([.,])")
_MARKERS = "".join(map(chr, range(0xFDD1, 0xFDDD)))
_URL = re.compile(r"https?://[^\s<>\"”\ufdd0-\ufdef]+(?<![.,;:)\]”])")
_PART = re.compile(f"([\ufdd1-\ufddc])|({_URL.pattern})")


def _formatted(marker: str) -> type[str]:
    """Return a string type that puts itself between *marker* and `CLOSE`."""

    class Marked(str):
        def __new__(cls, text: object) -> Marked:
            return super().__new__(cls, f"{marker}{text}{CLOSE}")

    return Marked


FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_formatted(_FORMATS["i"][0]),
    Oblique=_formatted(_FORMATS["i"][0]),
    Bold=_formatted(_FORMATS["b"][0]),
    Light=str,
    Underline=_formatted(_FORMATS["u"][0]),
    Superscript=_formatted(SUPERSCRIPT),
    Subscript=_formatted(_FORMATS["sub"][0]),
    SmallCaps=_formatted(_FORMATS["span"][0]),
)
"""The output format for citeproc-py: each change of type as a marker."""


def encode_tags(text: str) -> str:
    """Return *text* of CSL-JSON with markers instead of tags, without unmatched closing tags."""
    opened: list[str] = []

    def to_marker(tag: re.Match[str]) -> str:
        name = _TAG_ALIASES.get(tag[2].lower(), tag[2].lower())
        if not tag[1]:
            shown = name != "span" or tag[2].lower() == "sc" or "small-caps" in tag[0].replace(" ", "")
            opened.append(name if shown else "")
            return _FORMATS[name][0] if shown else ""
        return CLOSE if opened and opened.pop() else ""

    marked = _TAG.sub(to_marker, text)
    return marked + CLOSE * sum(1 for name in opened if name)


def fix_punctuation(text: str, *, inside: bool) -> str:
    """Return *text* without doubled punctuation; *inside* moves stops and commas inside quotation marks."""

    def move(quotation: re.Match[str]) -> str:
        before = text[: quotation.start()].rstrip(_MARKERS)[-1:]
        return quotation[0] if before in (*".?!,", "") else quotation[2] + quotation[1]

    if inside:
        text = _IN_QUOTES.sub(move, text)
    return _DOUBLED.sub(lambda m: m[1] + m[2] if m[1] else m[3] + m[4], text)


def strip_markers(text: str) -> str:
    """Return *text* without markers."""
    return re.sub("[\ufdd0-\ufdef]", "", text)


def append_rich_text(element: Element, text: str, cites: Sequence[Element] = (), language: str = "") -> None:
    """Append *text* to *element*: markers as elements, URLs as links, *cites* for the placeholders.

    *language* is the BCP 47 tag of `FOREIGN` text.
    """
    path, position, remaining = [element], 0, list(cites)
    for part in _PART.finditer(text):
        _append(path[-1], text[position : part.start()])
        position = part.end()
        if part[1] in _BY_MARKER:
            tag, attributes = _BY_MARKER[part[1]]
            path.append(SubElement(path[-1], tag, dict(attributes)))
        elif part[1] == FOREIGN:
            path.append(SubElement(path[-1], "span", {"lang": language}))
        elif part[1] == CLOSE:
            path[1:] = path[1:-1]
        elif part[1] == CITE_PLACEHOLDER and remaining:
            path[-1].append(remaining.pop(0))
        elif part[2]:
            SubElement(path[-1], "a", {"href": part[2]}).text = part[2]
    _append(path[-1], text[position:])


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
