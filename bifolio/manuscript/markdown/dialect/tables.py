"""Captions of tables: a paragraph `Table: text {#id}`, or `: text`, before or after the table."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as find_table
from markdown_it.rules_block.table import escapedSplit

from bifolio.manuscript.markdown.dialect.attributes import ATTRIBUTE_LIST, set_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct, remark
from bifolio.model.publication import LINE

_CAPTION = re.compile(r"(?:Table)?:[ ]+(?=\S)")
_ATTRIBUTES = re.compile(rf"[ ]*{ATTRIBUTE_LIST}\s*$")
_WIDE = 6
"""The number of columns from which a table is wide."""
_LONG = 40
"""The number of letters from which a word is too long for a column."""


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Let *tokenizer* find tables (GitHub Flavored Markdown 0.29, 4.10)."""
    tokenizer.enable("table")
    tokenizer.block.ruler.at("table", _rule, {"alt": ["paragraph", "reference"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the caption's way into its table, before the inline patterns run."""
    md.treeprocessors.register(_Captions(md), "captions", 25)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Find a table, and remark on the cells that its head has no column for."""
    before = len(state.tokens)
    if not find_table(state, start, end, silent):
        return False
    if not silent:
        columns = sum(token.type == "th_open" for token in state.tokens[before:])
        for line in range(start + 2, state.line):
            _remark_surplus(state, line, columns)
    return True


def _remark_surplus(state: StateBlock, line: int, columns: int) -> None:
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if state.src.count("|", begin, end) < columns:
        return
    cells = escapedSplit(state.src[begin:end].strip())
    surplus = [cell.strip() for cell in cells[columns + (not cells[0]) :] if cell.strip()]
    if surplus:
        remark(state.env, "cells-dropped", line, cell=surplus[0])


class _Captions(Treeprocessor):
    def run(self, root: Element) -> None:
        for parent in list(root.iter()) if root.find(".//table") is not None else ():
            children = list(parent)
            for place, table in enumerate(children):
                if table.tag == "table":
                    _mark_wide(table)
                    _caption(
                        parent, table, children[place + 1 : place + 2] + children[max(place - 1, 0) : place]
                    )


def _mark_wide(table: Element) -> None:
    """Give a table of many columns the class by which the stylesheet sets it small."""
    row = table.find(".//tr")
    words = " ".join(table.itertext()).split()
    if (row is not None and len(row) >= _WIDE) or any(len(word) > _LONG for word in words):
        table.set("class", f"{table.get('class', '')} wide".strip())


def _caption(parent: Element, table: Element, neighbours: list[Element]) -> None:
    for neighbour in neighbours:
        match = _CAPTION.match(neighbour.text or "") if neighbour.tag == "p" else None
        if not match or neighbour.text is None:
            continue
        text = neighbour.text[match.end() :]
        attributes = _ATTRIBUTES.search(text)
        if attributes:
            set_attributes(table, attributes.group(1))
            text = text[: attributes.start()]
        caption = Element("caption", {LINE: neighbour.get(LINE, "0")})
        caption.text = text
        table.insert(0, caption)
        parent.remove(neighbour)
        neighbour.text = None  # another table may stand on its other side
        return


CONSTRUCT = Construct(tokenize=_register_rules, treeprocess=_register_treeprocessor)
