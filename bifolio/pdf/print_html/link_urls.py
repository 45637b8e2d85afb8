"""Prints the URLs of links, after them or in footnotes."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from bifolio.model.publication import GENERATED, text_of
from bifolio.pdf.print_html.roles import CALL, NOTE, NOTE_NUMBER, ROLE, URL, URL_NOTE, number_class

_BREAKS = re.compile(r"(?<=/)|(?=[.?&=_#])")
"""Where a URL may break: after a slash, before other punctuation."""
_SCHEMES = ("http", "https", "mailto", "ftp")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def print_link_urls(article: Element, name: str, position: str) -> None:
    """Print the URLs of the links in *article*, the section *name*.

    Each URL is printed once, and none that the text of the link shows. *position* is `text`: in brackets
    after the link; `notes`: in a footnote with a letter; or `none`. In footnotes it is always after the link.
    """
    if position == "none":
        return
    printed: set[str] = set()
    notes = [aside for aside in article.iter("aside") if aside.get(ROLE) == NOTE]
    in_notes = {element for aside in notes for element in aside.iter()}
    count = 0
    for parent in list(article.iter()):
        for link in [child for child in parent if child.tag == "a"]:
            url = _url_to_print(link, printed)
            if url and (position == "text" or parent in in_notes):
                _insert_after(link, parent, [_url_span(f"({url})", " ")])
            elif url:
                count += 1
                _insert_after(link, parent, _url_footnote(url, f"{name}-{count}", _note_letter(count)))


def _url_to_print(link: Element, printed: set[str]) -> str:
    """Return the URL of *link* without its scheme; nothing where it is shown or *printed* already."""
    scheme, _, rest = link.get("href", "").partition(":")
    if scheme not in _SCHEMES or link.get(GENERATED) == "reference":
        return ""
    url = unquote(rest).removeprefix("//").rstrip("/")
    text = text_of(link).strip().removeprefix(f"{scheme}:").removeprefix("//").rstrip("/")
    is_known = url in printed or text in (url, url.removeprefix("www."))
    printed.add(url)
    return "" if is_known else url


def _insert_after(link: Element, parent: Element, parts: list[Element]) -> None:
    parts[-1].tail, link.tail = link.tail, None
    index = list(parent).index(link) + 1
    parent[index:index] = parts


def _url_span(url: str, before: str = "") -> Element:
    """Return *url* with break opportunities."""
    span = Element("span", {"class": URL, ROLE: URL})
    parts: list[str] = _BREAKS.split(url)
    span.text = before + parts[0]
    for part in parts[1:]:
        SubElement(span, "wbr").tail = part
    return span


def _url_footnote(url: str, name: str, letter: str) -> list[Element]:
    """Return the footnote call *letter* and the footnote with *url*."""
    anchor, back = f"note-address.{name}", f"call-address.{name}"
    # The word joiner keeps the footnote call in the line of its word.
    call = Element("a", {"class": CALL, ROLE: CALL, "href": f"#{anchor}", "id": back})
    call.text = f"\N{WORD JOINER}{letter}"
    note = Element("aside", {"class": NOTE, ROLE: URL_NOTE, "id": anchor})
    line = SubElement(note, "p")
    number = SubElement(line, "a", {"class": number_class(letter), ROLE: NOTE_NUMBER, "href": f"#{back}"})
    number.text, number.tail = letter, "\N{EN SPACE}"
    line.append(_url_span(url))
    return [call, note]


def _note_letter(number: int) -> str:
    """Return the letter of footnote *number*, from 1: a to z, then aa, ab, ..."""
    letters = ""
    while number:
        number, index = divmod(number - 1, len(_LETTERS))
        letters = _LETTERS[index] + letters
    return letters
