"""Attributes in braces: `{#id .class key="value"}` on a heading, span, link, picture or block.

Braces that hold nothing of the kind are text.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import (
    AttrListTreeprocessor,
    get_attrs_and_remainder,
    sanitize_name,
)

WRITTEN = r"\{:?[ ]*((?:[#.][^\s{}]|[A-Za-z][\w-]*=)[^{}\n]*)\}"
"""A regular expression for attributes; its group is what stands between the braces."""


def extend(md: Markdown) -> None:
    """Register attributes on what Markdown makes."""
    md.treeprocessors.register(_Attributes(md), "attr_list", 8)


def assign(element: Element, written: str) -> None:
    """Give *element* the attributes that stand in *written*, the text between the braces."""
    attributes, _ = get_attrs_and_remainder(written.removeprefix(":").strip())
    for name, value in attributes:
        if name == ".":
            element.set("class", f"{element.get('class', '')} {value}".strip())
        else:
            element.set(sanitize_name(name), value or "")


class _Attributes(AttrListTreeprocessor):
    """Python-Markdown's attribute lists; its own pattern would take any words in braces."""

    HEADER_RE = re.compile(rf"[ ]+{WRITTEN}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{WRITTEN}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{WRITTEN}")  # type: ignore[misc]
