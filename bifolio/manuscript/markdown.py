"""One Markdown text to one element tree, every block with its source line."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown

from bifolio.manuscript.dialect import Dialect
from bifolio.manuscript.dialect.blocks import CommonMarkBlocks
from bifolio.manuscript.raw_html import parse_raw

_CONTROL = str.maketrans("", "", "\x02\x03")
"""Python-Markdown keeps these two characters for its placeholders."""


def read_markdown(text: str, first_line: int) -> Element:
    """Return the tree of *text*, a `div`, with the author's own HTML parsed but not yet sanitised.

    *first_line* is the line of the file that *text* begins on.
    """
    md = Markdown(extensions=[Dialect()])
    assert isinstance(md.parser, CommonMarkBlocks)
    md.parser.first_line = first_line
    root = md.parser.parseDocument(text.translate(_CONTROL).split("\n")).getroot()
    assert root is not None
    for treeprocessor in md.treeprocessors:
        changed = treeprocessor.run(root)
        root = root if changed is None else changed
    parse_raw(root, [str(piece) for piece in md.htmlStash.rawHtmlBlocks])
    return root
