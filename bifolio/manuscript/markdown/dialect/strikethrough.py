"""Strikethrough: `~~text~~` (GitHub Flavored Markdown 0.29, 6.5)."""

from __future__ import annotations

from markdown_it import MarkdownIt

from bifolio.manuscript.markdown.dialect.construct import Construct


def _register_rules(tokenizer: MarkdownIt) -> None:
    """Enable the inline rule for strikethrough."""
    tokenizer.enable("strikethrough")


CONSTRUCT = Construct(tokenize=_register_rules)
