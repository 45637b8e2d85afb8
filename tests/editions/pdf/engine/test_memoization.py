"""What is remembered while a text is laid out changes nothing of the PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio import bind_pdf, read
from bifolio.pdf import typeset
from bifolio.pdf.engine.memoization import memoization
from bifolio.pdf.engine.patching import Layer, apply_layers
from tests.conftest import ARTICLE, EVERYTHING

FLOATS = """---
title: Floats
language: en
---

# One

::: {.left}
Beside
:::

Words flow around it, [here](#two) and there.[^1] And *more* words, of which there are enough for lines and
lines, so that some stand beside what floats and some below it, where there is room for all of a line again.

| A | B |
| - | - |
| c | d |

[^1]: A note with a [link](#two), and with [another](https://example.org/) that leads out.

## Two {#two}

> Quoted, and quoted again.

1. First
2. Second
   - with a bullet
"""
STYLE = """
.left { float: left; width: 30%; border: 1px solid; padding: 1%; box-sizing: border-box }
blockquote { display: flex; min-width: 50%; margin: 0 10% }
h2 { text-decoration: underline }
"""


@pytest.mark.parametrize("text", ["article", "book", "floats"])
def test_the_pdf_is_the_same_to_the_byte(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "floats.md").write_text(FLOATS, encoding="utf-8")
    (tmp_path / "floats.css").write_text(STYLE, encoding="utf-8")
    source = {"article": ARTICLE, "book": EVERYTHING, "floats": tmp_path / "floats.md"}[text]
    style = tmp_path / "floats.css" if text == "floats" else None
    publication = read(source)
    monkeypatch.setenv("BIFOLIO_CORES", "1")  # in this process, where a name can be replaced
    quick = bind_pdf(publication, style, "a5")
    monkeypatch.setattr(typeset, "memoization", lambda: Layer("memoization"))
    slow = bind_pdf(publication, style, "a5")
    assert quick.data == slow.data
    assert quick.findings == slow.findings
    assert quick.page_breaks == slow.page_breaks


def test_weasyprint_is_left_as_it_was() -> None:
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.layout import inline
    from weasyprint.matrix import Matrix
    from weasyprint.text.line_break import Layout

    def names() -> tuple[object, ...]:
        return (Layout.setup, Box.is_in_normal_flow, Matrix.__matmul__,
                inline.strut, inline.resolve_percentages, inline.avoid_collisions)  # fmt: skip

    before = names()
    with apply_layers(memoization()):
        assert all(one is not other for one, other in zip(before, names(), strict=True))
    assert names() == before
