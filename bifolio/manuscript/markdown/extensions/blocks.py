"""Block processors of extensions, tried where CommonMark would begin a paragraph.

A processor of Python-Markdown is given the blocks that follow, parted by empty lines, and takes as many of
them as it likes. What stands in them is read by our own parser again.
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
"""The line that a block begins on, from 0, and its text."""


class ExtensionBlocks:
    """The processors, those first that ask for it."""

    def __init__(self, parser: CommonMarkBlockParser, processors: Sequence[BlockProcessor]) -> None:
        self.parser = parser
        self.processors = processors

    def register(self) -> None:
        """Let the parser of blocks try the processors, if there are any."""
        if self.processors:
            self.parser.tokenizer.block.ruler.before("lheading", _TYPE, self._rule)
            self.parser.renderers[_TYPE] = _build

    def _rule(self, state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = _block_at(state, start, end)
        willing = [p for p in self.processors if p.test(Element("div"), first[1])] if not silent else []
        if not willing:
            return False
        blocks = _blocks(state, start, end)
        for processor in willing:
            holder = Element("div")
            taken = self._take(processor, holder, blocks)
            if taken:
                token = state.push(_TYPE, "", 0)
                state.line = blocks[taken][0] if taken < len(blocks) else _end(state, start, end)
                token.map, token.meta["made"] = [start, state.line], holder
                return True
        return False

    def _take(self, processor: BlockProcessor, holder: Element, blocks: list[_Block]) -> int:
        """Let *processor* put what it makes of *blocks* into *holder*; return how many it took."""
        taken = 0
        while taken < len(blocks) and (not taken or blocks[taken][1].startswith(_INDENT)):
            line, text = blocks[taken]
            if taken and not processor.test(holder, text):
                break
            rest = [text for _, text in blocks[taken:]]
            whole = list(rest)
            with self.parser.within(line):
                if processor.run(holder, rest) is False:
                    break
                kept = _same_at_end(whole, rest)
                # What it gives back of a block is no line of the source any more.
                self.parser.parseBlocks(holder, rest[: len(rest) - kept])
            for element in holder:
                if LINE not in element.attrib:
                    element.set(LINE, str(self.parser.line(line)))
            if len(blocks) - kept <= taken:
                break
            taken = len(blocks) - kept
        return taken


def _build(token: Token, parent: Element) -> Element:
    """Add what a processor has made to *parent*."""
    holder: Element = token.meta["made"]
    parent.extend(holder)
    return parent


def _same_at_end(whole: list[str], rest: list[str]) -> int:
    """Return how many blocks at the end of *rest* are as they were in *whole*; one at least was taken."""
    kept = 0
    while kept < min(len(rest), len(whole) - 1) and rest[-1 - kept] == whole[-1 - kept]:
        kept += 1
    return kept


def _blocks(state: StateBlock, start: int, end: int) -> list[_Block]:
    """Return the blocks from *start* to the end of what they stand in."""
    blocks, line = [], start
    last = _end(state, start, end)
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


def _end(state: StateBlock, start: int, end: int) -> int:
    """Return the line at which what *start* stands in ends."""
    line = start
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    return line
