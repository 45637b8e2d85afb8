"""The syntax of the dialect: one module per construct, each with its `CONSTRUCT`.

In: a Python-Markdown parser. Out: the same parser, in which markdown-it-py tokenizes blocks and inlines by
the rules of CommonMark 0.31.2 and of the constructs.
"""

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
    """The dialect as a Python-Markdown extension."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Replace the block and inline parsers of *md*, and register every construct."""
        tokenizer = MarkdownIt("commonmark", {"maxNesting": CommonMarkBlockParser.max_depth + 1})
        # Links are checked later and reported as findings; markdown-it-py would leave a bad one as text.
        tokenizer.validateLink = lambda url: True  # type: ignore[method-assign]
        renderers: dict[str, Renderer] = {}
        for construct in CONSTRUCTS:
            renderers.update(construct.render)
            if construct.tokenize:
                construct.tokenize(tokenizer)
        tokenizer.block.ruler = FirstCharacterRuler(tokenizer.block.ruler)
        inline_parser = CommonMarkInlineParser(md, tokenizer, renderers)
        inline_parser.register()
        CommonMarkBlockParser(md, tokenizer, renderers, inline_parser.environment).register()
        for construct in CONSTRUCTS:
            if construct.treeprocess:
                construct.treeprocess(md)
