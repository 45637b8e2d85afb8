"""Our Markdown: one construct a file, each with its `CONSTRUCT`."""

from __future__ import annotations

from markdown import Extension, Markdown
from markdown_it import MarkdownIt

from bifolio.manuscript.dialect import (
    abbreviations,
    admonitions,
    attributes,
    autolinks,
    citations,
    code,
    comments,
    definitions,
    divs,
    enclosed,
    figures,
    math,
    notes,
    page_breaks,
    sized_pictures,
    spans,
    strikethrough,
    tables,
    tasks,
    templates,
    wiki_links,
)
from bifolio.manuscript.dialect.blocks import CommonMarkBlocks
from bifolio.manuscript.dialect.construct import Builder
from bifolio.manuscript.dialect.inline import Inlines
from bifolio.manuscript.dialect.line_starts import LineStarts

CONSTRUCTS = (
    abbreviations.CONSTRUCT,
    admonitions.CONSTRUCT,
    attributes.CONSTRUCT,
    autolinks.CONSTRUCT,
    citations.CONSTRUCT,
    code.CONSTRUCT,
    comments.CONSTRUCT,
    definitions.CONSTRUCT,
    divs.CONSTRUCT,
    enclosed.CONSTRUCT,
    figures.CONSTRUCT,
    math.CONSTRUCT,
    notes.CONSTRUCT,
    page_breaks.CONSTRUCT,
    sized_pictures.CONSTRUCT,
    spans.CONSTRUCT,
    strikethrough.CONSTRUCT,
    tables.CONSTRUCT,
    tasks.CONSTRUCT,
    templates.CONSTRUCT,
    wiki_links.CONSTRUCT,
)


class Dialect(Extension):
    """The dialect as one extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Put our parsers in the place of those of *md*, and register every construct."""
        finder = MarkdownIt("commonmark", {"maxNesting": CommonMarkBlocks.deepest + 1})
        # What a link leads to is judged later, with a finding, not here by leaving it as text.
        finder.validateLink = lambda url: True  # type: ignore[method-assign]
        builders: dict[str, Builder] = {}
        for construct in CONSTRUCTS:
            builders.update(construct.build)
            if construct.find:
                construct.find(finder)
        finder.block.ruler = LineStarts(finder.block.ruler)
        inlines = Inlines(md, finder, builders)
        inlines.register()
        CommonMarkBlocks(md, finder, builders, inlines.environment).register()
        for construct in CONSTRUCTS:
            if construct.extend:
                construct.extend(md)
