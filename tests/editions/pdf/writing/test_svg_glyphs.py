"""Letters that a font holds as pictures are drawn, and are words for those who search and copy."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.S_V_G_ import SVGDocument

from bifolio.checks.compare import compare_files
from tests.conftest import bifolio

LETTER = "\N{FOUR TEARDROP-SPOKED ASTERISK}"


@pytest.fixture
def only_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the one font of the system be one that has LETTER, as a red square without an outline."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    names = [".notdef", "space", "star"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(" "): "space", ord(LETTER): "star"})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Stars", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200, fsType=0)
    builder.setupPost()
    table = newTable("SVG ")
    square = '<path fill="red" d="M0,0h900v-900h-900z"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" id="glyph2">{square}</svg>'
    table.docList = [SVGDocument(drawing, 2, 2, False)]
    builder.font["SVG "] = table
    builder.save(folder / "stars.ttf")
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path / 'cached'}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))


def test_a_letter_that_is_a_picture_is_seen_and_read(only_font: None, tmp_path: Path) -> None:
    source = tmp_path / "text.md"
    source.write_text(f"---\ntitle: T\nlanguage: en\n---\nA star {LETTER} here.\n")
    ended = bifolio("build", source, "--no-cache", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    editions = [tmp_path / "build" / f"text.{kind}" for kind in ("epub", "pdf")]
    assert compare_files([source, *editions]) == []
    with pypdfium2.PdfDocument(editions[1]) as pdf:
        page = pdf[0]
        assert LETTER in page.get_textpage().get_text_bounded()
        picture = page.render(scale=2).to_pil().convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert (255, 0, 0) in colours
