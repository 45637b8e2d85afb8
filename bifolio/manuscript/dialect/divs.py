"""Fenced divs: `::: name` or `::: {#id .name}` to `:::`, as Pandoc has them."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from bifolio.manuscript.dialect.attributes import assign
from bifolio.manuscript.dialect.construct import Construct


def _find(finder: MarkdownIt) -> None:
    """Let *finder* find fenced divs."""
    container_plugin(finder, "div", validate=lambda parameters, *_: bool(parameters.strip(": ")))


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
