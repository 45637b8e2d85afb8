"""Parses CommonMark inlines inside Python-Markdown (CommonMark 0.31.2, chapter 6).

markdown-it-py, not Python-Markdown's inline patterns, tokenizes the text of each block by the rules that the
constructs register; the tree is built from its tokens.
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
"""A noncharacter that precedes an escaped character, which smart punctuation then leaves as it was typed."""

_MDX_FIRST_LETTERS = "ie"
"""The first letters of `import` and `export` (MDX), the only syntax that begins with a letter."""
_PUNCTUATION = frozenset("\"'-.")
"""The characters that smart punctuation replaces."""


class CommonMarkInlineParser(Treeprocessor):
    """A tree processor that parses the text of every block."""

    max_open_brackets = 250
    """The maximum number of open square brackets: for each, the rest of the block is searched."""
    has_patterns = False
    """Whether extensions have inline patterns, which may match anywhere."""

    def __init__(self, md: Markdown, tokenizer: MarkdownIt, renderers: dict[str, Renderer]) -> None:
        super().__init__(md)
        self.tokenizer = tokenizer
        self.renderers = renderers
        self.environment: dict[str, Any] = {}
        """The state shared with the block parser, such as the link references."""
        self.stashed_nodes: dict[str, Element | str] = {}
        """Always empty; patterns of extensions read this attribute of Python-Markdown's inline processor."""

    def register(self) -> None:
        """Replace Python-Markdown's inline patterns."""
        self.tokenizer.helpers = SimpleNamespace(  # type: ignore[assignment]
            parseLinkLabel=_label_end,
            parseLinkDestination=helpers.parseLinkDestination,
            parseLinkTitle=helpers.parseLinkTitle,
        )
        self.md.treeprocessors.register(self, "inline", 20)
        self.md.treeprocessors.deregister("unescape")

    def run(self, root: Element) -> None:
        """Parse every text in *root*. Raises SourceError as `parse_tree` does."""
        self.parse_tree(root)

    def parse_tree(self, root: Element) -> None:
        """Parse every text and tail in *root* except AtomicStrings, which are final.

        Raises SourceError if more than `max_open_brackets` brackets are open in a block.
        """
        line = 0
        for element in list(root.iter()):
            line = int(element.get(LINE, line))
            for index in reversed(range(len(element))):
                tail = element[index].tail
                if tail and not isinstance(tail, AtomicString):
                    element[index].tail = None
                    self._check_brackets(tail, line)
                    self.parse(tail, element, index + 1)
            if element.text and not isinstance(element.text, AtomicString):
                text, element.text = element.text, None
                self._check_brackets(text, line)
                self.parse(text, element, 0)

    def _check_brackets(self, text: str, line: int) -> None:
        """Raise SourceError if *text*, in the block at *line*, has too many open brackets and any closes."""
        if text.count("[") <= self.max_open_brackets or "]" not in text:
            return
        opened = 0
        for bracket in _BRACKET.findall(text):
            opened = opened + 1 if bracket == "[" else max(opened - (bracket == "]"), 0)
            if opened > self.max_open_brackets:
                raise SourceError(
                    f"More than {self.max_open_brackets} square brackets are open in one block.",
                    Where(Path(), line),  # the caller fills in the file
                    "Close them, or write `\\[` for a bracket that does not begin a link.",
                )

    def parse(self, text: str, parent: Element, index: int) -> None:
        """Insert the parsed *text* into *parent*, before its child *index*."""
        holder = Element("d")
        if self._is_plain(text):
            holder.text = text
        else:
            tokens: list[Token] = []
            self.tokenizer.inline.parse(text, self.tokenizer, self.environment, tokens)
            self._render(tokens, holder)
        if index:
            parent[index - 1].tail = holder.text
        else:
            parent.text = holder.text
        for offset, child in enumerate(list(holder)):
            parent.insert(index + offset, child)

    def _is_plain(self, text: str) -> bool:
        """Return whether no rule can match anywhere in *text*."""
        if self.has_patterns or self.tokenizer.inline.terminator_re.search(text):
            return False
        return text[0] not in _MDX_FIRST_LETTERS

    def _render(self, tokens: list[Token], holder: Element) -> None:
        path = [holder]
        for token in tokens:
            parent = path[-1]
            if token.nesting < 0:
                path.pop()
            elif token.type == "text_special" and token.content in _PUNCTUATION:
                _append(parent, AS_TYPED + token.content)
            elif token.type in ("text", "text_special"):
                _append(parent, token.content)
            elif token.type == "softbreak":
                _append(parent, "\n")
            elif token.type == "html_inline":
                _append(parent, self.md.htmlStash.store(token.content))
            else:
                element = self._element(token, parent)
                if META in token.meta and token.type != "image":
                    set_attributes(element, token.meta[META])
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, parent: Element) -> Element:
        """Append the element for *token* to *parent*."""
        if token.type == "code_inline":
            code = SubElement(parent, "code")
            code.text = AtomicString(token.content)
            return code
        render = self.renderers.get(token.type)
        if render:
            element = render(token, parent)
            if token.children:
                self._render(token.children, element)
            return element
        attributes = {name: str(value) for name, value in token.attrs.items()}
        return SubElement(parent, "del" if token.tag == "s" else token.tag, attributes)


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return the end of the link label at *start*, or -1; fast if no bracket closes after it."""
    if state.html_terminator_last("]") < start:
        return -1
    return helpers.parseLinkLabel(state, start, disableNested)


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
