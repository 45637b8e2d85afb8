"""What a construct of the dialect is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown_it import MarkdownIt
from markdown_it.token import Token

Builder = Callable[[Token, Element], Element]
"""Adds to an element what a token stands for or opens, and returns what its content goes into."""


@dataclass(frozen=True, slots=True)
class Construct:
    """One construct: how it is found in the text, and what is made of it."""

    find: Callable[[MarkdownIt], object] | None = None
    """Teaches markdown-it-py to find it."""
    build: Mapping[str, Builder] = field(default_factory=dict)
    """Makes elements of its tokens, block or inline, by their type."""
    extend: Callable[[Markdown], object] | None = None
    """Registers what works on the finished tree with Python-Markdown."""
