"""Attributes in braces: `{#id .class key="value"}` on a heading, span, link, picture or block."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import get_attrs_and_remainder, sanitize_name


def assign(element: Element, written: str) -> None:
    """Give *element* the attributes that stand in *written*, the text between the braces."""
    attributes, _ = get_attrs_and_remainder(written.removeprefix(":").strip())
    for name, value in attributes:
        if name == ".":
            element.set("class", f"{element.get('class', '')} {value}".strip())
        else:
            element.set(sanitize_name(name), value or "")
