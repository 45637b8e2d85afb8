"""What a construct of the dialect is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
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


@dataclass(frozen=True, slots=True)
class Remark:
    """What the author should know, said while it is not yet known which file is read."""

    code: str
    line: int
    """The line in the file, from 1; 0 is the file as a whole."""
    fields: Mapping[str, object]


_REMARKS = "remarks"
_LINE_OF = "line of"


def listen(environment: MutableMapping[str, Any], line_of: Callable[[int], int]) -> list[Remark]:
    """Return the list that will hold the remarks; *line_of* gives a line of the text its line in the file."""
    environment[_LINE_OF] = line_of
    remarks: list[Remark] = environment.setdefault(_REMARKS, [])
    return remarks


def remark(environment: MutableMapping[str, Any], code: str, line: int, /, **fields: object) -> None:
    """Remark *code* at *line* of the text, from 0, while blocks are found."""
    if _REMARKS in environment:
        environment[_REMARKS].append(Remark(code, environment[_LINE_OF](line), fields))
