"""Struck text: `~~text~~` (GitHub Flavored Markdown 0.29, 6.5)."""

from __future__ import annotations

from markdown_it import MarkdownIt

from bifolio.manuscript.markdown.dialect.construct import Construct


def _find(finder: MarkdownIt) -> None:
    """Let *finder* find struck text."""
    finder.enable("strikethrough")


CONSTRUCT = Construct(find=_find)
