"""What decides the text of a page of a finished PDF, in a digest.

What a page says is in its drawing operators and in what its fonts say of the glyphs it draws (ISO 32000-1,
9.10). A font is shared by all pages, and cut down to what all of them draw; so a letter that is new in one
page changes the font, and not what it says to the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bifolio.checks.readers.pdf_pages import decode_object, resources

_OF_GLYPHS = frozenset({"/ToUnicode", "/W", "/FontBBox", "/CIDSet", "/FontFile", "/FontFile2", "/FontFile3"})
"""What of a font changes with the glyphs it has. Of these, the letters and the widths tell what is said."""
_SET = re.compile(rb"/(\S+) [-+.\d]+ Tf\s")
"""The setting of a font (ISO 32000-1, 9.3.1)."""
_FONTLESS = re.compile(rb"BT\s(?![^<]*? Tf\s)")
"""A text object that begins with a font set before it."""
_IMAGE = re.compile(rb"BI\s")
_LETTERS = re.compile(rb"\s*\d+\s+beginbfchar(.*?)endbfchar", re.DOTALL)
_LETTER = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_TWO_BYTES = re.compile(rb"1\s+begincodespacerange\s*<0000>\s*<[Ff]{4}>\s*endcodespacerange")


@dataclass(frozen=True, slots=True)
class ResourceFingerprint:
    """What a font says, or the properties of a piece of content."""

    whole: bytes
    """A digest of all of it."""
    common: bytes = b""
    """What is said of no single glyph."""
    glyphs: Mapping[bytes, bytes] | None = None
    """What is said of each, by its code as it is written; None where that cannot be told."""


def fingerprint_page(
    page: Any, known: dict[tuple[str, Any], ResourceFingerprint], before: Mapping[str, ResourceFingerprint]
) -> tuple[bytes, bytes]:
    """Return a digest of *page*: of its operators, and of the fonts and properties they name.

    The second is the one it had with those fonts of *before* that said to it what they say now. Fonts and
    properties that other pages share are *known*, by their names and places, and added to it.
    """
    operators = _operators(page.get("/Contents"))
    now = hashlib.sha256(operators)
    then = now.copy()
    drawn: dict[bytes, set[bytes]] | None = None
    for kind in ("/Font", "/Properties"):
        named = resources(page).get(kind, {})
        for name in _named(operators, named):
            item = named[name]
            place = name, item.objgen if item.is_indirect else page.objgen
            if place not in known:
                known[place] = _said(item)
            said, past = known[place], before.get(name)
            if past is not None and past.whole != said.whole:
                drawn = _codes(operators) if drawn is None else drawn
                past = past if _agree(past, said, drawn.get(name[1:].encode())) else None
            now.update(name.encode() + said.whole)
            then.update(name.encode() + (past or said).whole)
    return now.digest(), then.digest()


def _agree(one: ResourceFingerprint, other: ResourceFingerprint, codes: set[bytes] | None) -> bool:
    """Return whether two fonts say the same of the glyphs *codes*; None are codes not known."""
    if codes is None or one.glyphs is None or other.glyphs is None or one.common != other.common:
        return False
    return all(code in one.glyphs and one.glyphs[code] == other.glyphs.get(code) for code in codes)


def _operators(contents: Any) -> bytes:
    """Return the operators of a page (ISO 32000-1, 7.8.2)."""
    import pikepdf

    if contents is None:
        return b""
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _named(operators: bytes, known: Any) -> list[str]:
    """Return the names among *known* that *operators* may mean, in order.

    They may mean each where one is written with the numbers of its letters (ISO 32000-1, 7.3.5).
    """
    names = sorted(known.keys())
    return names if b"#" in operators else [name for name in names if name.encode() in operators]


def _codes(operators: bytes) -> dict[bytes, set[bytes]]:
    """Return the codes of the glyphs that *operators* draw, by the name of their font.

    They are read as WeasyPrint writes them: codes of two bytes in hexadecimal, and a font that is set
    in each text object. Where anything else stands, nothing is told.
    """
    if any(mark in operators for mark in (b"(", b"%", b"#")) or _IMAGE.search(operators):
        return {}
    parts = _SET.split(operators)
    if len(parts) // 2 != operators.count(b"Tf") or _FONTLESS.search(operators):
        return {}
    written: dict[bytes, list[bytes]] = {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        written.setdefault(name, []).append(text)
    return {name: _pairs(b"".join(texts)) for name, texts in written.items()}


def _pairs(operators: bytes) -> set[bytes]:
    """Return the pairs of bytes in the strings of *operators*, which are all in hexadecimal."""
    strings = {part.partition(b">")[0] for part in set(operators.split(b"<")[1:])}
    return {
        string[place : place + 4]
        for string in strings
        if not string.startswith(b"/")  # a dictionary
        for place in range(0, len(string), 4)
    }


def _said(item: Any) -> ResourceFingerprint:
    """Return what *item*, a font or properties of content, says."""
    whole = _digest(item)
    if item.get("/Type") != "/Font" or item.get("/Encoding") != "/Identity-H" or "/ToUnicode" not in item:
        return ResourceFingerprint(whole)
    table = item.ToUnicode.read_bytes()
    if b"range" in _TWO_BYTES.sub(b"", table) or b"usecmap" in table:
        return ResourceFingerprint(whole)
    glyphs: dict[bytes, bytes] = {}
    for code, letters in _LETTER.findall(b"".join(_LETTERS.findall(table))):
        glyphs[code.lower()] = glyphs.get(code.lower(), code) + b" " + letters
    descendant = item.DescendantFonts[0]
    widths = _widths(decode_object(descendant.W)) if "/W" in descendant else {}
    said = {code: b"%b %b\n" % (text, widths.get(int(code, 16), b"")) for code, text in glyphs.items()}
    return ResourceFingerprint(whole, _digest(item, _OF_GLYPHS) + _LETTERS.sub(b"", table), said)


def _widths(told: Any) -> dict[int, bytes]:
    """Return the widths of glyphs by their codes, as fonts have them (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, bytes] = {}
    while len(told) > 1:
        if isinstance(told[1], list):
            widths.update((told[0] + place, repr(width).encode()) for place, width in enumerate(told[1]))
            told = told[2:]
        else:
            widths.update((code, repr(told[2]).encode()) for code in range(told[0], told[1] + 1))
            told = told[3:]
    return widths


def _digest(top: Any, without: frozenset[str] = frozenset()) -> bytes:
    """Return the digest of an object of a PDF and of all it leads to, but for what is named *without*."""
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
