"""Margin boxes drawn once and given each page number are equal to those drawn for every page."""

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
NUMBER_AND_TITLE = (
    "@page { @top-left { content: string(title) } @top-right-corner { content: counter(page) } }"
)
STYLESHEETS = {
    "beside the title": NUMBER_AND_TITLE,
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
    """Return 120 pages whose title changes every 50 pages and whose counter `part` is 2 on the last ten."""
    return [
        MarginBoxPage(
            PageType(("right", "left")[index % 2], False, "", index),
            index + 1,
            {"part": [1 + index // 110]},
            {"title": [f"From {index}"]} if index % 50 == 0 else {},
        )
        for index in range(120)
    ]


@pytest.mark.parametrize("name", STYLESHEETS)
def test_reused_margin_boxes_are_equal_to_those_drawn_for_each_page(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stylesheet = f"html {{ font-family: {FAMILY} }} {STYLESHEETS[name]}"
    environment, tree = create_environment([stylesheet], ()), html_tree_without_text(Metadata("1984", "en"))
    reused = draw_margin_boxes(tree, pages(), {"title": "Before"}, environment, TextContext(is_separate=True))
    monkeypatch.setattr(margin_boxes, "_TEMPLATE_MINIMUM", 1000)
    drawn_each = draw_margin_boxes(
        tree, pages(), {"title": "Before"}, environment, TextContext(is_separate=True)
    )
    assert reused.operators == drawn_each.operators
    assert any(drawn_each.operators) == (name != "nowhere")
    assert len(set(drawn_each.operators)) == {"nowhere": 1, "on every third page": 41}.get(name, 120)


def test_most_margin_boxes_are_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = margin_boxes._page_box

    def spy(context: object, html: object, page: MarginBoxPage, number: int) -> object:
        drawn.append(number)
        return draw(context, html, page, number)

    monkeypatch.setattr(margin_boxes, "_page_box", spy)
    tree = html_tree_without_text(Metadata("1984", "en"))
    draw_margin_boxes(
        tree, pages(), {"title": "Before"}, create_environment([NUMBER_AND_TITLE], ()), TextContext()
    )
    assert 6 <= len(drawn) < 30
