"""Runs block processors of extensions where CommonMark would begin a paragraph.

A Python-Markdown block processor receives the remaining blocks, separated by blank lines, and consumes as
many as it wants. It calls back the CommonMark parser for the content of a block.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockProcessor
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from bifolio.manuscript.markdown.dialect.blocks import CommonMarkBlockParser
from bifolio.model.publication import LINE

_TYPE = "extension_block"
_INDENT = " " * 4
_Block = tuple[int, str]
"""The 0-based line on which a block begins, and its text."""


class ExtensionBlocks:
    """The block processors of extensions, in order of priority."""

    def __init__(self, parser: CommonMarkBlockParser, processors: Sequence[BlockProcessor]) -> None:
        self.parser = parser
        self.processors = processors

    def register(self) -> None:
        """Register the block rule with the parser, if there are any processors."""
        if self.processors:
            self.parser.tokenizer.block.ruler.before("lheading", _TYPE, self._rule)
            self.parser.renderers[_TYPE] = _render

    def _rule(self, state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = _block_at(state, start, end)
        willing = [p for p in self.processors if p.test(Element("div"), first[1])] if not silent else []
        if not willing:
            return False
        blocks = _blocks(state, start, end)
        for processor in willing:
            holder = Element("div")
            consumed = self._run(processor, holder, blocks)
            if consumed:
                token = state.push(_TYPE, "", 0)
                state.line = (
                    blocks[consumed][0] if consumed < len(blocks) else _container_end(state, start, end)
                )
                token.map, token.meta["made"] = [start, state.line], holder
                return True
        return False

    def _run(self, processor: BlockProcessor, holder: Element, blocks: list[_Block]) -> int:
        """Run *processor* on *blocks*, its output into *holder*; return the number of blocks it consumed."""
        consumed = 0
        while consumed < len(blocks) and (not consumed or blocks[consumed][1].startswith(_INDENT)):
            line, text = blocks[consumed]
            if consumed and not processor.test(holder, text):
                break
            rest = [text for _, text in blocks[consumed:]]
            whole = list(rest)
            with self.parser.attribute_to_line(line):
                if processor.run(holder, rest) is False:
                    break
                unchanged = _same_at_end(whole, rest)
                # Text that it returned changed has no source line of its own.
                self.parser.parseBlocks(holder, rest[: len(rest) - unchanged])
            for element in holder:
                if LINE not in element.attrib:
                    element.set(LINE, str(self.parser.line(line)))
            if len(blocks) - unchanged <= consumed:
                break
            consumed = len(blocks) - unchanged
        return consumed


def _render(token: Token, parent: Element) -> Element:
    """Append the elements that a processor made to *parent*."""
    holder: Element = token.meta["made"]
    parent.extend(holder)
    return parent


def _same_at_end(whole: list[str], rest: list[str]) -> int:
    """Return how many blocks at the end of *rest* are those of *whole*; at least one was consumed."""
    unchanged = 0
    while unchanged < min(len(rest), len(whole) - 1) and rest[-1 - unchanged] == whole[-1 - unchanged]:
        unchanged += 1
    return unchanged


def _blocks(state: StateBlock, start: int, end: int) -> list[_Block]:
    """Return the blocks from *start* to the end of the container."""
    blocks, line = [], start
    last = _container_end(state, start, end)
    while line < last:
        if state.isEmpty(line):
            line += 1
        else:
            block = _block_at(state, line, last)
            blocks.append(block)
            line += block[1].count("\n") + 1
    return blocks


def _block_at(state: StateBlock, start: int, end: int) -> _Block:
    stop = start + 1
    while stop < end and not state.isEmpty(stop) and state.sCount[stop] >= state.blkIndent:
        stop += 1
    return start, state.getLines(start, stop, state.blkIndent, False)


def _container_end(state: StateBlock, start: int, end: int) -> int:
    """Return the line at which the container of line *start* ends."""
    line = start
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    return line
