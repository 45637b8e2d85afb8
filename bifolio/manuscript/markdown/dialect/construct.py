"""Defines `Construct`, one syntax feature of the dialect, and the remarks that constructs make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown_it import MarkdownIt
from markdown_it.token import Token

Renderer = Callable[[Token, Element], Element]
"""Appends the element for a token to a parent element; returns the element that takes the token's content."""


@dataclass(frozen=True, slots=True)
class Construct:
    """One syntax feature, in the three stages of a parse."""

    tokenize: Callable[[MarkdownIt], object] | None = None
    """Registers the block and inline rules with markdown-it-py."""
    render: Mapping[str, Renderer] = field(default_factory=dict)
    """The renderer of each block or inline token, by token type."""
    treeprocess: Callable[[Markdown], object] | None = None
    """Registers tree processors with Python-Markdown."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding whose source file is not yet known."""

    code: str
    line: int
    """The line of the file, from 1; 0 for the file as a whole."""
    fields: Mapping[str, object]


_REMARKS = "remarks"
_LINE_OF = "line of"


def collect_remarks(environment: MutableMapping[str, Any], line_of: Callable[[int], int]) -> list[Remark]:
    """Return the list to which `remark` will append.

    *line_of* maps a 0-based line index of the text to a 1-based line of the file.
    """
    environment[_LINE_OF] = line_of
    remarks: list[Remark] = environment.setdefault(_REMARKS, [])
    return remarks


def remark(environment: MutableMapping[str, Any], code: str, line_index: int, /, **fields: object) -> None:
    """Record finding *code* at *line_index* of the text during block parsing."""
    if _REMARKS in environment:
        environment[_REMARKS].append(Remark(code, environment[_LINE_OF](line_index), fields))
