"""One Markdown text to one element tree, every block with its source line."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown

from bifolio.errors import SourceError
from bifolio.findings import Where
from bifolio.manuscript.dialect import Dialect
from bifolio.manuscript.dialect.blocks import CommonMarkBlocks
from bifolio.manuscript.dialect.citations import WORKS
from bifolio.manuscript.raw_html import parse_raw
from bifolio.publication import LINE

DEEPEST = 120
"""How deep elements may stand in each other, so that both editions can carry them."""

_CONTROL = str.maketrans("", "", "\x02\x03")
"""Python-Markdown keeps these two characters for its placeholders."""


def read_markdown(text: str, first_line: int, works: Set[str] | None = None) -> Element:
    """Return the tree of *text*, a `div`, with the author's own HTML parsed but not yet sanitised.

    *first_line* is the line of the file that *text* begins on. *works* are the keys of what it may cite;
    without them nothing is a citation. Raises SourceError when the text is nested too deep, or too tangled,
    to be read safely.
    """
    md = Markdown(extensions=[Dialect()])
    assert isinstance(md.parser, CommonMarkBlocks)
    md.parser.first_line = first_line
    md.parser.environment[WORKS] = works
    root = md.parser.parseDocument(text.translate(_CONTROL).split("\n")).getroot()
    assert root is not None
    for treeprocessor in md.treeprocessors:
        changed = treeprocessor.run(root)
        root = root if changed is None else changed
    parse_raw(root, [str(piece) for piece in md.htmlStash.rawHtmlBlocks])
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    stack = [(root, 0, 0)]
    while stack:
        element, depth, line = stack.pop()
        line = int(element.get(LINE, line))
        if depth > DEEPEST:
            raise SourceError(
                f"Elements stand in each other more than {DEEPEST} deep.",
                Where(Path(), line),  # which file it is, the reader of the file knows
                "Look for tags and emphasis that nothing closes.",
            )
        stack.extend([(child, depth + 1, line) for child in element])
