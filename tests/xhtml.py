"""Extracts the text of elements parsed by lxml."""

from __future__ import annotations

from lxml import etree


def text_in(element: etree._Element | None) -> str:
    """Return the text of *element* and its descendants, with its white space."""
    assert element is not None
    return "".join(str(text) for text in element.itertext())


def words_in(element: etree._Element | None) -> str:
    """Return the text of *element* and its descendants, with runs of white space collapsed."""
    return " ".join(text_in(element).split())
