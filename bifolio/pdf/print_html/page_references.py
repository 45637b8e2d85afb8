"""Page references: the page numbers that links, lists of contents and indexes show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from bifolio.model.publication import GENERATED, Section

CONTENTS = "contents"
"""The class of a list of contents, figures or tables."""
UNKNOWN_NUMBER = "00"
"""Replaces a page number that is not known yet; about as wide."""


def section_anchor(section: Section) -> str:
    """Return the anchor at the start of *section*, in a publication of several sections."""
    return f"section.{section.name}"


def page_reference_targets(section: Section) -> frozenset[str]:
    """Return the anchors whose page numbers *section* shows."""
    return frozenset(
        link.get("href", "")[1:]
        for tree in section.trees()
        for top in tree.iter()
        for link in _links_with_page(top)
    )


def _links_with_page(top: Element) -> Iterator[Element]:
    """Yield the links that show the page number of their target: *top* itself, or those of a list in it."""
    if top.tag == "a" and top.get(GENERATED) in ("reference", "locator"):
        yield top
    elif top.tag == "nav" and CONTENTS in top.get("class", "").split():
        yield from top.iter("a")


def insert_page_references(parent: Element, labels: Mapping[str, str], page_term: str) -> None:
    """Insert page numbers after the cross-references in *parent*, or after each entry if it is a list.

    *labels* are the page labels by anchor; *page_term* is the word for a page in the language of the text.
    """
    if parent.tag == "nav" and CONTENTS in parent.get("class", "").split():
        for item in parent.iter("li"):
            # Not in the link: the leader would be a link, too.
            item.insert(1, _page_reference(item[0], "{}", labels))
    _fill_locators(parent, labels)
    for link in [child for child in parent if child.tag == "a" and child.get(GENERATED) == "reference"]:
        reference = _page_reference(link, f", {page_term}", labels)
        reference.tail, link.tail = link.tail, None
        parent.insert(list(parent).index(link) + 1, reference)


def _fill_locators(parent: Element, labels: Mapping[str, str]) -> None:
    """Set the page numbers of the locators in *parent*, the entry of an index; each number once."""
    last: Element | None = None
    for link in [child for child in parent if child.get(GENERATED) == "locator"]:
        link.text = labels.get(link.get("href", "")[1:], UNKNOWN_NUMBER)
        if last is not None and last.text == link.text:
            last.tail = link.tail
            parent.remove(link)
        else:
            last = link


def _page_reference(link: Element, pattern: str, labels: Mapping[str, str]) -> Element:
    """Return the element for which the stylesheet prints the page number of the target of *link*.

    In *pattern*, `{}` stands for the page number.
    """
    target = link.get("href", "")
    before, _, after = pattern.partition("{}")
    return Element("span", {
        "class": "page-reference", GENERATED: "page", "data-target": target, "data-before": before,
        "data-page": labels.get(target[1:], UNKNOWN_NUMBER), "data-after": after,
    })  # fmt: skip
