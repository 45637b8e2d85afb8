"""Lines drawn from shaped words look as if WeasyPrint had drawn them."""

from __future__ import annotations

import ctypes
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest

from bifolio import Publication, bind_pdf, read
from bifolio.pdf.lines import justification
from bifolio.pdf.lines.shaped_words import shape_words
from tests.editions.pdf.lines.test_knuth_plass import HEAD, marked_text

OTHERS = """
Words in *other* letters, such as Ελληνικά and русский, stand among plain ones, with 日本 and ☃,
ﬁnd, fjord, AVAST! To “Tom’s”—and V. A. T. Y., with a wide\u2003gap, and enough words to fill some lines.
"""
STYLE = """
h1 + p { letter-spacing: 1px }
p em { text-decoration: underline }
p strong { word-spacing: 3px }
p code { text-transform: uppercase }
"""


def letters(data: bytes) -> list[tuple[int, str, float, float]]:
    """Return what is drawn on each page: the letter, and where it begins, in pt."""
    found, x, y = [], ctypes.c_double(), ctypes.c_double()
    for number, page in enumerate(pypdfium2.PdfDocument(BytesIO(data))):
        held = page.get_textpage()
        for place in range(raw.FPDFText_CountChars(held.raw)):
            character = chr(raw.FPDFText_GetUnicode(held.raw, place))
            raw.FPDFText_GetCharOrigin(held.raw, place, x, y)
            if not character.isspace():
                found.append((number, character, x.value, y.value))
    return found


@pytest.fixture
def publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    source = tmp_path / "text.md"
    source.write_text(f"{HEAD}\n# One\n\n{marked_text(7)}\n\n{OTHERS}\n\n[^n]: A note.\n", encoding="utf-8")
    monkeypatch.setenv("BIFOLIO_CORES", "1")  # in this process, where a name can be replaced
    return read(source)


@pytest.mark.parametrize("style", ["", STYLE])
def test_each_glyph_is_where_weasyprint_would_draw_it(
    style: str, publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text(style, encoding="utf-8")
    ours = letters(bind_pdf(publication, sheet if style else None, "a5").data)
    monkeypatch.setattr(justification, "shape_words", lambda *_: None)
    theirs = letters(bind_pdf(publication, sheet if style else None, "a5").data)
    assert [(page, character) for page, character, *_ in ours] == [
        (page, character) for page, character, *_ in theirs
    ]
    for (_, _, x, y), (_, _, other_x, other_y) in zip(ours, theirs, strict=True):
        assert abs(x - other_x) < 0.4
        assert abs(y - other_y) < 0.05


def test_most_lines_are_drawn_from_shaped_words(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[bool] = []

    def watched(*args: Any) -> Any:
        made = shape_words(*args)
        done.append(made is not None)
        return made

    monkeypatch.setattr(justification, "shape_words", watched)
    bind_pdf(publication, None, "a5")
    assert done.count(True) > 0.8 * len(done) > 50
