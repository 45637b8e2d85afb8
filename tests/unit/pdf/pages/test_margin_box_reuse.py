"""Heads into which the number is put are as they would be drawn for it."""

from __future__ import annotations

import pytest

from bifolio.fonts.faces import bundled_faces
from bifolio.model.publication import Metadata
from bifolio.pdf.engine.layout_environment import create_environment
from bifolio.pdf.job import MarginBoxPage, TextContext
from bifolio.pdf.laid_out import PageType
from bifolio.pdf.pages import margin_boxes
from bifolio.pdf.pages.margin_boxes import draw_margin_boxes
from bifolio.pdf.print_html.html_tree import html_tree_without_text

FAMILY = bundled_faces()[0].family
BESIDE = "@page { @top-left { content: string(title) } @top-right-corner { content: counter(page) } }"
SHEETS = {
    "beside the title": BESIDE,
    "in a sentence": '@page { @bottom-center { content: "Page " counter(page) " of the text" } }',
    "twice": "@page { @top-left { content: counter(page) } @bottom-left { content: counter(page) } }",
    "in Roman numerals": "@page { @bottom-center { content: counter(page, lower-roman) } }",
    "of several widths": "@page { @bottom-center { content: counter(page); "
    "font-variant-numeric: proportional-nums } }",
    "on every third page": "@page :nth(3n) { @bottom-center { content: counter(page) } }",
    "with a counter of the text": "@page { @top-left { content: counter(part) '.' counter(page) } }",
    "nowhere": "@page { size: A5 }",
}


def pages() -> list[MarginBoxPage]:
    """Return 120 pages whose title changes, and which stand at the end of a part on the last ten."""
    return [
        MarginBoxPage(
            PageType(("right", "left")[number % 2], False, "", number),
            number + 1,
            {"part": [1 + number // 110]},
            {"title": [f"From {number}"]} if number % 50 == 0 else {},
        )
        for number in range(120)
    ]


@pytest.mark.parametrize("sheet", SHEETS)
def test_heads_are_as_drawn_one_by_one(sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    style = f"html {{ font-family: {FAMILY} }} {SHEETS[sheet]}"
    bench, tree = create_environment([style], ()), html_tree_without_text(Metadata("1984", "en"))
    quick = draw_margin_boxes(tree, pages(), {"title": "Before"}, bench, TextContext(is_separate=True))
    monkeypatch.setattr(margin_boxes, "_TEMPLATE_MINIMUM", 1000)
    slow = draw_margin_boxes(tree, pages(), {"title": "Before"}, bench, TextContext(is_separate=True))
    assert quick.operators == slow.operators
    assert any(slow.operators) == (sheet != "nowhere")
    assert len(set(slow.operators)) == {"nowhere": 1, "on every third page": 41}.get(sheet, 120)


def test_most_heads_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = margin_boxes._page_box

    def spy(context: object, html: object, page: MarginBoxPage, number: int) -> object:
        drawn.append(number)
        return draw(context, html, page, number)

    monkeypatch.setattr(margin_boxes, "_page_box", spy)
    tree = html_tree_without_text(Metadata("1984", "en"))
    draw_margin_boxes(tree, pages(), {"title": "Before"}, create_environment([BESIDE], ()), TextContext())
    assert 6 <= len(drawn) < 30
