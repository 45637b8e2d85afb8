"""Fingerprints of PDF pages: pages with the same fingerprint have the same text.

The text of a page depends on its operators and on the Unicode values and widths of the glyphs that it shows
(ISO 32000-1, 9.10). All pages share the fonts, which are subsets for the whole file. So a new character on
one page changes a font, but not the text of the other pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bifolio.checks.file_readers.pdf_pages import decode_object, resources

_GLYPH_KEYS = frozenset({"/ToUnicode", "/W", "/FontBBox", "/CIDSet", "/FontFile", "/FontFile2", "/FontFile3"})
"""The entries of a font that change with its subset. Of these only `/ToUnicode` and `/W` affect the text."""
_FONT_OPERATOR = re.compile(rb"/(\S+) [-+.\d]+ Tf\s")
"""ISO 32000-1, 9.3.1."""
_TEXT_WITHOUT_FONT = re.compile(rb"BT\s(?![^<]*? Tf\s)")
"""A text object that begins with the font of the text object before it."""
_INLINE_IMAGE = re.compile(rb"BI\s")
_BFCHAR_SECTION = re.compile(rb"\s*\d+\s+beginbfchar(.*?)endbfchar", re.DOTALL)
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_TWO_BYTE_CODES = re.compile(rb"1\s+begincodespacerange\s*<0000>\s*<[Ff]{4}>\s*endcodespacerange")


@dataclass(frozen=True, slots=True)
class ResourceFingerprint:
    """The fingerprint of a font or of a property list."""

    whole: bytes
    """A digest of the whole resource."""
    common: bytes = b""
    """A digest of a font without the data of single glyphs."""
    glyphs: Mapping[bytes, bytes] | None = None
    """The Unicode value and width of each glyph, by its hexadecimal code; None if they are not known."""


class PageFingerprint(NamedTuple):
    """The fingerprints of a page, as keys for its text."""

    current: bytes = b""
    cached: bytes = b""
    """The fingerprint that the page had in the cached file, provided that its text is the same."""


def fingerprint_page(
    page: Any,
    fingerprints: dict[tuple[str, Any], ResourceFingerprint],
    cached_fonts: Mapping[str, ResourceFingerprint],
) -> PageFingerprint:
    """Return the fingerprints of *page*, with those of its fonts and property lists.

    *fingerprints* are those of resources on earlier pages, by name and object number; new ones are added.
    *cached_fonts* are the fonts of the cached file, by name.
    """
    operators = _operators(page.get("/Contents"))
    current = hashlib.sha256(operators)
    cached = current.copy()
    shown: dict[bytes, set[bytes]] | None = None
    for category in ("/Font", "/Properties"):
        named = resources(page).get(category, {})
        for name in _used_names(operators, named):
            item = named[name]
            key = name, item.objgen if item.is_indirect else page.objgen
            if key not in fingerprints:
                fingerprints[key] = _fingerprint(item)
            now, before = fingerprints[key], cached_fonts.get(name)
            if before is not None and before.whole != now.whole:
                shown = _shown_codes(operators) if shown is None else shown
                before = before if _is_same_text(before, now, shown.get(name[1:].encode())) else None
            current.update(name.encode() + now.whole)
            cached.update(name.encode() + (before or now).whole)
    return PageFingerprint(current.digest(), cached.digest())


def _is_same_text(one: ResourceFingerprint, other: ResourceFingerprint, codes: set[bytes] | None) -> bool:
    """Say whether two fonts give the glyphs *codes* the same text; None stands for unknown codes."""
    if codes is None or one.glyphs is None or other.glyphs is None or one.common != other.common:
        return False
    return all(code in one.glyphs and one.glyphs[code] == other.glyphs.get(code) for code in codes)


def _operators(contents: Any) -> bytes:
    """Return the operators of a page, given its *contents* (ISO 32000-1, 7.8.2)."""
    import pikepdf

    if contents is None:
        return b""
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _used_names(operators: bytes, named: Any) -> list[str]:
    """Return the names of the resources *named* that *operators* may use, sorted.

    If a name is written with `#` escapes (ISO 32000-1, 7.3.5), all may be used.
    """
    names = sorted(named.keys())
    return names if b"#" in operators else [name for name in names if name.encode() in operators]


def _shown_codes(operators: bytes) -> dict[bytes, set[bytes]]:
    """Return the hexadecimal codes of the glyphs that *operators* show, by the name of their font.

    Only operators as WeasyPrint writes them are understood: two-byte codes in hexadecimal strings, and a font
    in each text object. For all others the result is empty.
    """
    if any(mark in operators for mark in (b"(", b"%", b"#")) or _INLINE_IMAGE.search(operators):
        return {}
    parts = _FONT_OPERATOR.split(operators)
    if len(parts) // 2 != operators.count(b"Tf") or _TEXT_WITHOUT_FONT.search(operators):
        return {}
    texts_by_font: dict[bytes, list[bytes]] = {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        texts_by_font.setdefault(name, []).append(text)
    return {name: _two_byte_codes(b"".join(texts)) for name, texts in texts_by_font.items()}


def _two_byte_codes(operators: bytes) -> set[bytes]:
    """Return the two-byte codes in the hexadecimal strings of *operators*."""
    strings = {part.partition(b">")[0] for part in set(operators.split(b"<")[1:])}
    return {
        string[offset : offset + 4]
        for string in strings
        if not string.startswith(b"/")  # a dictionary
        for offset in range(0, len(string), 4)
    }


def _fingerprint(item: Any) -> ResourceFingerprint:
    """Return the fingerprint of *item*, a font or a property list."""
    whole = _digest(item)
    if item.get("/Type") != "/Font" or item.get("/Encoding") != "/Identity-H" or "/ToUnicode" not in item:
        return ResourceFingerprint(whole)
    table = item.ToUnicode.read_bytes()
    if b"range" in _TWO_BYTE_CODES.sub(b"", table) or b"usecmap" in table:
        return ResourceFingerprint(whole)
    values: dict[bytes, bytes] = {}
    for code, value in _BFCHAR.findall(b"".join(_BFCHAR_SECTION.findall(table))):
        values[code.lower()] = values.get(code.lower(), code) + b" " + value
    descendant = item.DescendantFonts[0]
    widths = _widths(decode_object(descendant.W)) if "/W" in descendant else {}
    glyphs = {code: b"%b %b\n" % (value, widths.get(int(code, 16), b"")) for code, value in values.items()}
    return ResourceFingerprint(whole, _digest(item, _GLYPH_KEYS) + _BFCHAR_SECTION.sub(b"", table), glyphs)


def _widths(array: Any) -> dict[int, bytes]:
    """Return the glyph widths in the `/W` *array* of a CIDFont, by code (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, bytes] = {}
    while len(array) > 1:
        if isinstance(array[1], list):
            widths.update((array[0] + index, repr(width).encode()) for index, width in enumerate(array[1]))
            array = array[2:]
        else:
            widths.update((code, repr(array[2]).encode()) for code in range(array[0], array[1] + 1))
            array = array[3:]
    return widths


def _digest(top: Any, without: frozenset[str] = frozenset()) -> bytes:
    """Return a digest of the PDF object *top* and of all that it refers to, except for the keys *without*."""
    import pikepdf

    digest = hashlib.sha256()
    stack, seen = [top], set()
    while stack:
        item = stack.pop()
        if isinstance(item, pikepdf.Object) and item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Stream):
            digest.update(item.read_raw_bytes())
            stack += [item.stream_dict]
        elif isinstance(item, pikepdf.Array):
            digest.update(b"[%d" % len(item))
            stack += reversed(list(item))
        elif isinstance(item, pikepdf.Dictionary):
            names = sorted(set(item.keys()) - without)
            digest.update(repr(names).encode())
            stack += [item[name] for name in reversed(names)]
        else:
            digest.update(repr(item).encode())
    return digest.digest()
