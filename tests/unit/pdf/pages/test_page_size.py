"""Page sizes of the PDF."""

from __future__ import annotations

import pytest

from bifolio.pdf.pages.page_size import Paper, parse_paper


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("a3", Paper(297, 420)),
        ("legal", Paper(215.9, 355.6)),
        ("tabloid", Paper(279.4, 431.8)),
        ("297x210mm", Paper(297, 210)),
    ],
)
def test_a_page_has_any_paper_size(text: str, paper: Paper) -> None:
    assert parse_paper(text) == paper
