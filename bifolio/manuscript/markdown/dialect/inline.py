"""CommonMark's inlines inside Python-Markdown (CommonMark 0.31.2, chapter 6).

In the place of Python-Markdown's own inline patterns, markdown-it-py reads the text of each block, by
the rules that the constructs of this dialect register with it; the tree is built from its tokens.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt, helpers
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.attributes import META, set_attributes
from bifolio.manuscript.markdown.dialect.construct import Renderer
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where
from bifolio.model.publication import LINE

_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)

AS_TYPED = "\ufdd0"
"""Stands before a character that the author escaped, so that it stays as it was typed (a noncharacter)."""

_BEGINS_MDX = "ie"
"""What `import` and `export` begin with, the only marks of the dialect that are words."""
_TYPED = frozenset("\"'-.")
"""What punctuation is made of."""


class CommonMarkInlineParser(Treeprocessor):
    """Builds the inline tree of every block."""

    most_open = 250
    """How many square brackets may be open at once: for each, the rest of the block is searched."""
    has_patterns = False
    """Whether extensions have patterns, which may find something at any place."""

    def __init__(self, md: Markdown, tokenizer: MarkdownIt, renderers: dict[str, Renderer]) -> None:
        super().__init__(md)
        self.tokenizer = tokenizer
        self.renderers = renderers
        self.environment: dict[str, Any] = {}
        """What the block parser knows of the whole text, such as its link references."""
        self.stashed_nodes: dict[str, Element | str] = {}
        """Nothing; patterns of extensions look here for what Python-Markdown puts aside."""

    def register(self) -> None:
        """Put this in the place of Python-Markdown's inline patterns."""
        self.tokenizer.helpers = SimpleNamespace(  # type: ignore[assignment]
            parseLinkLabel=_label_end,
            parseLinkDestination=helpers.parseLinkDestination,
            parseLinkTitle=helpers.parseLinkTitle,
        )
        self.md.treeprocessors.register(self, "inline", 20)
        self.md.treeprocessors.deregister("unescape")

    def run(self, root: Element) -> None:
        """Read the whole tree *root*. Raises SourceError where that would take too long."""
        self.read_tree(root)

    def read_tree(self, root: Element) -> None:
        """Read every text and tail in *root* that is not yet what it will be.

        Raises SourceError where that would take too long.
        """
        line = 0
        for element in list(root.iter()):
            line = int(element.get(LINE, line))
            for place in reversed(range(len(element))):
                tail = element[place].tail
                if tail and not isinstance(tail, AtomicString):
                    element[place].tail = None
                    self._check(tail, line)
                    self.read(tail, element, place + 1)
            if element.text and not isinstance(element.text, AtomicString):
                text, element.text = element.text, None
                self._check(text, line)
                self.read(text, element, 0)

    def _check(self, text: str, line: int) -> None:
        """Refuse *text*, of the block at *line*, if too many brackets are open in it, and one closes."""
        if text.count("[") <= self.most_open or "]" not in text:
            return
        opened = 0
        for bracket in _BRACKET.findall(text):
            opened = opened + 1 if bracket == "[" else max(opened - (bracket == "]"), 0)
            if opened > self.most_open:
                raise SourceError(
                    f"More than {self.most_open} square brackets are open in one block.",
                    Where(Path(), line),  # which file it is, the reader of the file knows
                    "Close them, or write `\\[` for a bracket that is none of a link.",
                )

    def read(self, text: str, parent: Element, place: int) -> None:
        """Put what *text* says into *parent*, before its child number *place*."""
        holder = Element("d")
        if self._says_words_alone(text):
            holder.text = text
        else:
            tokens: list[Token] = []
            self.tokenizer.inline.parse(text, self.tokenizer, self.environment, tokens)
            self._build(tokens, holder)
        if place:
            parent[place - 1].tail = holder.text
        else:
            parent.text = holder.text
        for offset, child in enumerate(list(holder)):
            parent.insert(place + offset, child)

    def _says_words_alone(self, text: str) -> bool:
        """Say whether no mark stands in *text* at which a rule may find something."""
        if self.has_patterns or self.tokenizer.inline.terminator_re.search(text):
            return False
        return text[0] not in _BEGINS_MDX

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
                    set_attributes(element, token.meta[META])
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, above: Element) -> Element:
        """Add to *above* the element that *token* stands for or opens."""
        if token.type == "code_inline":
            code = SubElement(above, "code")
            code.text = AtomicString(token.content)
            return code
        builder = self.renderers.get(token.type)
        if builder:
            element = builder(token, above)
            if token.children:
                self._build(token.children, element)
            return element
        attributes = {name: str(value) for name, value in token.attrs.items()}
        return SubElement(above, "del" if token.tag == "s" else token.tag, attributes)


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return where the label that opens at *start* closes, or -1, at no cost where no bracket closes."""
    if state.html_terminator_last("]") < start:
        return -1
    return helpers.parseLinkLabel(state, start, disableNested)


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
