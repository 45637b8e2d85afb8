"""Tables (GitHub Flavored Markdown 0.29, 4.10) and their captions.

A caption is a paragraph `Table: text {#id}`, or `: text`, before or after the table.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as match_table
from markdown_it.rules_block.table import escapedSplit

from bifolio.manuscript.markdown.dialect.attributes import ATTRIBUTE_LIST, set_attributes
from bifolio.manuscript.markdown.dialect.construct import Construct, remark
from bifolio.model.publication import LINE

_CAPTION = re.compile(r"(?:Table)?:[ ]+(?=\S)")
_ATTRIBUTES = re.compile(rf"[ ]*{ATTRIBUTE_LIST}\s*$")
_WIDE_COLUMNS = 6
"""The least number of columns of a wide table."""
_LONGEST_WORD = 40
"""The length of the longest word that fits an ordinary column, in characters."""


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Enable the block rule for tables."""
    tokenizer.enable("table")
    tokenizer.block.ruler.at("table", _rule, {"alt": ["paragraph", "reference"]})


def _register_treeprocessor(md: Markdown) -> None:
    """Register the tree processor that moves captions into tables, before the inline parser."""
    md.treeprocessors.register(_Captions(md), "captions", 25)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a table; remark on cells beyond the columns of its header row."""
    before = len(state.tokens)
    if not match_table(state, start, end, silent):
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
            for index, table in enumerate(children):
                if table.tag == "table":
                    _mark_wide(table)
                    before, after = children[max(index - 1, 0) : index], children[index + 1 : index + 2]
                    _move_caption(parent, table, after + before)


def _mark_wide(table: Element) -> None:
    """Add the class `wide`, for smaller type, to a table of many columns or long words."""
    row = table.find(".//tr")
    words = " ".join(table.itertext()).split()
    if (row is not None and len(row) >= _WIDE_COLUMNS) or any(len(word) > _LONGEST_WORD for word in words):
        table.set("class", f"{table.get('class', '')} wide".strip())


def _move_caption(parent: Element, table: Element, neighbours: list[Element]) -> None:
    """Turn the first of *neighbours* that is a caption into the caption of *table*."""
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
        neighbour.text = None  # it may be next to another table too
        return


CONSTRUCT = Construct(tokenize=_register_rules, treeprocess=_register_treeprocessor)
