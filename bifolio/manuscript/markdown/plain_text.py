"""Parses plain text: the first paragraph is the title, blank lines separate paragraphs."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from bifolio.model.publication import LINE


def parse_plain_text(text: str) -> Element:
    """Return the tree of *text*, in which no character is markup."""
    body = Element("div")
    paragraph: list[str] = []
    start = 0
    tag = "h1"
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            start = start if paragraph else number
            paragraph.append(line.strip())
        if paragraph and (tag == "h1" or not line.strip()):
            SubElement(body, tag, {LINE: str(start)}).text = "\n".join(paragraph)
            paragraph, tag = [], "p"
    return body
