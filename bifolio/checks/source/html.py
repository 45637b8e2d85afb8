"""What the author's own HTML says in a source."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SILENT_ELEMENTS = frozenset(
    "script style template title iframe object applet select textarea audio video canvas".split()
)
"""The elements of HTML whose words stand in no edition; the build tells of them."""
_TAG = re.compile(r"<(/?)([A-Za-z]+)[^>]*?(/?)>")


def silent_depth_change(html: str) -> int:
    """Return 1 where the tag *html* begins what stands in no edition, -1 where it ends that, else 0."""
    tag = _TAG.match(html)
    if not tag or tag[2].lower() not in SILENT_ELEMENTS or tag[3]:
        return 0
    return -1 if tag[1] else 1


def html_text(html: str) -> str:
    """Return the words of the block *html* that stand in an edition."""

    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.words: list[str] = []
            self.silent = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.silent += tag in SILENT_ELEMENTS or tag == "svg"

        def handle_endtag(self, tag: str) -> None:
            self.silent -= tag in SILENT_ELEMENTS or tag == "svg"

        def handle_data(self, data: str) -> None:
            if not self.silent:
                self.words.append(data)

    parser = Words()
    parser.feed(html)
    return " ".join(parser.words)
