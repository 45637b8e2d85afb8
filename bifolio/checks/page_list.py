"""Compares the page markers and the page list of an EPUB with the pages of the PDF.

EPUB Accessibility 1.1, 3.3.3, asks for both. The first words after a marker must be the first words of that
page. Captions of figures, and tables with a caption, are skipped: as floats they may be on another page than
the text around them.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bifolio.checks.compare import letters_in_order
from bifolio.checks.file_readers.epub import EPUB_TYPE, GENERATED, XHTML, navigation, spine
from bifolio.checks.file_readers.extracted_text import letters
from bifolio.checks.file_readers.pdf import PageText, read_pages
from bifolio.model.findings import Finding, Where, found

_PAGEBREAK = "doc-pagebreak"
_NOTE_ROLES = frozenset({"doc-footnote", "doc-noteref", "doc-backlink"})
"""The roles of notes, which a PDF has at the foot of its pages, and of the links to and from them."""
_NAVIGATION_TYPES = frozenset({"landmarks", "page-list"})
_INLINE_ELEMENTS = frozenset(f"{XHTML}{name}" for name in "span em strong a code mark b i sub sup".split())
_FIRST_LETTERS = 60
"""How many letters at the start of a page are compared."""
_MAX_EXCERPT = 40
"""How many characters of a text a message quotes."""


@dataclass(frozen=True, slots=True)
class PageMarker:
    """A page break marker in an EPUB."""

    label: str
    href: str
    text: str
    """The text after the marker, at least as much of it as is compared."""
    is_in_contents: bool
    """Whether the marker is in the table of contents, which has more entries in an EPUB than in a PDF."""


@dataclass(frozen=True, slots=True)
class PageListEntry:
    """An entry of the page list in the navigation document."""

    label: str
    href: str


def compare_pages(epub: Path, pdf: Path) -> list[Finding]:
    """Compare the page markers and the page list of *epub* with the pages of *pdf*.

    An EPUB without either has no findings. Raises ValueError if a file cannot be read.
    """
    markers, entries = read_markers(epub)
    if not markers and not entries:
        return []
    pages = read_pages(pdf)
    marked = [marker.label for marker in markers]
    findings = _misplaced_markers(markers, pages, epub, pdf)
    findings += [
        found("page-unmarked", Where(epub), label=page.label, there=pdf.name)
        for page in pages
        if page.label not in set(marked) and letters("".join(page.fragments))
    ]
    expected = [label for label in dict.fromkeys(page.label for page in pages) if label in set(marked)]
    is_complete = entries == [PageListEntry(marker.label, marker.href) for marker in markers]
    if not is_complete or expected != marked:
        findings.append(found("page-list-differs", Where(epub)))
    return findings


def _misplaced_markers(
    markers: list[PageMarker], pages: list[PageText], epub: Path, pdf: Path
) -> list[Finding]:
    """Return a finding for each marker whose text is not the start of its page."""
    fragments = {page.label: page.fragments for page in pages}
    labels = [page.label for page in pages]
    previous = dict(zip(labels[1:], (page.fragments for page in pages), strict=False))
    findings = []
    for marker in markers:
        page = fragments.get(marker.label)
        if page is None or not _is_at_start(marker, page, previous.get(marker.label, [])):
            fields = {
                "words": _excerpt(marker.text), "here": epub.name,
                "printed": _excerpt(" ".join(page or [])), "there": pdf.name,
            }  # fmt: skip
            findings.append(found("page-misplaced", Where(epub), label=marker.label, **fields))
    return findings


def read_markers(path: Path) -> tuple[list[PageMarker], list[PageListEntry]]:
    """Return the page markers in the EPUB at *path*, and the entries of its page list.

    Raises ValueError if it is not an EPUB.
    """
    try:
        with zipfile.ZipFile(path) as epub:
            parser = etree.XMLParser(resolve_entities=False)
            documents = {name: etree.fromstring(epub.read(name), parser) for name in spine(epub)}
            nav = navigation(epub)
            navs = list(etree.fromstring(epub.read(nav), parser).iter(f"{XHTML}nav")) if nav else []
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, IndexError) as error:
        raise ValueError(f"it is damaged, or not an EPUB: {error}") from error
    markers = [
        marker for name, root in documents.items() for marker in _markers(name, root, is_contents=name == nav)
    ]
    folder = posixpath.dirname(nav)
    entries = [
        PageListEntry(
            link.text or "", posixpath.normpath(posixpath.join(folder, unquote(link.get("href", ""))))
        )
        for element in navs
        if element.get(EPUB_TYPE) == "page-list"
        for link in element.iter(f"{XHTML}a")
    ]
    return markers, entries


def _markers(name: str, root: etree._Element, *, is_contents: bool) -> list[PageMarker]:
    """Return the markers in the document *name* with this *root*."""
    text = ""
    markers: list[PageMarker] = []
    for item in reversed(list(_text_and_markers(root))):
        if isinstance(item, str):
            text = (item + text)[: 20 * _FIRST_LETTERS]
        else:
            href = f"{name}#{item.get('id', '')}"
            markers.append(PageMarker(item.get("aria-label", ""), href, text, is_contents))
    return markers[::-1]


def _text_and_markers(element: etree._Element) -> Iterator[str | etree._Element]:
    """Yield the running text of *element* and the marker elements in it, without formulas and drawings."""
    if not isinstance(element.tag, str) or not element.tag.startswith(XHTML):
        return
    if element.get("role") == _PAGEBREAK:
        yield element
        return
    if _is_silent(element):
        return
    if element.tag == f"{XHTML}figcaption" or element.find(f"{XHTML}caption") is not None:
        yield from (child for child in element.iter() if child.get("role") == _PAGEBREAK)
        return
    yield element.text or ""
    for child in element:
        yield from _text_and_markers(child)
        yield child.tail or ""
    if element.tag not in _INLINE_ELEMENTS:
        yield "\n"


def _is_silent(element: etree._Element) -> bool:
    return (
        element.tag == f"{XHTML}head"
        or element.get("role") in _NOTE_ROLES
        or element.get(EPUB_TYPE) in _NAVIGATION_TYPES
        or element.get(GENERATED) == "locator"
    )


def _is_at_start(marker: PageMarker, page: list[str], previous: list[str]) -> bool:
    """Say whether the text after *marker* begins like *page*.

    A word that is hyphenated across the page break begins on the *previous* page, and the text after the
    marker begins with that word.
    """
    text = letters(marker.text)
    if text.startswith(_first_letters(page[:1] if marker.is_in_contents else page, text)):
        return True
    words = marker.text.split()
    word = letters(words[0]) if words else ""
    end = letters("".join(previous[-2:]))
    return any(text.startswith(end[-n:] + _first_letters(page, text[n:])) for n in range(1, len(word)))


def _first_letters(fragments: list[str], reference: str) -> str:
    """Return the first letters of *fragments*; those of right-to-left lines in the order of *reference*."""
    return letters_in_order("\n".join(fragments[:_FIRST_LETTERS]), reference)[:_FIRST_LETTERS]


def _excerpt(text: str) -> str:
    return " ".join(text.split())[:_MAX_EXCERPT]
