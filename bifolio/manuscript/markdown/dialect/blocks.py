"""CommonMark's blocks inside Python-Markdown (CommonMark 0.31.2, chapters 4 and 5).

markdown-it-py finds the blocks; the parser here builds Python-Markdown's tree from its tokens and leaves
the text of each block to Python-Markdown's inline patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.construct import Renderer, collect_remarks, remark
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where
from bifolio.model.publication import LINE

RAW = "raw-html"
"""The element that holds a block of the author's own HTML, unread."""


class CommonMarkBlockParser(BlockParser):
    """A block parser that reads whole documents as CommonMark says."""

    deepest = 100
    """How deep blocks may stand in each other."""
    first_line = 1
    """The line of the source file that the document begins on."""

    def __init__(
        self,
        md: Markdown,
        tokenizer: MarkdownIt,
        renderers: dict[str, Renderer],
        environment: dict[str, Any],
    ) -> None:
        super().__init__(md)
        self.tokenizer = tokenizer
        self.renderers = renderers
        self.tokenizer.core.ruler.enableOnly(["normalize", "block"])
        self.environment = environment
        self.remarks = collect_remarks(environment, self.line)
        self.origins: Sequence[int] = ()
        """For each line of the document, the line of the text that it comes from, where they differ."""
        self._within: int | None = None

    def register(self) -> None:
        """Put this in the place of Python-Markdown's block parser."""
        self.md.treeprocessors.deregister("prettify")
        # They are never asked, but an extension may look for them.
        self.blockprocessors = self.md.parser.blockprocessors
        self.md.parser = self

    def line(self, number: int) -> int:
        """Return the line of the source file for line *number* of the document, from 0."""
        if self._within is not None:
            number = self._within
        if number < len(self.origins):
            number = self.origins[number]
        return number + self.first_line

    @contextmanager
    def within(self, number: int) -> Iterator[None]:
        """Take whatever is parsed meanwhile for a part of line *number* of the document."""
        before, self._within = self._within, number if self._within is None else self._within
        try:
            yield
        finally:
            self._within = before

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:
        """Return the tree of *lines*; what it says of the whole text goes to the environment.

        Raises SourceError when blocks stand in each other too deep to be read safely.
        """
        root = Element(self.md.doc_tag)
        self.parseChunk(root, "\n".join(lines))
        known = self.environment.get("references", {})
        for again in self.environment.get("duplicate_refs", []):
            first = known[normalizeReference(again["label"])]
            if (first["href"], first["title"]) != (again["href"], again["title"]):
                remark(self.environment, "reference-twice", again["map"][0], label=again["label"].lower())
        return ElementTree(root)

    def parseChunk(self, parent: Element, text: str) -> None:
        """Add the blocks of *text* to *parent*."""
        self._grow(parent, self.tokenizer.parse(text, self.environment))

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:
        """Add *blocks*, texts parted by empty lines, to *parent*, and take them out of the list."""
        self.parseChunk(parent, "\n\n".join(blocks))
        blocks.clear()

    def _grow(self, root: Element, tokens: list[Token]) -> None:
        path = [root]
        for token in tokens:
            if token.level >= self.deepest:
                line = self.line(token.map[0]) if token.map else 0
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
                if token.map and element is not path[-1]:
                    element.set(LINE, str(self.line(token.map[0])))
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, parent: Element) -> Element:
        """Add to *parent* the element that *token* opens."""
        if token.type == "html_block":
            raw = SubElement(parent, RAW)
            raw.text = AtomicString(token.content)
            return raw
        if token.type in self.renderers:
            return self.renderers[token.type](token, parent)
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
