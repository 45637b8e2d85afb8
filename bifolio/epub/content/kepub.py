"""Places for Kobo's readers: a span about each sentence and each picture, by which they know where one reads.

The books of Kobo's shop have them, and its readers take a file with them, under a name that ends in
`.kepub.epub`, for one of those: marks and places are kept, and type is set by the better of their two
engines. A span has the class `koboSpan` and an id `kobo.P.S`: the number of the paragraph, and of the
sentence in it. All that is in the body stands in `<div id="book-columns"><div id="book-inner">`.
"""

from __future__ import annotations

import re

from lxml import etree

from bifolio.epub.content.xhtml import XHTML, XhtmlElement, add_element, serialize

_BEHIND = r"[\"'”’»›)\]」』]*"
_SENTENCE = re.compile(rf".*?(?:[.!?:…؟۔।]{_BEHIND}(?:\s+|$)|[。！？：]{_BEHIND}\s*)|.+", re.DOTALL)
"""A sentence with the marks and the spaces behind it, or what is left."""
_PARAGRAPHS = frozenset(
    f"{{{XHTML}}}{name}" for name in "p ul ol dl table pre figure h1 h2 h3 h4 h5 h6 blockquote aside".split()
)
_WHOLE = frozenset(f"{{{XHTML}}}{name}" for name in "pre script style textarea select".split())
_CLOSED = frozenset(
    f"{{{XHTML}}}{name}"
    for name in "ul ol dl table thead tbody tfoot tr colgroup hgroup picture ruby".split()
)
"""Where no text may stand by itself."""


class _Places:
    """Numbers for the places of one file."""

    def __init__(self) -> None:
        self.paragraph, self.sentence, self.begins = 0, 0, True

    def span(self, text: str | None = None) -> XhtmlElement:
        """Return a span for the next place, around *text*."""
        if self.begins:
            self.paragraph, self.sentence, self.begins = self.paragraph + 1, 0, False
        self.sentence += 1
        return add_element(None, "span", text, class_="koboSpan", id=f"kobo.{self.paragraph}.{self.sentence}")


def add_kobo_spans(data: bytes) -> bytes:
    """Return the XHTML file *data* with its places marked."""
    root = etree.fromstring(data)
    body = root.find(f"{{{XHTML}}}body")
    if body is None:
        return data
    _mark(body, _Places())
    columns = add_element(None, "div", id="book-columns")
    inner = add_element(columns, "div", id="book-inner")
    inner.text, body.text = body.text, None
    inner.extend(list(body))
    body.append(columns)
    return serialize(root)


def _mark(element: XhtmlElement, places: _Places) -> None:
    """Mark the places in *element*."""
    if (
        not isinstance(element.tag, str)
        or element.tag in _WHOLE
        or not element.tag.startswith(f"{{{XHTML}}}")
    ):
        return
    if element.tag in _PARAGRAPHS:
        places.begins = True
    children = list(element)
    texts = [element.text, *(child.tail for child in children)]
    element.text = None
    for child in children:
        child.tail = None
        element.remove(child)
    _put_text(element, texts[0] or "", places)
    for child, text in zip(children, texts[1:], strict=True):
        _put(element, child, places)
        _put_text(element, text or "", places)


def _put(element: XhtmlElement, child: XhtmlElement, places: _Places) -> None:
    if child.tag == f"{{{XHTML}}}img":
        places.begins = True
        span = places.span()
        span.append(child)
        element.append(span)
        return
    element.append(child)
    _mark(child, places)


def _put_text(element: XhtmlElement, text: str, places: _Places) -> None:
    """Append *text* to *element*, a span about each sentence; spaces between elements stay as they are."""
    if not text.strip() or element.tag in _CLOSED:
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text
        return
    for sentence in _SENTENCE.findall(text):
        element.append(places.span(sentence))
