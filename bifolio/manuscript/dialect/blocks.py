"""CommonMark's blocks inside Python-Markdown (CommonMark 0.31.2, chapters 4 and 5).

markdown-it-py finds the blocks; the parser here builds Python-Markdown's tree from its tokens and leaves
the text of each block to Python-Markdown's inline patterns.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bifolio.errors import SourceError
from bifolio.findings import Where
from bifolio.manuscript.dialect.construct import Builder
from bifolio.publication import LINE

RAW = "raw-html"
"""The element that holds a block of the author's own HTML, unread."""


class CommonMarkBlocks(BlockParser):
    """A block parser that reads whole documents as CommonMark says."""

    deepest = 100
    """How deep blocks may stand in each other."""
    first_line = 1
    """The line of the source file that the document begins on."""

    def __init__(
        self,
        md: Markdown,
        finder: MarkdownIt,
        builders: dict[str, Builder],
        environment: dict[str, Any],
    ) -> None:
        super().__init__(md)
        self.finder = finder
        self.builders = builders
        self.finder.core.ruler.enableOnly(["normalize", "block"])
        self.environment = environment

    def register(self) -> None:
        """Put this in the place of Python-Markdown's block parser."""
        for name in ("normalize_whitespace", "html_block"):
            self.md.preprocessors.deregister(name)
        self.md.treeprocessors.deregister("prettify")
        self.md.parser = self

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:
        """Return the tree of *lines*; what it says of the whole text goes to the environment.

        Raises SourceError when blocks stand in each other too deep to be read safely.
        """
        tokens = self.finder.parse("\n".join(lines), self.environment)
        root = Element(self.md.doc_tag)
        self._grow(root, tokens)
        return ElementTree(root)

    def _grow(self, root: Element, tokens: list[Token]) -> None:
        path = [root]
        for token in tokens:
            if token.level >= self.deepest:
                line = token.map[0] + self.first_line if token.map else 0
                raise SourceError(
                    f"Blocks stand in each other more than {self.deepest} deep.",
                    Where(Path(), line),  # which file it is, the reader of the file knows
                )
            if token.nesting < 0:
                if not token.hidden:
                    path.pop()
            elif token.type == "inline":
                _set_text(path[-1], token.content)
            elif not token.hidden:
                element = self._element(token, path[-1])
                if token.map:
                    element.set(LINE, str(token.map[0] + self.first_line))
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, parent: Element) -> Element:
        """Add to *parent* the element that *token* opens."""
        if token.type == "html_block":
            raw = SubElement(parent, RAW)
            raw.text = AtomicString(token.content)
            return raw
        if token.type in self.builders:
            return self.builders[token.type](token, parent)
        element = SubElement(parent, token.tag)
        start = token.attrGet("start")
        if start is not None:
            element.set("start", str(start))
        alignment = str(token.attrGet("style") or "").removeprefix("text-align:")
        if alignment:
            element.set("class", alignment)
        return element


def _set_text(block: Element, text: str) -> None:
    """Put *text* into *block*, behind what a tight list item holds already."""
    if len(block):
        block[-1].tail = f"{block[-1].tail}\n{text}" if block[-1].tail else text
    else:
        block.text = f"{block.text}\n{text}" if block.text else text
