"""Character coverage: the glyphs of a face, and system fonts for what the bundled faces lack."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bifolio.fonts.faces import Face, bundled_faces, match_system_face
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE, Publication, text_of
from bifolio.runtime.file_watch import record

_INVISIBLE = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NON-JOINER}"
                       "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}\N{VARIATION SELECTOR-15}")  # fmt: skip
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_UNUSUAL = re.compile(
    "[^\0-\u0107\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2039\u203a\u20ac]"
)
"""Characters that a bundled face may lack. Every bundled face has all others, which most texts consist of."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A system font, and the characters of the text that it supplies."""

    face: Face
    characters: frozenset[str]
    languages: frozenset[str]
    """The languages of the text in which those characters occur."""


def has_glyph(face: Face, character: str) -> bool:
    """Return whether *face* has a glyph for *character*; the font is read only if that is not known."""
    is_usual = not _UNUSUAL.match(character) and unicodedata.category(character) != "Cc"
    return (is_usual and face in bundled_faces()) or ord(character) in code_points(face)


@functools.cache
def code_points(face: Face) -> frozenset[int]:
    """Return the code points for which *face* has a glyph."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        # Without a glyph order of ours, fontTools reads the outlines to find the names of the glyphs.
        font.setGlyphOrder([str(glyph) for glyph in range(font["maxp"].numGlyphs)])
        return frozenset(font.getBestCmap() or {})


def find_fallbacks(
    publication: Publication,
) -> tuple[tuple[Fallback, ...], frozenset[str], list[Finding]]:
    """Return the system fonts that *publication* needs, the characters that no font has, and the findings.

    A character that no font has is a finding of severity error, at its first line.
    """
    first_uses = _find_lacking(publication)
    fallbacks: list[Fallback] = []
    missing = set(first_uses)
    while missing:
        face = match_system_face(missing)
        if face:
            record(face.path)
        covered = {c for c in missing if ord(c) in code_points(face)} if face else set()
        if not face or not covered:
            break
        languages = frozenset(first_uses[c][1] for c in covered)
        fallbacks.append(Fallback(face, frozenset(covered), languages))
        missing -= covered
    findings = []
    for character in sorted(missing):
        name = unicodedata.name(character, "a character without a name")
        code = f"U+{ord(character):04X}"
        where = first_uses[character][0]
        findings.append(found("glyph-missing", where, character=character, code=code, name=name.lower()))
    return tuple(fallbacks), frozenset(missing), findings


def _find_lacking(publication: Publication) -> dict[str, tuple[Where, str]]:
    """Return each character that the bundled faces lack, with its first position and its language."""
    metadata = publication.metadata
    # Cover and title page also show text that is in no tree.
    shown = (metadata.title, metadata.short_title, metadata.subtitle, *metadata.authors)
    front = " ".join((*shown, metadata.publisher, metadata.series, metadata.position))
    words = (text_of(tree) for tree, _ in publication.trees())
    if not any(map(_UNUSUAL.search, (front, *words))):
        return {}
    bundled = frozenset.intersection(
        *(code_points(face) for face in bundled_faces() if face.weight == 400 and face.style == "normal")
    ) | {ord("\N{HYPHEN}"), ord("\N{NON-BREAKING HYPHEN}")}  # replaced by a plain hyphen where lacking
    first_uses: dict[str, tuple[Where, str]] = {}
    texts = [(front, Where(publication.source, 1), metadata.language), *_texts(publication)]
    for text, where, language in texts:
        if text.isascii():
            continue
        for character in text:
            if ord(character) not in bundled and _is_visible(character):
                first_uses.setdefault(character, (where, language))
    return first_uses


def _is_visible(character: str) -> bool:
    return character not in _INVISIBLE and unicodedata.category(character) not in _INVISIBLE_CATEGORIES


def _texts(publication: Publication) -> Iterator[tuple[str, Where, str]]:
    """Yield every text of *publication* beyond ASCII, with its position and its language."""
    for tree, file in publication.trees():
        stack = [(tree, (str(file), "0"), publication.metadata.language)]
        while stack:
            element, position, outer_language = stack.pop()
            if LINE in element.attrib:
                position = element.get(FILE, str(file)), element.get(LINE, "0")
            language = element.get("lang", outer_language)
            for text, text_language in ((element.text, language), (element.tail, outer_language)):
                if text and not text.isascii():
                    yield text, Where(Path(position[0]), int(position[1])), text_language
            stack.extend((child, position, language) for child in reversed(element))
