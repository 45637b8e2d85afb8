"""Pictures and figures.

`![text](file "caption")` is a picture. Alone in its paragraph it is a figure. `{alt="..."}` behind it says
what it shows; then the text in the brackets is the caption. `credit="..."` names who made it.
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

_TEXT = "picture-text"
"""The text in the brackets, kept as a child of the picture until its attributes are known."""


def _register_treeprocessor(md: Markdown) -> None:
    """Register the making of figures, once attributes are known."""
    md.treeprocessors.register(_Figures(md), "figures", 7)


def _render_image(token: Token, parent: Element) -> Element:
    """Add the picture that *token* stands for to *parent*; return the place for its text."""
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
        for picture in root.iter("img"):
            text = _take_text(picture)
            if text is not None:
                _keep_words(picture, text)
                _set_alternative(picture, text)


def _take_text(picture: Element) -> Element | None:
    text = picture.find(_TEXT)
    if text is not None:
        picture.remove(text)
    return text


def _keep_words(picture: Element, text: Element) -> None:
    """Keep as the title of a picture in a line what would be its caption if it were a figure."""
    words = [text_of(text).strip()] if "alt" in picture.attrib else []
    words += [picture.get("title", ""), picture.attrib.pop("credit", "")]
    title = HTML_PLACEHOLDER_RE.sub("", " ".join(filter(None, words)))
    if title:
        picture.set("title", title)


def _set_alternative(picture: Element, text: Element) -> None:
    """Let the words in the brackets say what *picture* shows; no words leave that open."""
    words = HTML_PLACEHOLDER_RE.sub("", text_of(text))
    if "alt" not in picture.attrib and words.strip():
        picture.set("alt", words)


def _make_figure(paragraph: Element) -> None:
    """Turn *paragraph*, which holds a picture alone, into a figure with what is known of it."""
    picture = paragraph[0]
    paragraph.tag, paragraph.text, picture.tail = "figure", None, None
    for name in ("id", "class", "lang"):
        if name in picture.attrib:
            paragraph.set(name, picture.attrib.pop(name))
    caption = Element("figcaption", {LINE: paragraph.get(LINE, "0")})
    text = _take_text(picture)
    title = picture.attrib.pop("title", None)
    if text is not None and "alt" in picture.attrib and text_of(text).strip():
        caption.text = text.text
        caption.extend(text)
    elif text is not None:
        _set_alternative(picture, text)
    if title and not text_of(caption).strip():
        caption.text = title
    elif title:
        picture.set("title", title)
    credit = picture.attrib.pop("credit", None)
    if credit:
        line = SubElement(caption, "span", {"class": "credit"})
        line.text = credit
        if text_of(caption) != credit:
            _append_space(caption, line)
    if text_of(caption).strip():
        paragraph.append(caption)


def _append_space(caption: Element, last: Element) -> None:
    """Put a space before *last*, the last child of *caption*."""
    if len(caption) > 1:
        caption[-2].tail = (caption[-2].tail or "") + " "
    else:
        caption.text = (caption.text or "") + " "


CONSTRUCT = Construct(render={"image": _render_image}, treeprocess=_register_treeprocessor)
