"""Mail addresses and line breaks, where Python-Markdown differs from CommonMark."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.util import AtomicString

_MAIL = r"<([^<>\s!]+@[^@<>\s]+)>"
_BREAK = r"(?: {2,}|\\)\n"


def extend(md: Markdown) -> None:
    """Register both in the place of Python-Markdown's patterns."""
    md.inlinePatterns.register(_Mail(_MAIL, md), "automail", 110)
    md.inlinePatterns.register(SubstituteTagInlineProcessor(_BREAK, "br"), "linebreak", 185)


class _Mail(InlineProcessor):
    """A mail address as it is: Python-Markdown would write it in character references."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", {"href": f"mailto:{self.unescape(m.group(1))}"})
        link.text = AtomicString(self.unescape(m.group(1)))
        return link, m.start(0), m.end(0)
