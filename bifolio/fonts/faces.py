"""Which face has which character: our own faces first, a system font only for what they lack."""

from __future__ import annotations

import functools
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bifolio.model.errors import EditionError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE, Publication, text_of


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that a stylesheet can call by family, weight and style."""

    family: str
    weight: int
    style: str
    path: Path
    index: int = 0
    """Which font of a collection it is."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A system font, and the characters of the text that only it has."""

    face: Face
    characters: frozenset[str]
    languages: frozenset[str]
    """The languages that those characters are marked with."""


_STYLES = (("Regular", 400, "normal"), ("It", 400, "italic"), ("Semibold", 600, "normal"),
           ("SemiboldIt", 600, "italic"), ("Bold", 700, "normal"), ("BoldIt", 700, "italic"))  # fmt: skip
_INVISIBLE = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NON-JOINER}"
                       "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}\N{VARIATION SELECTOR-15}")  # fmt: skip

_UNUSUAL = re.compile(
    "[^\0-\u0107\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2039\u203a\u20ac]"
)
"""What one of our own faces may lack; of what most texts are made of, each has all."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


@functools.cache
def bundled_faces() -> tuple[Face, ...]:
    """Return the faces that come with the program: Source Serif Pro and Source Sans Pro."""
    import font_source_sans_pro as sans
    import font_source_serif_pro as serif

    return tuple(
        Face(family, weight, style, Path(package.font_directory) / f"{stem}-{name}.otf")
        for family, stem, package in (
            ("Source Serif Pro", "SourceSerifPro", serif),
            ("Source Sans Pro", "SourceSansPro", sans),
        )
        for name, weight, style in _STYLES
    )


def has_glyph(face: Face, character: str) -> bool:
    """Say whether *face* has a glyph for *character*; the font is read where that is not known."""
    usual = not _UNUSUAL.match(character) and unicodedata.category(character) != "Cc"
    return (usual and face in bundled_faces()) or ord(character) in code_points(face)


@functools.cache
def code_points(face: Face) -> frozenset[int]:
    """Return the code points that *face* has a glyph for."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        # Without names of ours the outlines are read, to find out what the glyphs are called.
        font.setGlyphOrder([str(glyph) for glyph in range(font["maxp"].numGlyphs)])
        return frozenset(font.getBestCmap() or {})


def find_fallbacks(
    publication: Publication,
) -> tuple[tuple[Fallback, ...], frozenset[str], list[Finding]]:
    """Return the system fonts that the text needs besides our own faces, and what no font has.

    A character that no font has is a finding of severity error, at its first line.
    """
    places = _lacking(publication)
    fallbacks: list[Fallback] = []
    wanted = set(places)
    while wanted:
        face = _match(wanted)
        covered = {c for c in wanted if ord(c) in code_points(face)} if face else set()
        if not face or not covered:
            break
        languages = frozenset(places[c][1] for c in covered)
        fallbacks.append(Fallback(face, frozenset(covered), languages))
        wanted -= covered
    findings = []
    for character in sorted(wanted):
        name = unicodedata.name(character, "a character without a name")
        code = f"U+{ord(character):04X}"
        where = places[character][0]
        findings.append(found("glyph-missing", where, character=character, code=code, name=name.lower()))
    return tuple(fallbacks), frozenset(wanted), findings


def _lacking(publication: Publication) -> dict[str, tuple[Where, str]]:
    """Return each character that our own faces lack, with its first place and its language."""
    metadata = publication.metadata
    # What stands on the cover or a title page, too, and in no tree.
    shown = (metadata.title, metadata.short_title, metadata.subtitle, *metadata.authors)
    front = " ".join((*shown, metadata.publisher, metadata.series, metadata.position))
    words = (text_of(tree) for tree, _ in publication.trees())
    if not any(map(_UNUSUAL.search, (front, *words))):
        return {}
    ours = frozenset.intersection(
        *(code_points(face) for face in bundled_faces() if face.weight == 400 and face.style == "normal")
    ) | {ord("\N{HYPHEN}"), ord("\N{NON-BREAKING HYPHEN}")}  # set as a plain hyphen where lacking
    places: dict[str, tuple[Where, str]] = {}
    texts = [(front, Where(publication.source, 1), metadata.language), *_texts(publication)]
    for text, where, language in texts:
        if text.isascii():
            continue
        for character in text:
            if ord(character) not in ours and _visible(character):
                places.setdefault(character, (where, language))
    return places


def _visible(character: str) -> bool:
    return character not in _INVISIBLE and unicodedata.category(character) not in _UNSEEN


def _texts(publication: Publication) -> Iterator[tuple[str, Where, str]]:
    """Give every text of the publication beyond ASCII with its place and its language."""
    for tree, file in publication.trees():
        stack = [(tree, (str(file), "0"), publication.metadata.language)]
        while stack:
            element, place, outer = stack.pop()
            if LINE in element.attrib:
                place = element.get(FILE, str(file)), element.get(LINE, "0")
            language = element.get("lang", outer)
            for text, spoken in ((element.text, language), (element.tail, outer)):
                if text and not text.isascii():
                    yield text, Where(Path(place[0]), int(place[1])), spoken
            stack.extend((child, place, language) for child in reversed(element))


def _match(characters: Iterable[str]) -> Face | None:
    """Ask fontconfig for the serif font that has most of *characters*."""
    charset = " ".join(f"{ord(character):x}" for character in sorted(characters))
    # An argument has a length limit; fontconfig is asked again for what is left.
    pattern = f"serif:charset={charset[:4000].rpartition(' ')[0] or charset}"
    try:
        answer = subprocess.run(
            ["fc-match", "--format", "%{file}\n%{index}\n%{family[0]}", pattern],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout.split("\n")  # fmt: skip
        path, index, family = answer[:3]
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Face(family, 400, "normal", Path(path), int(index or 0) & 0xFFFF)


def can_embed(face: Face) -> bool:
    """Say whether the licence bits of *face* allow it in an edition (OpenType, OS/2, fsType)."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        bits = font["OS/2"].fsType if "OS/2" in font else 0
    restricted, outlines_barred = bits & 0x000E == 0x0002, bits & 0x0300
    return not (restricted or outlines_barred)


def subset_font(face: Face, characters: Iterable[str]) -> bytes:
    """Return *face* with the glyphs for *characters* alone, as a font file.

    Raises EditionError when the font cannot be cut down.
    """
    from fontTools import subset as cutter
    from fontTools.ttLib import TTLibError

    options = cutter.Options(
        layout_features=["*"], notdef_outline=True, recalc_timestamp=False, font_number=face.index,
        hinting=False,  # programs for coarse screens, larger than a few glyphs themselves
    )  # fmt: skip
    options.drop_tables += ["FFTM"]  # FontForge's time stamps
    out = BytesIO()
    try:
        with closing(cutter.load_font(str(face.path), options)) as font:
            maker = cutter.Subsetter(options)
            maker.populate(text="".join(sorted(characters)))
            maker.subset(font)
            font.save(out)
    except (TTLibError, OSError, cutter.Subsetter.SubsettingError) as error:
        raise EditionError(f"The font {face.family} cannot be cut down: {error}.") from error
    return out.getvalue()
