"""Our Markdown: one construct a file, each with its `CONSTRUCT`."""

from __future__ import annotations

from markdown import Extension, Markdown
from markdown_it import MarkdownIt

from bifolio.manuscript.markdown.dialect import (
    abbreviations,
    admonitions,
    attributes,
    autolinks,
    citations,
    code,
    comments,
    definitions,
    divs,
    figures,
    image_sizes,
    math,
    notes,
    page_breaks,
    spans,
    strikethrough,
    sub_sup_mark,
    tables,
    tasks,
    templates,
    wiki_links,
)
from bifolio.manuscript.markdown.dialect.block_rule_filter import FirstCharacterRuler
from bifolio.manuscript.markdown.dialect.blocks import CommonMarkBlockParser
from bifolio.manuscript.markdown.dialect.construct import Renderer
from bifolio.manuscript.markdown.dialect.inline import CommonMarkInlineParser

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
    sub_sup_mark.CONSTRUCT,
    figures.CONSTRUCT,
    math.CONSTRUCT,
    notes.CONSTRUCT,
    page_breaks.CONSTRUCT,
    image_sizes.CONSTRUCT,
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
        tokenizer = MarkdownIt("commonmark", {"maxNesting": CommonMarkBlockParser.deepest + 1})
        # What a link leads to is judged later, with a finding, not here by leaving it as text.
        tokenizer.validateLink = lambda url: True  # type: ignore[method-assign]
        renderers: dict[str, Renderer] = {}
        for construct in CONSTRUCTS:
            renderers.update(construct.render)
            if construct.tokenize:
                construct.tokenize(tokenizer)
        tokenizer.block.ruler = FirstCharacterRuler(tokenizer.block.ruler)
        inlines = CommonMarkInlineParser(md, tokenizer, renderers)
        inlines.register()
        CommonMarkBlockParser(md, tokenizer, renderers, inlines.environment).register()
        for construct in CONSTRUCTS:
            if construct.treeprocess:
                construct.treeprocess(md)
