"""CommonMark's inlines inside Python-Markdown (CommonMark 0.31.2, chapter 6).

In the place of Python-Markdown's own inline patterns, markdown-it-py reads the text of each block, by
the rules that the constructs of this dialect register with it; the tree is built from its tokens. Patterns
that other extensions register with Python-Markdown are applied to the text that is left.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor, Treeprocessor
from markdown.util import AtomicString, Registry
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bifolio.manuscript.dialect.attributes import META, assign
from bifolio.manuscript.dialect.construct import Builder

AS_TYPED = "\ufdd0"
"""Stands before a character that the author escaped, so that it stays as it was typed (a noncharacter)."""

_TYPED = frozenset("\"'-.")
"""What punctuation is made of."""


class Inlines(Treeprocessor):
    """Builds the inline tree of every block."""

    def __init__(self, md: Markdown, finder: MarkdownIt, builders: dict[str, Builder]) -> None:
        super().__init__(md)
        self.finder = finder
        self.builders = builders
        self.environment: dict[str, Any] = {}
        """What the block parser knows of the whole text, such as its link references."""

    def register(self) -> None:
        """Put this in the place of Python-Markdown's inline patterns."""
        self.md.inlinePatterns = Registry()
        self.md.treeprocessors.register(self, "inline", 20)
        self.md.treeprocessors.deregister("unescape")

    def run(self, root: Element) -> None:
        """Read every text and tail of *root* that is not yet what it will be."""
        for element in list(root.iter()):
            for place in reversed(range(len(element))):
                tail = element[place].tail
                if tail and not isinstance(tail, AtomicString):
                    element[place].tail = None
                    self.read(tail, element, place + 1)
            if element.text and not isinstance(element.text, AtomicString):
                text, element.text = element.text, None
                self.read(text, element, 0)
        if len(self.md.inlinePatterns):
            InlineProcessor(self.md).run(root)

    def read(self, text: str, parent: Element, place: int) -> None:
        """Put what *text* says into *parent*, before its child number *place*."""
        tokens: list[Token] = []
        self.finder.inline.parse(text, self.finder, self.environment, tokens)
        holder = Element("d")
        self._build(tokens, holder)
        if place:
            parent[place - 1].tail = holder.text
        else:
            parent.text = holder.text
        for offset, child in enumerate(list(holder)):
            parent.insert(place + offset, child)

    def _build(self, tokens: list[Token], holder: Element) -> None:
        path = [holder]
        for token in tokens:
            above = path[-1]
            if token.nesting < 0:
                path.pop()
            elif token.type == "text_special" and token.content in _TYPED:
                _append(above, AS_TYPED + token.content)
            elif token.type in ("text", "text_special"):
                _append(above, token.content)
            elif token.type == "softbreak":
                _append(above, "\n")
            elif token.type == "html_inline":
                _append(above, self.md.htmlStash.store(token.content))
            else:
                element = self._element(token, above)
                if META in token.meta and token.type != "image":
                    assign(element, token.meta[META])
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, above: Element) -> Element:
        """Add to *above* the element that *token* stands for or opens."""
        if token.type == "code_inline":
            code = SubElement(above, "code")
            code.text = AtomicString(token.content)
            return code
        builder = self.builders.get(token.type)
        if builder:
            element = builder(token, above)
            if token.children:
                self._build(token.children, element)
            return element
        attributes = {name: str(value) for name, value in token.attrs.items()}
        return SubElement(above, "del" if token.tag == "s" else token.tag, attributes)


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
