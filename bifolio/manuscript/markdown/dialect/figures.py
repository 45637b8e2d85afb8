"""Images and figures.

`![text](file "caption")` is an image; alone in its paragraph it is a figure. The text in the brackets is the
alternative text, or the caption if `{alt="..."}` follows. `credit="..."` adds a credit line.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.attributes import META, set_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct
from bifolio.model.publication import LINE, text_of

_TEXT = "image-text"
"""A temporary child of the image: the text in the brackets, until the attributes are known."""


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor for figures, after attribute lists."""
    md.treeprocessors.register(_Figures(md), "figures", 7)


def _render_image(token: Token, parent: Element) -> Element:
    """Append the image in *token* to *parent*; return the element for its text."""
    attributes = {name: str(value) for name, value in token.attrs.items() if name != "alt"}
    element = SubElement(parent, "img", attributes)
    if META in token.meta:
        set_attributes(element, token.meta[META])
    return SubElement(element, _TEXT)


class _Figures(Treeprocessor):
    def run(self, root: Element) -> None:
        for paragraph in list(root.iter("p")):
            alone = len(paragraph) == 1 and not (paragraph.text or "").strip()
            if alone and paragraph[0].tag == "img" and not (paragraph[0].tail or "").strip():
                _make_figure(paragraph)
        for image in root.iter("img"):
            text = _take_text(image)
            if text is not None:
                _set_title(image, text)
                _set_alternative(image, text)


def _take_text(image: Element) -> Element | None:
    text = image.find(_TEXT)
    if text is not None:
        image.remove(text)
    return text


def _set_title(image: Element, text: Element) -> None:
    """Combine the caption text, title and credit of an inline image, which has no caption, into its title."""
    words = [text_of(text).strip()] if "alt" in image.attrib else []
    words += [image.get("title", ""), image.attrib.pop("credit", "")]
    title = HTML_PLACEHOLDER_RE.sub("", " ".join(filter(None, words)))
    if title:
        image.set("title", title)


def _set_alternative(image: Element, text: Element) -> None:
    """Make the words of *text* the alternative text of *image*, unless it has one or there are none."""
    words = HTML_PLACEHOLDER_RE.sub("", text_of(text))
    if "alt" not in image.attrib and words.strip():
        image.set("alt", words)


def _make_figure(paragraph: Element) -> None:
    """Turn *paragraph*, which holds a single image, into a figure with caption and credit."""
    image = paragraph[0]
    paragraph.tag, paragraph.text, image.tail = "figure", None, None
    for name in ("id", "class", "lang"):
        if name in image.attrib:
            paragraph.set(name, image.attrib.pop(name))
    caption = Element("figcaption", {LINE: paragraph.get(LINE, "0")})
    text = _take_text(image)
    title = image.attrib.pop("title", None)
    if text is not None and "alt" in image.attrib and text_of(text).strip():
        caption.text = text.text
        caption.extend(text)
    elif text is not None:
        _set_alternative(image, text)
    if title and not text_of(caption).strip():
        caption.text = title
    elif title:
        image.set("title", title)
    credit = image.attrib.pop("credit", None)
    if credit:
        line = SubElement(caption, "span", {"class": "credit"})
        line.text = credit
        if text_of(caption) != credit:
            _insert_space(caption)
    if text_of(caption).strip():
        paragraph.append(caption)


def _insert_space(caption: Element) -> None:
    """Insert a space before the last child of *caption*."""
    if len(caption) > 1:
        caption[-2].tail = (caption[-2].tail or "") + " "
    else:
        caption.text = (caption.text or "") + " "


CONSTRUCT = Construct(render={"image": _render_image}, treeprocess=_register_treeprocessor)
