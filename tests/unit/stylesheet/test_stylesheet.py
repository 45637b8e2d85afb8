"""Stylesheets: the subset for e-readers, and findings about CSS that an edition cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.model.errors import UsageError
from bifolio.stylesheet import Stylesheet, default_path, find_stylesheet, read_stylesheet


def stylesheet_of(tmp_path: Path, text: str | bytes) -> Stylesheet:
    path = tmp_path / "a.css"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_stylesheet(path)


def findings_of(stylesheet: Stylesheet) -> list[str]:
    return [f"{f.where.line if f.where else 0} {f.code}" for f in stylesheet.findings]


@pytest.mark.parametrize(
    ("css", "screen"),
    [
        ("p { margin: 0 }", "p {\n  margin: 0;\n}"),
        ("@media screen { p { margin: 0 } }", "p {\n  margin: 0;\n}"),
        ("@media print { p { margin: 0 } } @page { size: A5 }", ""),
        (":root { --a: 1em } p { margin: var(--a) var(--b, 2em) }", "p {\n  margin: 1em 2em;\n}"),
        (":root { --a: var(--b); --b: 1em } p { margin: var(--a) }", "p {\n  margin: 1em;\n}"),
        ("ul { margin: 0; li, & > p { margin: 1em } }",
         "ul {\n  margin: 0;\n}\nul li, ul > p {\n  margin: 1em;\n}"),
        ("p { string-set: a content(text); orphans: 2 }", "p {\n  orphans: 2;\n}"),
        ("p { float: footnote; orphans: 3 !important }", "p {\n  orphans: 3 !important;\n}"),
        ("b { color: #1234; background: rgb(0 128 255) }",
         "b {\n  color: rgba(17, 34, 51, 0.266667);\n  background: #0080ff;\n}"),
        ("b { color: RGB(1, 2, 3); border-color: red hwb(0 0% 0%) }",
         "b {\n  color: #010203;\n  border-color: red #ff0000;\n}"),
        ("q::before { content: '#1234 ' attr(title) }", "q::before {\n  content: \"#1234 \" attr(title);\n}"),
        ("p { width: 50%; @media print { width: 60% } }", "p {\n  width: 50%;\n}"),
        ("p::footnote-call { content: none }", ""),
        ("a::after { content: target-counter(attr(href), page) }", ""),
    ],
)  # fmt: skip
def test_the_css_for_screens_is_flat_and_plain(tmp_path: Path, css: str, screen: str) -> None:
    stylesheet = stylesheet_of(tmp_path, css)
    assert (stylesheet.screen, stylesheet.findings) == (screen, ())


@pytest.mark.parametrize(
    ("css", "expected"),
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
def test_css_that_no_edition_can_use_is_reported_at_its_line(
    tmp_path: Path, css: str, expected: list[str]
) -> None:
    stylesheet = stylesheet_of(tmp_path, css)
    assert findings_of(stylesheet) == expected
    assert "url(" not in stylesheet.screen


DROPPED = "some readers drop a whole stylesheet because of it"


@pytest.mark.parametrize(
    ("css", "what", "why"),
    [
        ("@media screen { p { string-set: a 'x' } }", "string-set: a \"x\"", "it is for print only"),
        ("@media screen { p { float: footnote } }", "float: footnote", "it is for print only"),
        ("@media screen { p::footnote-call { color: red } }", "p::footnote-call", "it is for print only"),
        ("@media screen { @page { margin: 0 } }", "@page", "it is for print only"),
        ("img { width: min(9em, 5%) }", "width: min(9em, 5%)", DROPPED),
        ("b { color: oklch(0 0 0) }", "color: oklch(0 0 0)", DROPPED),
        ("img { width: calc(100% - 1em) }", "width: calc(100% - 1em)",
         DROPPED),
        (":root { --w: clamp(1em, 2em, 3em) } img { width: var(--w) }", "width: clamp(1em, 2em, 3em)",
         DROPPED),
        ("p:is(.a, .b) { margin: 0 }", "p:is(.a, .b)", "old readers do not support such selectors"),
        ("p:not(.a, .b) { margin: 0 }", "p:not(.a, .b)", "old readers do not support such selectors"),
        ("p:has(img) { margin: 0 }", "p:has(img)", "old readers do not support such selectors"),
        ("p { direction: rtl }", "direction: rtl", "EPUB forbids it; use `dir` in the text"),
        ("p { @media (min-width: 9em) { margin: 0 } }", "@media", "it is nested in a rule"),
    ],
)  # fmt: skip
def test_css_that_the_epub_leaves_out_is_reported(tmp_path: Path, css: str, what: str, why: str) -> None:
    stylesheet = stylesheet_of(tmp_path, f"\n\n{css}")
    assert findings_of(stylesheet) == ["3 css-dropped"]
    assert stylesheet.findings[0].message == f"The EPUB leaves out `{what}`: {why}."
    assert stylesheet.screen == ""


@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("div { position: fixed }", "lands on the wrong one"),
        ("div { float: left; width: 15em }", "large text beside it has no room"),
        ("div { font-size: 12px }", "does not scale with the text"),
        ("div { font: bold 9pt/1.2 serif }", "does not scale with the text"),
        ("body { font-size: 1.2em }", "the reader chooses the size of the text"),
        ("body { color: black }", "and may read at night"),
        ("html, p { background: #fff }", "and may read at night"),
        ("body { font-family: Georgia }", "the reader chooses the typeface of the text"),
        ("p { line-height: 2 }", "the reader chooses the line spacing"),
        ("h1 { color: maroon !important }", "it overrides the reader's settings"),
        ("body { margin: 0 3em }", "these are added to them"),
        ("div { margin-top: -1em }", "cut off or covers its neighbour"),
        ("div { margin: 0 -2em }", "cut off or covers its neighbour"),
        ("div { margin-left: -20px }", ""),
        ("div { margin-left: -40px }", "cut off or covers its neighbour"),
        ("li { text-indent: -2em; padding-left: 1em }", "the start of the line is cut off"),
        ("div { width: 600px }", "a phone is narrower"),
        ("div { min-width: 12cm }", "a phone is narrower"),
        ("div.box { height: 10em }", "larger text overflows it"),
        ("div { margin-top: 40vh }", "take one of them for the screen"),
        ("div { overflow: hidden }", "content that does not fit is lost"),
        ("div { display: flex }", "plain blocks"),
        ("div { column-count: 2 }", "screens from columns"),
    ],
)
def test_css_that_e_readers_misread_is_reported(tmp_path: Path, css: str, why: str) -> None:
    stylesheet = stylesheet_of(tmp_path, f"\n{css}")
    assert findings_of(stylesheet) == (["2 css-misread"] if why else [])
    assert why in "".join(finding.message for finding in stylesheet.findings)


@pytest.mark.parametrize(
    "css",
    [
        "@media print { body { color: black; font: 10pt/1.4 serif; margin: 2cm } div { position: fixed } }",
        "h1 { font-size: 2em; line-height: 1.1; margin: 2em 0 1em; color: inherit }",
        "img { width: 50%; height: 10em; float: right } hr { height: 2px; width: 200px }",
        "li { text-indent: -1.5em; padding-left: 1.5em } p { margin-left: -0.8em; overflow-wrap: normal }",
        "body { font-size: 100%; margin: 0; line-height: normal } p { text-align: justify; margin: 0.5em 0 }",
        "pre { font-size: 0.8em; line-height: 1.4; font-family: monospace }",
        "q::before { content: '12px' } .body { line-height: 2 } p.note { font-size: 0.9em }",
    ],
)
def test_css_that_e_readers_support_has_no_findings(tmp_path: Path, css: str) -> None:
    assert findings_of(stylesheet_of(tmp_path, css)) == []


def test_the_default_stylesheet_has_no_findings_and_no_at_rules() -> None:
    stylesheet = read_stylesheet(default_path())
    assert stylesheet.findings == ()
    assert "@" not in stylesheet.screen
    assert "var(" not in stylesheet.screen


def test_an_unreadable_stylesheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_stylesheet(tmp_path / "none.css")
    with pytest.raises(UsageError, match="not UTF-8"):
        stylesheet_of(tmp_path, b"p { content: '\xff' }")


def test_the_stylesheet_in_the_folder_styles_is_found(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    source = tmp_path / "source" / "a.md"
    assert find_stylesheet(source) == default_path()
    own = tmp_path / "styles" / "own.css"
    own.write_text("")
    assert find_stylesheet(source) == own
    (tmp_path / "styles" / "second.css").write_text("")
    with pytest.raises(UsageError, match="more than one stylesheet"):
        find_stylesheet(source)
