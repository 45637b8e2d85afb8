"""Reading a finished EPUB."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bifolio.proofing.counting import Counts, count_tree
from bifolio.proofing.reading import Reading

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_BESIDE = frozenset({"titlepage", "cover", "toc", "landmarks", "page-list"})
"""Parts that repeat the text or lead to it."""
_MARKS = frozenset({"doc-noteref", "doc-backlink", "doc-pagebreak"})
_GENERATED = "data-generated"
"""The attribute of what the edition adds to the words of its author."""
_SILENT = frozenset(
    {f"{_XHTML}{name}" for name in ("head", "script", "style", "template")}
    | {"{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/1998/Math/MathML}annotation"}
)
_MATH = "{http://www.w3.org/1998/Math/MathML}math"


def read_epub(path: Path) -> Reading:
    """Return what a reader finds in the EPUB at *path*.

    Raises ValueError where it is no EPUB.
    """
    text: list[str] = []
    notes: list[str] = []
    references: list[str] = []
    for root in _documents(path):
        _read(root, text, notes, references)
    return Reading(path.name, "".join(text), "".join(notes), references=" ".join(references))


def count_epub(path: Path) -> Counts:
    """Count what the EPUB at *path* holds.

    Raises ValueError where it is no EPUB.
    """
    counts: Counts = Counter()
    for root in _documents(path):
        counts += count_tree(root, _is_note, _is_beside)
    return counts


def _documents(path: Path) -> list[etree._Element]:
    """Return the content documents of the EPUB at *path* in reading order."""
    try:
        with zipfile.ZipFile(path) as book:
            parser = etree.XMLParser(resolve_entities=False)
            return [etree.fromstring(book.read(name), parser) for name in _spine(book)]
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, IndexError) as error:
        raise ValueError(f"it is not a whole EPUB: {error}") from error


def _is_note(element: etree._Element) -> bool:
    return element.get("role") == "doc-footnote"


def _is_beside(element: etree._Element) -> bool:
    types = set(element.get(_TYPE, "").split())
    listed = element.get(_GENERATED) in ("bibliography", "citation")
    return bool(types & _BESIDE) or listed or element.tag == f"{_XHTML}head"


def _spine(book: zipfile.ZipFile) -> list[str]:
    """Return the names of the content documents in reading order (EPUB 3.3, 5.7)."""
    container = etree.fromstring(book.read("META-INF/container.xml"))
    package = container.findall(f".//{_CONTAINER}rootfile")[0].get("full-path", "")
    root = etree.fromstring(book.read(package))
    items = {item.get("id"): item.get("href", "") for item in root.iter(f"{_OPF}item")}
    folder = posixpath.dirname(package)
    return [
        posixpath.normpath(posixpath.join(folder, unquote(items[ref.get("idref")])))
        for ref in root.iter(f"{_OPF}itemref")
    ]


def _read(element: etree._Element, text: list[str], notes: list[str], references: list[str]) -> None:
    """Add what *element* says to *text*, what its notes say to *notes*, and the rest to *references*."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    if element.tag == _MATH:
        text.append(element.get("alttext", ""))
        return
    types = set(element.get(_TYPE, "").split())
    role = element.get("role", "")
    if types & _BESIDE or role in _MARKS:
        return
    if element.get(_GENERATED):
        references.append("".join(str(words) for words in element.itertext()))
        return
    if role == "doc-endnotes":
        for note in element:
            if note.get("role") == "doc-footnote":
                _read(note, notes, notes, references)
                notes.append("\n")
        return
    if element.text:
        text.append(element.text)
    for child in element:
        _read(child, text, notes, references)
        if child.tail:
            text.append(child.tail)
    if element.tag.removeprefix(_XHTML) not in ("span", "em", "strong", "a", "b", "i", "sup", "sub"):
        text.append("\n")
