"""Fenced divs: `::: name` or `::: {#id .name}` to `:::`, as Pandoc has them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from bifolio.manuscript.dialect.attributes import WRITTEN, assign
from bifolio.manuscript.dialect.construct import Construct

_NAME = re.compile(rf"\s*(?:[\w-]+|{WRITTEN})[\s:]*")


def _find(finder: MarkdownIt) -> None:
    """Let *finder* find fenced divs."""
    # One name, or attributes; more words would be lost, so such a line is text.
    container_plugin(finder, "div", validate=lambda written, *_: bool(_NAME.fullmatch(written)))


def _element(token: Token, parent: Element) -> Element:
    """Add the div that *token* opens to *parent*."""
    div = SubElement(parent, "div")
    name = token.info.strip().rstrip(": ")
    if name.startswith("{") and name.endswith("}"):
        assign(div, name[1:-1])
    else:
        div.set("class", name)
    return div


CONSTRUCT = Construct(find=_find, build={"container_div_open": _element})
