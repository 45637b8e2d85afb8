"""Our Markdown: one construct a file.

A construct has `find`, which teaches markdown-it-py to find it, or `extend`, which teaches Python-Markdown
what to make of it, or both.
"""

from __future__ import annotations

from markdown import Extension, Markdown
from markdown_it import MarkdownIt

from bifolio.manuscript.dialect import attributes, divs, figures, notes, spans, strikethrough, tables
from bifolio.manuscript.dialect.blocks import CommonMarkBlocks
from bifolio.manuscript.dialect.inline import Inlines

_FOUND = (attributes, divs, notes, spans, strikethrough, tables)
_MADE = (attributes, figures, tables)


class Dialect(Extension):
    """The dialect as one extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Put our parsers in the place of those of *md*, and register every construct."""
        finder = MarkdownIt("commonmark", {"maxNesting": CommonMarkBlocks.deepest + 1})
        # What a link leads to is judged later, with a finding, not here by leaving it as text.
        finder.validateLink = lambda url: True  # type: ignore[method-assign]
        for construct in _FOUND:
            construct.find(finder)
        inlines = Inlines(md, finder)
        inlines.register()
        CommonMarkBlocks(md, finder, inlines.environment).register()
        for made in _MADE:
            made.extend(md)
