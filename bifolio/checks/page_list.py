"""The pages that an EPUB marks, held against those of the PDF (EPUB Accessibility 1.1, 3.3.3).

The first words behind every marker are the first words of that page. Captions of figures, and tables with a
caption, are passed over: one that finds no room is read in its place, and stands behind text that follows it.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bifolio.checks.compare import in_logical_order
from bifolio.checks.readers.epub import navigation, spine
from bifolio.checks.readers.extracted_text import letters
from bifolio.checks.readers.pdf import read_pages
from bifolio.model.findings import Finding, Where, found

_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGEBREAK = "doc-pagebreak"
_NOTES = frozenset({"doc-footnote", "doc-noteref", "doc-backlink"})
"""What stands on paper at the foot of a page, and what leads there and back."""
_BESIDE = frozenset({"landmarks", "page-list"})
_IN_LINE = frozenset(f"{_XHTML}{name}" for name in "span em strong a code mark b i sub sup".split())
_ENOUGH = 60
"""How many letters of a page are its first words."""
_SHOWN = 40
"""How much of a text is shown in a message, in characters."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A page as the EPUB marks it."""

    label: str
    href: str
    text: str
    """What follows the marker in its file, far enough to hold the first words of a page."""
    in_contents: bool
    """Whether it stands in the contents, which name more in an EPUB than on paper."""


def compare_pages(book: Path, paper: Path) -> list[Finding]:
    """Hold the pages that the EPUB *book* marks against those of the PDF *paper*.

    An EPUB that marks no page has none to compare. Raises ValueError where one cannot be read.
    """
    markers, listed = read_markers(book)
    if not markers and not listed:
        return []
    pages = read_pages(paper)
    labels = [page.label for page in pages]
    printed = {page.label: page.pieces for page in pages}
    before = dict(zip(labels[1:], (page.pieces for page in pages), strict=False))
    findings = []
    for marker in markers:
        page = printed.get(marker.label)
        if page is None or not _begins(marker, page, before.get(marker.label, [])):
            words, theirs = _short(marker.text), _short(" ".join(page or []))
            fields = {"words": words, "here": book.name, "printed": theirs, "there": paper.name}
            findings.append(found("page-misplaced", Where(book), label=marker.label, **fields))
    marked = [marker.label for marker in markers]
    findings += [
        found("page-unmarked", Where(book), label=page.label, there=paper.name)
        for page in pages
        if page.label not in set(marked) and letters("".join(page.pieces))
    ]
    in_order = [label for label in dict.fromkeys(labels) if label in set(marked)]
    if listed != [(marker.label, marker.href) for marker in markers] or in_order != marked:
        findings.append(found("page-list-differs", Where(book)))
    return findings


def read_markers(path: Path) -> tuple[list[Marker], list[tuple[str, str]]]:
    """Return the pages that are marked in the EPUB at *path*, and those that its page list names.

    The list is given by label and by what it leads to. Raises ValueError where it is no EPUB.
    """
    try:
        with zipfile.ZipFile(path) as book:
            parser = etree.XMLParser(resolve_entities=False)
            files = {name: etree.fromstring(book.read(name), parser) for name in spine(book)}
            nav = navigation(book)
            lists = list(etree.fromstring(book.read(nav), parser).iter(f"{_XHTML}nav")) if nav else []
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, IndexError) as error:
        raise ValueError(f"it is not a whole EPUB: {error}") from error
    markers = [marker for name, tree in files.items() for marker in _markers(name, tree, name == nav)]
    folder = posixpath.dirname(nav)
    listed = [
        (link.text or "", posixpath.normpath(posixpath.join(folder, unquote(link.get("href", "")))))
        for part in lists
        if part.get(_TYPE) == "page-list"
        for link in part.iter(f"{_XHTML}a")
    ]
    return markers, listed


def _markers(name: str, root: etree._Element, in_contents: bool) -> Iterator[Marker]:
    """Give the markers in the file *name*, whose tree is *root*."""
    parts = list(_read(root))
    after = ""
    found_here: list[Marker] = []
    for part in reversed(parts):
        if isinstance(part, str):
            after = (part + after)[: 20 * _ENOUGH]
        else:
            href = f"{name}#{part.get('id', '')}"
            found_here.append(Marker(part.get("aria-label", ""), href, after, in_contents))
    yield from reversed(found_here)


def _read(element: etree._Element) -> Iterator[str | etree._Element]:
    """Give the running text in *element*, and the markers in it; formulas and drawings have none."""
    if (
        not isinstance(element.tag, str)
        or not element.tag.startswith(_XHTML)
        or element.tag == f"{_XHTML}head"
    ):
        return
    if element.get("role") == _PAGEBREAK:
        yield element
        return
    locator = element.get("data-generated") == "locator"
    silent = element.get("role") in _NOTES or element.get(_TYPE) in _BESIDE
    if silent or locator or element.tag == f"{_XHTML}head":
        return
    if element.tag == f"{_XHTML}figcaption" or element.find(f"{_XHTML}caption") is not None:
        yield from (child for child in element.iter() if child.get("role") == _PAGEBREAK)
        return
    yield element.text or ""
    for child in element:
        yield from _read(child)
        yield child.tail or ""
    if element.tag not in _IN_LINE:
        yield "\n"


def _begins(marker: Marker, page: list[str], before: list[str]) -> bool:
    """Say whether the text behind *marker* begins as *page* does.

    A word that is hyphenated begins on the page *before*, and with it the text behind the marker.
    """
    text = letters(marker.text)
    if text.startswith(_first(page[:1] if marker.in_contents else page, text)):
        return True
    words = marker.text.split()
    word = letters(words[0]) if words else ""
    ends = letters("".join(before[-2:]))
    return any(text.startswith(ends[-n:] + _first(page, text[n:])) for n in range(1, len(word)))


def _first(pieces: list[str], order: str) -> str:
    """Return the first letters of *pieces*; of lines that run from right to left in the order of *order*."""
    return in_logical_order("\n".join(pieces[:_ENOUGH]), order)[:_ENOUGH]


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
