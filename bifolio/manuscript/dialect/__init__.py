"""Our Markdown: one construct a file, each an extension of Python-Markdown."""

from __future__ import annotations

from markdown import Extension, Markdown

from bifolio.manuscript.dialect import (
    attributes,
    blocks,
    divs,
    figures,
    links,
    notes,
    spans,
    strikethrough,
    tables,
)

CONSTRUCTS = (blocks, attributes, divs, notes, links, figures, spans, strikethrough, tables)
"""The modules of the dialect; each registers its part with `extend`."""


class Dialect(Extension):
    """The dialect as one extension of Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register every construct with *md*."""
        for construct in CONSTRUCTS:
            construct.extend(md)
