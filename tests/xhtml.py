"""The text of elements that lxml has parsed."""

from __future__ import annotations

from lxml import etree


def text_in(element: etree._Element | None) -> str:
    """Return the text of *element* and of all in it, as it is written."""
    assert element is not None
    return "".join(str(text) for text in element.itertext())


def words_in(element: etree._Element | None) -> str:
    """Return the text of *element* and of all in it, with one space for all white space."""
    return " ".join(text_in(element).split())
