"""Extracts the text of an EPUB in reading order."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bifolio.checks.file_readers.extracted_text import ExtractedText

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
GENERATED = "data-generated"
"""The attribute of content that the edition adds to the words of its author."""
NAVIGATION_TYPES = frozenset({"titlepage", "cover", "toc", "landmarks", "page-list"})
"""The values of `epub:type` for parts that repeat the text or lead to it."""
_NAVIGATION_CONTENT = frozenset({"locator", "contents"})
"""The values of `data-generated` for content that leads to the text: page numbers, or words of the text."""
_SILENT_ROLES = frozenset({"doc-noteref", "doc-backlink", "doc-pagebreak"})
_SILENT_ELEMENTS = frozenset(
    {f"{XHTML}{name}" for name in ("head", "script", "style", "template")}
    | {"{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/1998/Math/MathML}annotation"}
)
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_INLINE_ELEMENTS = frozenset(
    f"{XHTML}{name}" for name in ("span", "em", "strong", "a", "b", "i", "sup", "sub")
)


@dataclass(frozen=True, slots=True)
class _Buffers:
    """The pieces of text read so far."""

    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    note_references: list[str] = field(default_factory=list)
    """The references in notes."""


def read_epub(path: Path) -> ExtractedText:
    """Return the text of the EPUB at *path*. Raises ValueError if it is not an EPUB."""
    buffers = _Buffers()
    for root in content_documents(path):
        _read(root, buffers)
    references = " ".join([*buffers.references, *buffers.note_references])
    return ExtractedText(path.name, "".join(buffers.text), "".join(buffers.notes), references=references)


def content_documents(path: Path) -> Iterator[etree._Element]:
    """Yield the root of each content document of the EPUB at *path*, in reading order.

    Raises ValueError if it is not an EPUB.
    """
    try:
        with zipfile.ZipFile(path) as epub:
            parser = etree.XMLParser(resolve_entities=False)
            for name in spine(epub):
                yield etree.fromstring(epub.read(name), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, IndexError) as error:
        raise ValueError(f"it is damaged, or not an EPUB: {error}") from error


def spine(epub: zipfile.ZipFile) -> list[str]:
    """Return the paths of the content documents in reading order (EPUB 3.3, 5.7)."""
    folder, root = _package_document(epub)
    items = {item.get("id"): item.get("href", "") for item in root.iter(f"{_OPF}item")}
    return [_resolve(folder, items[ref.get("idref")]) for ref in root.iter(f"{_OPF}itemref")]


def navigation(epub: zipfile.ZipFile) -> str:
    """Return the path of the navigation document; an empty string if there is none (EPUB 3.3, 7.1)."""
    folder, root = _package_document(epub)
    hrefs = (
        item.get("href", "")
        for item in root.iter(f"{_OPF}item")
        if "nav" in item.get("properties", "").split()
    )
    return next((_resolve(folder, href) for href in hrefs), "")


def _package_document(epub: zipfile.ZipFile) -> tuple[str, etree._Element]:
    """Return the folder and the root of the package document (EPUB 3.3, 4.2.6.3.1)."""
    container = etree.fromstring(epub.read("META-INF/container.xml"))
    path = container.findall(f".//{_CONTAINER}rootfile")[0].get("full-path", "")
    return posixpath.dirname(path), etree.fromstring(epub.read(path))


def _resolve(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _read(element: etree._Element, buffers: _Buffers) -> None:
    """Add the text of *element* to *buffers*."""
    if not isinstance(element.tag, str) or element.tag in _SILENT_ELEMENTS:
        return
    if element.tag == _MATH:
        buffers.text.append(element.get("alttext", ""))
        return
    role, generated = element.get("role", ""), element.get(GENERATED)
    if role in _SILENT_ROLES or generated in _NAVIGATION_CONTENT or _is_navigation(element):
        return
    if generated == "matter":
        _read_content(element, replace(buffers, text=buffers.references))
    elif generated:
        buffers.references.append("".join(str(part) for part in element.itertext()))
    elif role == "doc-endnotes":
        for note in element:
            if note.get("role") == "doc-footnote":
                _read(note, replace(buffers, text=buffers.notes, references=buffers.note_references))
                buffers.notes.append("\n")
    else:
        _read_content(element, buffers)


def _is_navigation(element: etree._Element) -> bool:
    """Say whether *element* repeats the text or leads to it, and holds no generated matter."""
    types = set(element.get(EPUB_TYPE, "").split())
    return bool(types & NAVIGATION_TYPES) and element.find(f"*[@{GENERATED}='matter']") is None


def _read_content(element: etree._Element, buffers: _Buffers) -> None:
    if element.text:
        buffers.text.append(element.text)
    for child in element:
        _read(child, buffers)
        if child.tail:
            buffers.text.append(child.tail)
    if element.tag not in _INLINE_ELEMENTS:
        buffers.text.append("\n")
