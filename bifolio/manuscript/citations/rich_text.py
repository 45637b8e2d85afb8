"""Changes of type in set words: marks of one character, by which they come through the setting of a work.

The characters are none of Unicode's, so that no work has them of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from xml.etree.ElementTree import Element, SubElement

_KINDS = {
    "i": ("\ufdd1", {}), "b": ("\ufdd2", {}), "u": ("\ufdd3", {}), "sup": ("\ufdd4", {}),
    "sub": ("\ufdd5", {}), "span": ("\ufdd6", {"class": "small-caps"}),
}  # fmt: skip
"""What begins each kind of type, by its element."""
_BY_MARK = {mark: (tag, attributes) for tag, (mark, attributes) in _KINDS.items()}
SUPERSCRIPT = _KINDS["sup"][0]
"""Begins what is raised."""
CLOSE = "\ufdd7"
"""Ends what any of them begins."""
NAMES_START, NAMES_END = "\ufdd8", "\ufdd9"
"""Stand around the names of a work."""
CITE_PLACEHOLDER = "\ufdda"
"""Stands for a whole work of a citation."""
ET_AL = "\ufddb"
"""Stands for those people of a work who are not named."""
FOREIGN = "\ufddc"
"""Begins words in the language of the work, where that is not the language of the text; `CLOSE` ends them."""

_ANY = "[\ufdd1-\ufdd9\ufddc]*"
_TAG = re.compile(r"<(/?)(i|em|b|strong|u|sup|sub|sc|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_SAME = {"em": "i", "strong": "b", "sc": "span"}
_TWICE = re.compile(rf"(?<!\.)([.?!])([”’»]?{_ANY}[”’»]?)\.(?!\.)|([,;:])({_ANY})\3")
_IN_QUOTES = re.compile(rf"(”{_ANY})([.,])")
_MARKS = "".join(map(chr, range(0xFDD1, 0xFDDD)))
_ADDRESS = re.compile(r"https?://[^\s<>\"”\ufdd0-\ufdef]+(?<![.,;:)\]”])")
_PART = re.compile(f"([\ufdd1-\ufddc])|({_ADDRESS.pattern})")


def _wrapped(mark: str) -> type[str]:
    class Marked(str):
        def __new__(cls, text: object) -> Marked:
            return super().__new__(cls, f"{mark}{text}{CLOSE}")

    return Marked


FORMATTER = SimpleNamespace(
    preformat=str, Italic=_wrapped("\ufdd1"), Oblique=_wrapped("\ufdd1"), Bold=_wrapped("\ufdd2"), Light=str,
    Underline=_wrapped("\ufdd3"), Superscript=_wrapped("\ufdd4"), Subscript=_wrapped("\ufdd5"),
    SmallCaps=_wrapped("\ufdd6"),
)  # fmt: skip
"""How citeproc-py writes changes of type."""


def encode_tags(text: str) -> str:
    """Return *text* of CSL-JSON with marks in the place of its tags; tags without a partner are dropped."""
    opened: list[str] = []

    def mark(tag: re.Match[str]) -> str:
        name = _SAME.get(tag[2].lower(), tag[2].lower())
        if not tag[1]:
            shown = name != "span" or tag[2].lower() == "sc" or "small-caps" in tag[0].replace(" ", "")
            opened.append(name if shown else "")
            return _KINDS[name][0] if shown else ""
        return CLOSE if opened and opened.pop() else ""

    marked = _TAG.sub(mark, text)
    return marked + CLOSE * sum(1 for name in opened if name)


def fix_punctuation(text: str, *, inside: bool) -> str:
    """Return *text* without doubled punctuation; *inside* puts stops and commas within quotation marks."""

    def move(quotation: re.Match[str]) -> str:
        before = text[: quotation.start()].rstrip(_MARKS)[-1:]
        return quotation[0] if before in (*".?!,", "") else quotation[2] + quotation[1]

    if inside:
        text = _IN_QUOTES.sub(move, text)
    return _TWICE.sub(lambda m: m[1] + m[2] if m[1] else m[3] + m[4], text)


def strip_markers(text: str) -> str:
    """Return *text* without marks."""
    return re.sub("[\ufdd0-\ufdef]", "", text)


def append_rich_text(element: Element, text: str, places: Sequence[Element] = (), language: str = "") -> None:
    """Put *text* into *element*: marks as elements, addresses as links, and *places* where they belong.

    *language* is that of foreign words.
    """
    path, place, left = [element], 0, list(places)
    for part in _PART.finditer(text):
        _add(path[-1], text[place : part.start()])
        place = part.end()
        if part[1] in _BY_MARK:
            tag, attributes = _BY_MARK[part[1]]
            path.append(SubElement(path[-1], tag, dict(attributes)))
        elif part[1] == FOREIGN:
            path.append(SubElement(path[-1], "span", {"lang": language}))
        elif part[1] == CLOSE:
            path[1:] = path[1:-1]
        elif part[1] == CITE_PLACEHOLDER and left:
            path[-1].append(left.pop(0))
        elif part[2]:
            SubElement(path[-1], "a", {"href": part[2]}).text = part[2]
    _add(path[-1], text[place:])


def _add(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
