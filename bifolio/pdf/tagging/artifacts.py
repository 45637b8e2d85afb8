"""Marks boxes that are no part of the text as artifacts (ISO 32000-1, 14.8.2.2; PDF/UA-1, 7.1).

Assistive technology skips artifacts: running heads, the headers of a table that are repeated on its next
pages, leaders, line numbers and images without an alternative text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from bifolio.pdf.engine import boxes
from bifolio.pdf.engine.box_facts import box_facts, mark_artifact
from bifolio.pdf.footnotes.layout import CALL_TAG
from bifolio.pdf.tagging.structure_types import alternative_text

_LINE_NUMBER = "data-line-number"
"""The attribute of a line of code before which the stylesheet prints its number."""


def mark_artifacts(pages: Sequence[Any]) -> None:
    """Mark the artifacts on WeasyPrint's *pages*, and remove their links."""
    headers: set[Element] = set()
    for page in pages:
        seen: set[Element] = set()
        for box in boxes.descendants_in_order(boxes.page_box_of(page)):
            is_repeated = box.element in headers and getattr(box, "is_header", False)
            if isinstance(box, boxes.MarginBox) or is_repeated:
                _mark_descendants(box)
                page.links = [link for link in page.links if not box_facts(link[3]).is_artifact]
            elif getattr(box, "is_header", False):
                seen.add(box.element)
            elif box.is_leader or (box.element_tag or "").endswith(CALL_TAG) or _is_line_number(box):
                _mark_descendants(box)
            elif isinstance(box, boxes.ReplacedBox) and not alternative_text(box.element):
                mark_artifact(box)
        headers |= seen


def _mark_descendants(box: Any) -> None:
    for descendant in boxes.descendants_in_order(box):
        mark_artifact(descendant)


def _is_line_number(box: Any) -> bool:
    return (box.element_tag or "").endswith("::before") and _LINE_NUMBER in box.element.attrib
