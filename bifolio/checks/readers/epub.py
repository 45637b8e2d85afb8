"""Reading a finished EPUB."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bifolio.checks.counts.html_counts import Counts, count_tree
from bifolio.checks.readers.extracted_text import ExtractedText

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_BESIDE = frozenset({"titlepage", "cover", "toc", "landmarks", "page-list"})
"""Parts that repeat the text or lead to it."""
_SAID_ELSEWHERE = frozenset({"locator", "contents"})
"""What leads to the text and is words of it, or numbers."""
_MARKS = frozenset({"doc-noteref", "doc-backlink", "doc-pagebreak"})
_GENERATED = "data-generated"
"""The attribute of what the edition adds to the words of its author."""
_SILENT = frozenset(
    {f"{_XHTML}{name}" for name in ("head", "script", "style", "template")}
    | {"{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/1998/Math/MathML}annotation"}
)
_MATH = "{http://www.w3.org/1998/Math/MathML}math"


@dataclass(frozen=True, slots=True)
class _Words:
    """What was read so far."""

    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    in_notes: list[str] = field(default_factory=list)
    """The references of notes."""


def read_epub(path: Path) -> ExtractedText:
    """Return what a reader finds in the EPUB at *path*.

    Raises ValueError where it is no EPUB.
    """
    words = _Words()
    for root in _documents(path):
        _read(root, words)
    references = " ".join([*words.references, *words.in_notes])
    return ExtractedText(path.name, "".join(words.text), "".join(words.notes), references=references)


def count_epub(path: Path) -> Counts:
    """Count what the EPUB at *path* holds.

    Raises ValueError where it is no EPUB.
    """
    counts: Counts = Counter()
    for root in _documents(path):
        counts += count_tree(root, _is_note, _is_beside)
    return counts


def _documents(path: Path) -> Iterator[etree._Element]:
    """Give the content documents of the EPUB at *path* in reading order."""
    try:
        with zipfile.ZipFile(path) as book:
            parser = etree.XMLParser(resolve_entities=False)
            for name in spine(book):
                yield etree.fromstring(book.read(name), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, IndexError) as error:
        raise ValueError(f"it is not a whole EPUB: {error}") from error


def _is_note(element: etree._Element) -> bool:
    return element.get("role") == "doc-footnote"


def _is_beside(element: etree._Element) -> bool:
    types = set(element.get(_TYPE, "").split())
    made = element.get(_GENERATED) in ("matter", "contents", "bibliography", "citation")
    return made or bool(types & _BESIDE) or element.tag == f"{_XHTML}head"


def spine(book: zipfile.ZipFile) -> list[str]:
    """Return the names of the content documents in reading order (EPUB 3.3, 5.7)."""
    folder, root = _package(book)
    items = {item.get("id"): item.get("href", "") for item in root.iter(f"{_OPF}item")}
    return [_name(folder, items[ref.get("idref")]) for ref in root.iter(f"{_OPF}itemref")]


def navigation(book: zipfile.ZipFile) -> str:
    """Return the name of the navigation document; empty where there is none (EPUB 3.3, 7.1)."""
    folder, root = _package(book)
    names = (
        item.get("href", "")
        for item in root.iter(f"{_OPF}item")
        if "nav" in item.get("properties", "").split()
    )
    return next((_name(folder, name) for name in names), "")


def _package(book: zipfile.ZipFile) -> tuple[str, etree._Element]:
    """Return the folder of the package document of *book*, and its root (EPUB 3.3, 4.2.6.3.1)."""
    container = etree.fromstring(book.read("META-INF/container.xml"))
    package = container.findall(f".//{_CONTAINER}rootfile")[0].get("full-path", "")
    return posixpath.dirname(package), etree.fromstring(book.read(package))


def _name(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _read(element: etree._Element, words: _Words) -> None:
    """Add what *element* says to *words*."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    if element.tag == _MATH:
        words.text.append(element.get("alttext", ""))
        return
    types = set(element.get(_TYPE, "").split())
    role = element.get("role", "")
    generated = element.get(_GENERATED)
    if role in _MARKS or generated in _SAID_ELSEWHERE or (types & _BESIDE and not _is_made(element)):
        return
    if generated == "matter":
        _read_inside(element, replace(words, text=words.references))
        return
    if generated:
        words.references.append("".join(str(part) for part in element.itertext()))
        return
    if role == "doc-endnotes":
        for note in element:
            if note.get("role") == "doc-footnote":
                _read(note, replace(words, text=words.notes, references=words.in_notes))
                words.notes.append("\n")
        return
    _read_inside(element, words)


def _is_made(element: etree._Element) -> bool:
    """Say whether *element* holds a page that is made for the book, not one that repeats its text."""
    return element.find(f"*[@{_GENERATED}='matter']") is not None


def _read_inside(element: etree._Element, words: _Words) -> None:
    if element.text:
        words.text.append(element.text)
    for child in element:
        _read(child, words)
        if child.tail:
            words.text.append(child.tail)
    if element.tag.removeprefix(_XHTML) not in ("span", "em", "strong", "a", "b", "i", "sup", "sub"):
        words.text.append("\n")
