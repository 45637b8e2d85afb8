"""The addresses of links, printed for paper readers."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from bifolio.model.publication import GENERATED, text_of
from bifolio.pdf.print_html.roles import CALL, NOTE, NOTE_NUMBER, ROLE, URL, URL_NOTE, number_class

_BREAKS = re.compile(r"(?<=/)|(?=[.?&=_#])")
"""Where an address may break: behind a slash, before other marks."""
_SCHEMES = ("http", "https", "mailto", "ftp")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def print_link_urls(article: Element, name: str, way: str) -> None:
    """Print where the links in *article*, the section called *name*, lead to.

    Each address is printed once, and none that the text itself says. *way* is `text`: in brackets behind the
    link; `notes`: in a note, with a letter for its mark; or `none`. In a note it stands in the text always.
    """
    if way == "none":
        return
    printed: set[str] = set()
    notes = [aside for aside in article.iter("aside") if aside.get(ROLE) == NOTE]
    noted = {element for aside in notes for element in aside.iter()}
    count = 0
    for parent in list(article.iter()):
        for link in [child for child in parent if child.tag == "a"]:
            written = _url_to_print(link, printed)
            if written and (way == "text" or parent in noted):
                _insert_after(link, parent, [_url_span(f"({written})", " ")])
            elif written:
                count += 1
                _insert_after(link, parent, _url_footnote(written, f"{name}-{count}", _note_letter(count)))


def _url_to_print(link: Element, printed: set[str]) -> str:
    """Return where *link* leads as it is to be printed; nothing where that is *printed* already, or said."""
    scheme, _, rest = link.get("href", "").partition(":")
    if scheme not in _SCHEMES or link.get(GENERATED) == "reference":
        return ""
    written = unquote(rest).removeprefix("//").rstrip("/")
    text = text_of(link).strip().removeprefix(f"{scheme}:").removeprefix("//").rstrip("/")
    known = written in printed or text in (written, written.removeprefix("www."))
    printed.add(written)
    return "" if known else written


def _insert_after(link: Element, parent: Element, parts: list[Element]) -> None:
    parts[-1].tail, link.tail = link.tail, None
    place = list(parent).index(link) + 1
    parent[place:place] = parts


def _url_span(written: str, before: str = "") -> Element:
    """Return the address *written*, which may break where one reads on."""
    span = Element("span", {"class": URL, ROLE: URL})
    parts: list[str] = _BREAKS.split(written)
    span.text = before + parts[0]
    for part in parts[1:]:
        SubElement(span, "wbr").tail = part
    return span


def _url_footnote(written: str, name: str, letter: str) -> list[Element]:
    """Return the mark *letter* and the note with the address *written*."""
    anchor, back = f"note-address.{name}", f"call-address.{name}"
    # The word joiner keeps the mark in the line of its word.
    mark = Element("a", {"class": CALL, ROLE: CALL, "href": f"#{anchor}", "id": back})
    mark.text = f"\N{WORD JOINER}{letter}"
    note = Element("aside", {"class": NOTE, ROLE: URL_NOTE, "id": anchor})
    line = SubElement(note, "p")
    number = SubElement(line, "a", {"class": number_class(letter), ROLE: NOTE_NUMBER, "href": f"#{back}"})
    number.text, number.tail = letter, "\N{EN SPACE}"
    line.append(_url_span(written))
    return [mark, note]


def _note_letter(number: int) -> str:
    """Return the mark of note *number*, counted from 1: a to z, then aa, ab, ..."""
    letters = ""
    while number:
        number, place = divmod(number - 1, len(_LETTERS))
        letters = _LETTERS[place] + letters
    return letters
