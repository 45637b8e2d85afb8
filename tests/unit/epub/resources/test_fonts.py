"""Fonts of the EPUB: which are embedded, and which their licence excludes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bifolio import read
from bifolio.epub.resources.fonts import embed_fonts
from bifolio.fonts.coverage import Fallback
from bifolio.fonts.faces import bundled_faces
from bifolio.model.publication import Publication
from bifolio.stylesheet import Stylesheet, read_stylesheet

Write = Callable[..., Path]


@pytest.fixture
def publication(write: Write) -> Publication:
    return read(write("---\ntitle: T\nlanguage: en\n---\n[ab]{lang=hy}\n"))


@pytest.fixture
def stylesheet(tmp_path: Path) -> Stylesheet:
    (tmp_path / "own.css").write_text("p { margin: 0 }", "utf-8")
    return read_stylesheet(tmp_path / "own.css")


def licensed(bits: int, folder: Path) -> Fallback:
    """Return a fallback font for Armenian `a` and `b` whose embedding rights (`fsType`) are *bits*."""
    bundled = bundled_faces()[0]
    font = TTFont(bundled.path)
    font["OS/2"].fsType = bits
    font.save(folder / "font.otf")
    face = replace(bundled, path=folder / "font.otf", family="Some Serif")
    return Fallback(face, frozenset("ab"), frozenset({"hy"}))


def test_a_font_is_embedded_for_the_characters_that_need_it(
    publication: Publication, stylesheet: Stylesheet, tmp_path: Path
) -> None:
    css, files, findings = embed_fonts(publication, stylesheet, (licensed(0, tmp_path),))
    assert set(TTFont(BytesIO(files["fonts/subset-1.otf"])).getBestCmap()) == {97, 98}
    assert '[lang="hy"] {\n  font-family: "Bifolio 1", serif;' in css
    assert findings == []


@pytest.mark.parametrize("bits", [0x0002, 0x0100, 0x0200])
def test_a_font_whose_licence_forbids_subsets_is_reported_and_not_embedded(
    publication: Publication, stylesheet: Stylesheet, tmp_path: Path, bits: int
) -> None:
    css, files, findings = embed_fonts(publication, stylesheet, (licensed(bits, tmp_path),))
    assert files == {}
    assert "Bifolio" not in css
    assert [str(f).partition("text.md: ")[2] for f in findings] == [
        "warning font-restricted: The licence of the font Some Serif does not allow a subset of it to be "
        "embedded in the EPUB. Install a free font for ab; `bifolio doctor` shows how."
    ]


def test_no_font_is_embedded_for_common_characters(publication: Publication, stylesheet: Stylesheet) -> None:
    css, files, findings = embed_fonts(publication, stylesheet, ())
    assert (files, findings) == ({}, [])
    assert "@font-face" not in css


def test_two_fonts_for_one_language_are_both_named(
    publication: Publication, stylesheet: Stylesheet, tmp_path: Path
) -> None:
    one = licensed(0, tmp_path)
    other = replace(one, characters=frozenset("cde"), languages=frozenset({"hy", "en"}))
    css, _, _ = embed_fonts(publication, stylesheet, (one, other))
    assert '[lang="hy"] {\n  font-family: "Bifolio 1", "Bifolio 2", serif;' in css
    assert 'body {\n  font-family: "Bifolio 2", serif;' in css


def test_a_font_applies_to_its_own_characters_only(
    publication: Publication, stylesheet: Stylesheet, tmp_path: Path
) -> None:
    """Otherwise its metrics would set the height of every line: it is named before the reader's font."""
    font = replace(licensed(0, tmp_path), characters=frozenset("abcxz"))
    css, _, _ = embed_fonts(publication, stylesheet, (font,))
    assert "  unicode-range: U+61-63, U+78, U+7A;\n" in css
