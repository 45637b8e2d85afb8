"""Struck text: `~~text~~` (GitHub Flavored Markdown 0.29, 6.5)."""

from __future__ import annotations

from markdown import Markdown
from markdown.inlinepatterns import SimpleTagInlineProcessor


def extend(md: Markdown) -> None:
    """Register the pattern beside emphasis."""
    md.inlinePatterns.register(
        SimpleTagInlineProcessor(r"(?<!~)(~{1,2})(?![\s~])(.+?)(?<![\s~])\1(?!~)", "del"), "del", 55
    )
