"""HTML and SVG of the author: what is allowed, unwrapped or removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import read
from bifolio.model.publication import text_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


@pytest.mark.parametrize(
    ("html", "expected", "codes"),
    [
        ("<script>alert(1)</script>", "", ["html-removed"]),
        ("<style>p { color: red }</style>", "", ["html-removed"]),
        ("<iframe src='https://example.org/'></iframe>", "", ["html-removed"]),
        ("<p>One <blink>two</blink> three</p>", "One two three", ["html-unwrapped"]),
        ("<p onclick='x()'>One</p>", "One", []),
        ("<p data-x='y' align=right>One</p><p align=left>two</p>", "Onetwo", ["attribute-dropped"]),
        ("<details><summary>One</summary>Two</details>", "OneTwo", []),
        ("<p><ruby>漢<rt>kan</rt></ruby></p>", "漢kan", []),
        ("<p>One<!-- two --> three</p>", "One three", []),
        ("<blink>a <marquee>b</marquee></blink>", "a b", ["html-unwrapped", "html-unwrapped"]),
    ],
)
def test_html_is_allowed_unwrapped_or_removed_and_reported(
    write: Write, html: str, expected: str, codes: list[str]
) -> None:
    publication = read(write(FRONT + html + "\n"))
    body = publication.sections[0].body
    assert text_of(body).replace("T", "", 1).strip() == expected
    assert [f.code for f in publication.findings] == codes
    assert not any(name.startswith("on") for element in body.iter() for name in element.attrib)


def test_inline_svg_loses_scripts_links_and_external_references(write: Write) -> None:
    svg = (
        '<svg viewBox="0 0 9 9"><title>T</title><script>x</script><image href="file:///etc/hostname"/>'
        '<a href="https://example.org/"><rect/></a><rect fill="url(https://example.org/)" onload="x"/>'
        '<linearGradient id="g"/><rect fill="url(#g)"/></svg>'
    )
    publication = read(write(FRONT + svg + "\n"))
    body = publication.sections[0].body
    names = [e.tag.rpartition("}")[2] for e in body.iter() if e.tag.startswith("{http://www.w3.org/2000")]
    assert names == ["svg", "title", "rect", "linearGradient", "rect"]
    assert sorted(f.message.split(" ")[0] for f in publication.findings) == [
        "<a>", "<image>", "<script>", "fill='url(https://example.org/)'", "onload='x'",
    ]  # fmt: skip


def test_checkboxes_become_characters(write: Write) -> None:
    publication = read(
        write(
            FRONT + "\n"
            '<ul><li><input type="checkbox" checked disabled> a</li><li><p><INPUT TYPE=checkbox> b</p>'
            "</li></ul>"
            '\n\nTick <input type="checkbox"> here, not <input type="text">there.\n'
        )
    )
    root = publication.sections[0].body
    assert [(item.get("class"), "".join(item.itertext())) for item in root.iter("li")] == [
        ("task done", "☑ a"),
        ("task", "☐ b"),
    ]
    assert "Tick ☐ here, not there." in "".join(root.itertext())
    assert [finding.code for finding in publication.findings] == ["html-removed"]
