from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bifolio import read
from bifolio.fonts import faces
from bifolio.fonts.faces import bundled_faces, can_embed, code_points, find_fallbacks, subset_font

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def test_our_own_faces_are_there_and_have_the_letters_of_azerbaijani() -> None:
    faces = bundled_faces()
    assert {(f.family, f.weight, f.style) for f in faces} == {
        (family, weight, style)
        for family in ("Source Serif Pro", "Source Sans Pro")
        for weight in (400, 600, 700)
        for style in ("normal", "italic")
    }
    for face in faces:
        assert face.path.is_file()
        letters = "şŞçÇğİı‘’–…" if face.style == "italic" else "əƏşŞçÇğİı‘’–…"
        assert set(map(ord, letters)) <= code_points(face)


def test_each_of_our_own_faces_has_what_is_usual() -> None:
    usual = {code for code in range(0x3000) if not faces._UNUSUAL.match(chr(code))}
    usual = {code for code in usual if unicodedata.category(chr(code)) != "Cc"}
    assert len(usual) > 200
    for face in bundled_faces():
        assert usual <= code_points(face)


def test_no_font_is_read_for_what_is_usual(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "code_points", None)
    assert find_fallbacks(read(write(FRONT + "“So” – it’s… a £\u00a05 “naïve” ćwierć"))) == (
        (), frozenset(), [],
    )  # fmt: skip


def test_a_text_in_our_own_letters_needs_no_other_font(write: Write) -> None:
    assert find_fallbacks(read(write(FRONT + "Laçın, ‘so’ – a\u00adb 1\u00a0mm\n"))) == ((), frozenset(), [])


def test_armenian_is_found_in_a_font_of_the_system_with_its_language(write: Write) -> None:
    fallbacks, _, findings = find_fallbacks(read(write(FRONT + "[Սոթք]{lang=hy}\n")))
    assert findings == []
    assert [(f.characters, f.languages) for f in fallbacks] == [(frozenset("Սոթք"), frozenset({"hy"}))]


def test_a_character_that_no_font_has_is_an_error_at_its_line(write: Write) -> None:
    publication = read(write(FRONT + "One\ntwo \U0003fff0\n"))
    fallbacks, missing, findings = find_fallbacks(publication)
    assert (fallbacks, missing) == ((), {"\U0003fff0"})
    assert [str(f).partition("text.md")[2] for f in findings] == [
        ":5: error glyph-missing: No font here has the character \U0003fff0 (U+3FFF0, a character without a "
        "name); paper would show a box. Install a font that has it; `bifolio doctor` says how."
    ]


def test_a_subset_has_the_glyphs_asked_for_and_no_more(write: Write) -> None:
    face = bundled_faces()[0]
    assert can_embed(face)
    font = TTFont(BytesIO(subset_font(face, "ab")))
    assert set(font.getBestCmap()) == set(map(ord, "ab"))
    assert subset_font(face, "ab") == subset_font(face, "ba")


def test_a_subset_has_no_programs_for_coarse_screens(write: Write) -> None:
    fallbacks, _, _ = find_fallbacks(read(write(FRONT + "[Սոթք]{lang=hy}\n")))
    font = TTFont(BytesIO(subset_font(fallbacks[0].face, "Սոթք")))
    assert not {"fpgm", "prep", "cvt "} & set(font.keys())


@pytest.mark.parametrize(
    ("bits", "allowed"),
    [
        (0x0000, True),  # installable
        (0x0002, False),  # restricted
        (0x0004, True),  # preview and print
        (0x0008, True),  # editable
        (0x0108, False),  # may be embedded whole, but not cut down
        (0x0204, False),  # bitmaps alone
    ],
)
def test_the_bits_of_a_licence_are_kept_to(bits: int, allowed: bool, tmp_path: Path) -> None:
    own = bundled_faces()[0]
    font = TTFont(own.path)
    font["OS/2"].fsType = bits
    font.save(tmp_path / "font.otf")
    assert can_embed(replace(own, path=tmp_path / "font.otf")) is allowed
