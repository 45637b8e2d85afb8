from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.errors import UsageError
from bifolio.stylesheet import Stylesheet, default_path, find_stylesheet, read_stylesheet


def sheet(tmp_path: Path, text: str | bytes) -> Stylesheet:
    path = tmp_path / "a.css"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_stylesheet(path)


def told(stylesheet: Stylesheet) -> list[str]:
    return [f"{f.where.line if f.where else 0} {f.code}" for f in stylesheet.findings]


@pytest.mark.parametrize(
    ("written", "screen"),
    [
        ("p { margin: 0 }", "p {\n  margin: 0;\n}"),
        ("@media screen { p { margin: 0 } }", "p {\n  margin: 0;\n}"),
        ("@media print { p { margin: 0 } } @page { size: A5 }", ""),
        (":root { --a: 1em } p { margin: var(--a) var(--b, 2em) }", "p {\n  margin: 1em 2em;\n}"),
        (":root { --a: var(--b); --b: 1em } p { margin: var(--a) }", "p {\n  margin: 1em;\n}"),
        ("ul { margin: 0; li, & > p { margin: 1em } }",
         "ul {\n  margin: 0;\n}\nul li, ul > p {\n  margin: 1em;\n}"),
        ("p { string-set: a content(text); orphans: 2 }", "p {\n  orphans: 2;\n}"),
        ("p { float: footnote; color: red !important }", "p {\n  color: red !important;\n}"),
        ("p::footnote-call { content: none }", ""),
        ("a::after { content: target-counter(attr(href), page) }", ""),
    ],
)  # fmt: skip
def test_the_view_for_screens_is_flat_and_plain(tmp_path: Path, written: str, screen: str) -> None:
    stylesheet = sheet(tmp_path, written)
    assert (stylesheet.screen, stylesheet.findings) == (screen, ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("p { margin }", ["1 css-invalid"]),
        ("\n@fontface { a: b }", ["2 css-unknown"]),
        ("@media (min-width: 3em) { p { margin: 0 } }", ["1 css-media"]),
        ("p { margin: var(--none) }", ["1 css-variable"]),
        (":root { --a: var(--a) } p { margin: var(--a) }", ["1 css-variable"]),
        ("p {\n background: url(file:///etc/hostname) }", ["2 css-url"]),
        ("p { background: image-set(url('x.png') 1x) }", ["1 css-url"]),
        ("@import 'x.css';", ["1 css-url"]),
        ("@font-face { font-family: x; src: url(x.ttf) }", ["1 css-url"]),
        ("@media print { p { background: url(x.png) } }", ["1 css-url"]),
    ],
)
def test_what_an_edition_cannot_take_is_told_with_its_line(
    tmp_path: Path, written: str, expected: list[str]
) -> None:
    stylesheet = sheet(tmp_path, written)
    assert told(stylesheet) == expected
    assert "url(" not in stylesheet.screen


def test_our_own_sheet_has_no_findings_and_asks_for_no_colour_scheme() -> None:
    stylesheet = read_stylesheet(default_path())
    assert stylesheet.findings == ()
    assert "@" not in stylesheet.screen
    assert "var(" not in stylesheet.screen


def test_a_sheet_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_stylesheet(tmp_path / "none.css")
    with pytest.raises(UsageError, match="not UTF-8"):
        sheet(tmp_path, b"p { content: '\xff' }")


def test_the_sheet_beside_the_source_is_found(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    source = tmp_path / "source" / "a.md"
    assert find_stylesheet(source) == default_path()
    own = tmp_path / "styles" / "own.css"
    own.write_text("")
    assert find_stylesheet(source) == own
    (tmp_path / "styles" / "second.css").write_text("")
    with pytest.raises(UsageError, match="more than one stylesheet"):
        find_stylesheet(source)
