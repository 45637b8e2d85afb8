"""Character coverage: the bundled faces, system fallbacks, and missing characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import read
from bifolio.fonts import coverage
from bifolio.fonts.coverage import code_points, find_fallbacks
from bifolio.fonts.faces import bundled_faces

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def test_every_bundled_face_has_the_usual_characters() -> None:
    usual = {code for code in range(0x3000) if not coverage._UNUSUAL.match(chr(code))}
    usual = {code for code in usual if unicodedata.category(chr(code)) != "Cc"}
    assert len(usual) > 200
    for face in bundled_faces():
        assert usual <= code_points(face)


def test_no_font_is_read_for_usual_characters(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "code_points", None)
    assert find_fallbacks(read(write(FRONT + "“So” – it’s… a £\u00a05 “naïve” ćwierć"))) == (
        (), frozenset(), [],
    )  # fmt: skip


def test_a_text_that_the_bundled_faces_cover_needs_no_fallback(write: Write) -> None:
    assert find_fallbacks(read(write(FRONT + "Laçın, ‘so’ – a\u00adb 1\u00a0mm\n"))) == ((), frozenset(), [])


def test_armenian_gets_a_system_font_for_its_language(write: Write) -> None:
    fallbacks, _, findings = find_fallbacks(read(write(FRONT + "[Սոթք]{lang=hy}\n")))
    assert findings == []
    assert [(f.characters, f.languages) for f in fallbacks] == [(frozenset("Սոթք"), frozenset({"hy"}))]


def test_a_character_without_a_font_is_an_error_at_its_line(write: Write) -> None:
    publication = read(write(FRONT + "One\ntwo \U0003fff0\n"))
    fallbacks, missing, findings = find_fallbacks(publication)
    assert (fallbacks, missing) == ((), frozenset("\U0003fff0"))
    assert [str(f).partition("text.md")[2] for f in findings] == [
        ":5: error glyph-missing: No installed font has the character \U0003fff0 (U+3FFF0, a character "
        "without a name); the PDF would show a box. Install a font that has it; `bifolio doctor` shows how."
    ]
