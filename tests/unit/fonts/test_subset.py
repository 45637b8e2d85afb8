"""Font subsets, and the embedding rights of a font."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bifolio import read
from bifolio.fonts.coverage import find_fallbacks
from bifolio.fonts.faces import bundled_faces
from bifolio.fonts.subset import can_embed, subset_font

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def test_a_subset_has_the_requested_characters_only(write: Write) -> None:
    face = bundled_faces()[0]
    assert can_embed(face)
    font = TTFont(BytesIO(subset_font(face, "ab")))
    assert set(font.getBestCmap()) == set(map(ord, "ab"))
    assert subset_font(face, "ab") == subset_font(face, "ba")


def test_a_subset_has_no_hinting(write: Write) -> None:
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
        (0x0108, False),  # no subsetting
        (0x0204, False),  # bitmap embedding only
    ],
)
def test_the_embedding_rights_of_a_font_are_respected(bits: int, allowed: bool, tmp_path: Path) -> None:
    bundled = bundled_faces()[0]
    font = TTFont(bundled.path)
    font["OS/2"].fsType = bits
    font.save(tmp_path / "font.otf")
    assert can_embed(replace(bundled, path=tmp_path / "font.otf")) is allowed
