"""Counts elements in the content documents of an EPUB."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lxml import etree

from bifolio.checks.counts.html_counts import count_tree
from bifolio.checks.counts.kinds import Counts
from bifolio.checks.file_readers.epub import (
    EPUB_TYPE,
    GENERATED,
    NAVIGATION_TYPES,
    XHTML,
    content_documents,
)

_GENERATED_CONTENT = frozenset({"matter", "contents", "bibliography", "citation"})


def count_epub(path: Path) -> Counts:
    """Count the elements of the EPUB at *path*. Raises ValueError if it is not an EPUB."""
    counts: Counts = Counter()
    for root in content_documents(path):
        counts += count_tree(root, _is_note, _is_silent)
    return counts


def _is_note(element: etree._Element) -> bool:
    return element.get("role") == "doc-footnote"


def _is_silent(element: etree._Element) -> bool:
    """Say whether *element* is generated or repeats the text."""
    types = set(element.get(EPUB_TYPE, "").split())
    is_generated = element.get(GENERATED) in _GENERATED_CONTENT
    return is_generated or bool(types & NAVIGATION_TYPES) or element.tag == f"{XHTML}head"
