"""Parses CommonMark blocks inside Python-Markdown (CommonMark 0.31.2, chapters 4 and 5).

markdown-it-py tokenizes the blocks; the parser here builds Python-Markdown's tree from the tokens and leaves
the text of each block to the inline parser.
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
"""The element that holds an unparsed block of raw HTML."""


class CommonMarkBlockParser(BlockParser):
    """A Python-Markdown block parser that follows CommonMark."""

    max_depth = 100
    """The maximum nesting of blocks."""
    first_line = 1
    """The 1-based line of the source file on which the text begins."""

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
        self.line_map: Sequence[int] = ()
        """For each line that preprocessors returned, the index of its source line; empty if none ran."""
        self._fixed_index: int | None = None

    def register(self) -> None:
        """Replace Python-Markdown's block parser."""
        self.md.treeprocessors.deregister("prettify")
        # Never run, but an extension may look for them.
        self.blockprocessors = self.md.parser.blockprocessors
        self.md.parser = self

    def line(self, index: int) -> int:
        """Return the 1-based line of the source file for the 0-based line *index* of the text."""
        if self._fixed_index is not None:
            index = self._fixed_index
        if index < len(self.line_map):
            index = self.line_map[index]
        return index + self.first_line

    @contextmanager
    def attribute_to_line(self, index: int) -> Iterator[None]:
        """Give everything parsed while the context is active the line *index* of the text."""
        before = self._fixed_index
        self._fixed_index = index if before is None else before
        try:
            yield
        finally:
            self._fixed_index = before

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:
        """Return the tree of *lines*; link references and the like go to the environment.

        Raises SourceError when blocks are nested more than `max_depth` deep.
        """
        root = Element(self.md.doc_tag)
        self.parseChunk(root, "\n".join(lines))
        references = self.environment.get("references", {})
        for duplicate in self.environment.get("duplicate_refs", []):
            first = references[normalizeReference(duplicate["label"])]
            if (first["href"], first["title"]) != (duplicate["href"], duplicate["title"]):
                label = duplicate["label"].lower()
                remark(self.environment, "reference-twice", duplicate["map"][0], label=label)
        return ElementTree(root)

    def parseChunk(self, parent: Element, text: str) -> None:
        """Append the blocks of *text* to *parent*."""
        self._render(parent, self.tokenizer.parse(text, self.environment))

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:
        """Append the parsed *blocks* to *parent*, and clear the list."""
        self.parseChunk(parent, "\n\n".join(blocks))
        blocks.clear()

    def _render(self, root: Element, tokens: list[Token]) -> None:
        path = [root]
        for token in tokens:
            if token.level >= self.max_depth:
                line = self.line(token.map[0]) if token.map else 0
                raise SourceError(
                    f"Blocks are nested more than {self.max_depth} deep.",
                    Where(Path(), line),  # the caller fills in the file
                )
            if token.nesting < 0:
                if not token.hidden:
                    path.pop()
            elif token.type == "inline":
                _append_text(path[-1], token.content)
            elif not token.hidden:
                element = self._element(token, path[-1])
                if token.map and element is not path[-1]:
                    element.set(LINE, str(self.line(token.map[0])))
                if token.nesting > 0:
                    path.append(element)

    def _element(self, token: Token, parent: Element) -> Element:
        """Append the element that *token* opens to *parent*."""
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


def _append_text(block: Element, text: str) -> None:
    """Append *text* to *block*, after the children that a tight list item already has."""
    if len(block):
        block[-1].tail = f"{block[-1].tail}\n{text}" if block[-1].tail else text
    else:
        block.text = f"{block.text}\n{text}" if block.text else text
