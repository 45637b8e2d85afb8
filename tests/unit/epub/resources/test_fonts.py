"""The fonts of the EPUB: which are carried, and which their licence keeps out."""

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
def sheet(tmp_path: Path) -> Stylesheet:
    (tmp_path / "sheet.css").write_text("p { margin: 0 }", "utf-8")
    return read_stylesheet(tmp_path / "sheet.css")


def licensed(bits: int, folder: Path) -> Fallback:
    """Return a font for `a` and `b` in Armenian, whose licence has *bits*."""
    own = bundled_faces()[0]
    font = TTFont(own.path)
    font["OS/2"].fsType = bits
    font.save(folder / "font.otf")
    face = replace(own, path=folder / "font.otf", family="Some Serif")
    return Fallback(face, frozenset("ab"), frozenset({"hy"}))


def test_a_font_is_carried_for_the_letters_that_need_it(
    publication: Publication, sheet: Stylesheet, tmp_path: Path
) -> None:
    css, files, findings = embed_fonts(publication, sheet, (licensed(0, tmp_path),))
    assert set(TTFont(BytesIO(files["fonts/subset-1.otf"])).getBestCmap()) == {97, 98}
    assert '[lang="hy"] {\n  font-family: "Bifolio 1", serif;' in css
    assert findings == []


@pytest.mark.parametrize("bits", [0x0002, 0x0100, 0x0200])
def test_a_font_that_may_not_be_cut_down_or_embedded_is_told_and_stays_out(
    publication: Publication, sheet: Stylesheet, tmp_path: Path, bits: int
) -> None:
    css, files, findings = embed_fonts(publication, sheet, (licensed(bits, tmp_path),))
    assert files == {}
    assert "Bifolio" not in css
    assert [str(f).partition("text.md: ")[2] for f in findings] == [
        "warning font-restricted: The licence of the font Some Serif does not allow a subset of it to be "
        "embedded in the EPUB. Install a free font for ab; `bifolio doctor` shows how."
    ]


def test_a_text_in_letters_that_every_reader_has_carries_no_font(
    publication: Publication, sheet: Stylesheet
) -> None:
    css, files, findings = embed_fonts(publication, sheet, ())
    assert (files, findings) == ({}, [])
    assert "@font-face" not in css


def test_two_fonts_for_one_language_are_both_asked_for(
    publication: Publication, sheet: Stylesheet, tmp_path: Path
) -> None:
    one = licensed(0, tmp_path)
    other = replace(one, characters=frozenset("cde"), languages=frozenset({"hy", "en"}))
    css, _, _ = embed_fonts(publication, sheet, (one, other))
    assert '[lang="hy"] {\n  font-family: "Bifolio 1", "Bifolio 2", serif;' in css
    assert 'body {\n  font-family: "Bifolio 2", serif;' in css


def test_a_font_is_for_its_letters_alone(publication: Publication, sheet: Stylesheet, tmp_path: Path) -> None:
    """Else its height would be that of every line, for it is named before the font of the reader."""
    font = replace(licensed(0, tmp_path), characters=frozenset("abcxz"))
    css, _, _ = embed_fonts(publication, sheet, (font,))
    assert "  unicode-range: U+61-63, U+78, U+7A;\n" in css
