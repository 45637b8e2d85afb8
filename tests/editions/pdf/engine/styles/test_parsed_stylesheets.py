"""What paper does not know of a sheet is told, and a sheet that was kept dresses as one that is parsed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bifolio import make
from bifolio.pdf.engine.styles import parsed_stylesheets
from bifolio.stylesheet import default_path

TEXT = "---\nlanguage: en\n---\n\n# Heading\n\nWords.\n"
SAYS = "The PDF layout did not apply a rule of the stylesheet. "


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("p { colour: red }", ["Ignored `colour: red`, unknown property"]),
        ("h1 { color: 12 }", ["Ignored `color: 12`, invalid value"]),
        ("p:foo { color: red }", ["Ignored `p:foo`, which is not a known selector"]),
        ("@page { @top-mid { content: none } }", ["Unknown @page rule `@top-mid`"]),
        ("@media print { p { size-adjust: 2 } }", ["Ignored `size-adjust: 2`, unknown property"]),
        # Another finding tells of these, or another program is meant.
        ("@bogus { a: b }", []),
        ("p { -webkit-hyphens: none }", []),
        ("@media screen { p { colour: red } }", []),
    ],
)
def test_what_paper_does_not_know_is_told_in_every_build(
    written: str, says: list[str], write: Callable[..., Path], tmp_path: Path
) -> None:
    style = tmp_path / "sheet.css"
    style.write_text(f"p {{ margin: 0 }}\n{written}\n")
    for text in (TEXT, f"{TEXT}\nMore of them.\n"):  # the second is built with the sheet as it was kept
        made = make(write(text), tmp_path / "build", style=style)
        told = [finding for finding in made.findings if finding.code == "css-ignored"]
        assert [finding.message for finding in told] == [f"{SAYS}{said}." for said in says]
        places = [finding.where and (finding.where.file, finding.where.line) for finding in told]
        assert places == [(style, 2)] * len(says)


def test_a_kept_sheet_is_not_parsed_again_and_dresses_as_before(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style, parse = tmp_path / "sheet.css", parsed_stylesheets.parse
    calls: list[object] = []
    dress = "p > em::after { content: ' (so)' } p { margin: 3em } li:nth-child(2n) { color: red }"
    style.write_text(f"{default_path().read_text('utf-8')}\n{dress}\n")

    def spy(*given: Any) -> Any:
        calls.append(given)
        return parse(*given)

    def build(text: str, folder: str, cache: bool) -> bytes:
        parsed_stylesheets.parsed_stylesheet.cache_clear()
        calls.clear()
        made = make(write(text), tmp_path / folder, style=style, only="pdf", cache=cache)
        return made.files[0].path.read_bytes()

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(parsed_stylesheets, "parse", spy)
    build(TEXT, "first", True)
    more = f"{TEXT}\n*Yes*.\n\n- one\n- two\n"
    kept = build(more, "kept", True)
    assert calls == []
    assert kept == build(more, "fresh", False)
    assert len(calls) == 3


def test_a_sheet_that_opens_files_is_not_kept() -> None:
    assert parsed_stylesheets.opens_files("@import 'x.css';")
    assert parsed_stylesheets.opens_files("@FONT-FACE { font-family: x }")
    assert parsed_stylesheets.opens_files("@\\66ont-face { font-family: x }")
    assert not parsed_stylesheets.opens_files("@page { margin: 0 } p { font: 1em serif }")
