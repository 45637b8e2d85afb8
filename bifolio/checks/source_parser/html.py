"""Extracts the text of raw HTML in a source."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SILENT_ELEMENTS = frozenset(
    "script style template title iframe object applet select textarea audio video canvas".split()
)
"""The HTML elements whose text is in no edition; the build reports them."""
_TAG = re.compile(r"<(/?)([A-Za-z]+)[^>]*?(/?)>")


def silent_depth_change(html: str) -> int:
    """Return 1 if the tag *html* opens a silent element, -1 if it closes one, else 0."""
    tag = _TAG.match(html)
    if not tag or tag[2].lower() not in SILENT_ELEMENTS or tag[3]:
        return 0
    return -1 if tag[1] else 1


def html_text(html: str) -> str:
    """Return the text of the block *html* without that of silent elements."""
    parser = _TextParser()
    parser.feed(html)
    return " ".join(parser.words)


class _TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent_depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent_depth += _is_silent(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent_depth -= _is_silent(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent_depth:
            self.words.append(data)


def _is_silent(tag: str) -> bool:
    return tag in SILENT_ELEMENTS or tag == "svg"
