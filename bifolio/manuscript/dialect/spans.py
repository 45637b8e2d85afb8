"""Spans with attributes: `[text]{.class lang=hy}`."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor

from bifolio.manuscript.dialect.attributes import WRITTEN, assign

_OPEN = r"(?<![!\\])\["
_ATTRIBUTES = re.compile(WRITTEN)


def extend(md: Markdown) -> None:
    """Register spans before links."""
    md.inlinePatterns.register(_Span(_OPEN, md), "span", 172)


class _Span(LinkInlineProcessor):
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        text, index, closed = self.getText(data, m.end(0))
        attributes = _ATTRIBUTES.match(data, index) if closed else None
        if not attributes:
            return None, None, None
        span = Element("span")
        span.text = text
        assign(span, attributes.group(1))
        return span, m.start(0), attributes.end(0)
