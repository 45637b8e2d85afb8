"""Wraps each sentence and image in a span, as Kobo's own e-books (KEPUB) do.

Kobo's readers treat a file named `*.kepub.epub` like a book from Kobo's shop: they keep annotations and
reading positions by these spans, and lay out the text with the better of their two engines. A span has the
class `koboSpan` and the id `kobo.P.S`, the numbers of the paragraph and of the sentence in it. The content of
the body is wrapped in `<div id="book-columns"><div id="book-inner">`.
"""

from __future__ import annotations

import re

from lxml import etree

from bifolio.epub.content.xhtml import XHTML, XhtmlElement, add_element, serialize

_CLOSING = r"[\"'”’»›)\]」』]*"
_SENTENCE = re.compile(rf".*?(?:[.!?:…؟۔।]{_CLOSING}(?:\s+|$)|[。！？：]{_CLOSING}\s*)|.+", re.DOTALL)
"""A sentence with closing punctuation and the spaces after it, or the rest of the text."""
_PARAGRAPHS = frozenset(
    f"{{{XHTML}}}{name}" for name in "p ul ol dl table pre figure h1 h2 h3 h4 h5 h6 blockquote aside".split()
)
_UNCHANGED = frozenset(f"{{{XHTML}}}{name}" for name in "pre script style textarea select".split())
_ELEMENTS_ONLY = frozenset(
    f"{{{XHTML}}}{name}"
    for name in "ul ol dl table thead tbody tfoot tr colgroup hgroup picture ruby".split()
)
"""Elements that cannot contain text directly."""


class _SpanFactory:
    """Makes the spans of one file and numbers them."""

    def __init__(self) -> None:
        self.paragraph, self.sentence, self.is_new_paragraph = 0, 0, True

    def create_span(self, text: str | None = None) -> XhtmlElement:
        """Return the next span, with *text* as its content."""
        if self.is_new_paragraph:
            self.paragraph, self.sentence, self.is_new_paragraph = self.paragraph + 1, 0, False
        self.sentence += 1
        return add_element(None, "span", text, class_="koboSpan", id=f"kobo.{self.paragraph}.{self.sentence}")


def add_kobo_spans(data: bytes) -> bytes:
    """Return the XHTML file *data* with its sentences and images wrapped in spans."""
    root = etree.fromstring(data)
    body = root.find(f"{{{XHTML}}}body")
    if body is None:
        return data
    _wrap_content(body, _SpanFactory())
    columns = add_element(None, "div", id="book-columns")
    inner = add_element(columns, "div", id="book-inner")
    inner.text, body.text = body.text, None
    inner.extend(list(body))
    body.append(columns)
    return serialize(root)


def _wrap_content(element: XhtmlElement, spans: _SpanFactory) -> None:
    """Wrap the sentences and images in *element*, which is changed."""
    if (
        not isinstance(element.tag, str)
        or element.tag in _UNCHANGED
        or not element.tag.startswith(f"{{{XHTML}}}")
    ):
        return
    if element.tag in _PARAGRAPHS:
        spans.is_new_paragraph = True
    children = list(element)
    texts = [element.text, *(child.tail for child in children)]
    element.text = None
    for child in children:
        child.tail = None
        element.remove(child)
    _append_text(element, texts[0] or "", spans)
    for child, text in zip(children, texts[1:], strict=True):
        _append_child(element, child, spans)
        _append_text(element, text or "", spans)


def _append_child(element: XhtmlElement, child: XhtmlElement, spans: _SpanFactory) -> None:
    """Append *child* to *element*, in a span if it is an image, else with its own content wrapped."""
    if child.tag == f"{{{XHTML}}}img":
        spans.is_new_paragraph = True
        span = spans.create_span()
        span.append(child)
        element.append(span)
        return
    element.append(child)
    _wrap_content(child, spans)


def _append_text(element: XhtmlElement, text: str, spans: _SpanFactory) -> None:
    """Append *text* to *element*, each sentence in a span; white space between elements stays as it is."""
    if not text.strip() or element.tag in _ELEMENTS_ONLY:
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text
        return
    for sentence in _SENTENCE.findall(text):
        element.append(spans.create_span(sentence))
