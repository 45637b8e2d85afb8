"""Heads into which the number is put are as they would be drawn for it."""

from __future__ import annotations

import pytest

from bifolio.fonts import own_faces
from bifolio.pdf import heads
from bifolio.pdf.bench import open_bench
from bifolio.pdf.heads import HeadOf, set_heads
from bifolio.pdf.leaves import PageKind
from bifolio.pdf.print_tree import head_tree
from bifolio.pdf.setting import Place
from bifolio.publication import Metadata

FAMILY = own_faces()[0].family
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


def pages() -> list[HeadOf]:
    """Return 120 pages whose title changes, and which stand at the end of a part on the last ten."""
    return [
        HeadOf(
            PageKind(("right", "left")[number % 2], False, "", number),
            number + 1,
            {"part": [1 + number // 110]},
            {"title": [f"From {number}"]} if number % 50 == 0 else {},
        )
        for number in range(120)
    ]


@pytest.mark.parametrize("sheet", SHEETS)
def test_heads_are_as_drawn_one_by_one(sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    style = f"html {{ font-family: {FAMILY} }} {SHEETS[sheet]}"
    bench, tree = open_bench([style], ()), head_tree(Metadata("1984", "en"))
    quick = set_heads(tree, pages(), {"title": "Before"}, bench, Place(apart=True))
    monkeypatch.setattr(heads, "_MANY", 1000)
    slow = set_heads(tree, pages(), {"title": "Before"}, bench, Place(apart=True))
    assert quick.operators == slow.operators
    assert any(slow.operators) == (sheet != "nowhere")
    assert len(set(slow.operators)) == {"nowhere": 1, "on every third page": 41}.get(sheet, 120)


def test_most_heads_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = heads._page_box

    def spy(context: object, html: object, page: HeadOf, number: int) -> object:
        drawn.append(number)
        return draw(context, html, page, number)

    monkeypatch.setattr(heads, "_page_box", spy)
    tree = head_tree(Metadata("1984", "en"))
    set_heads(tree, pages(), {"title": "Before"}, open_bench([BESIDE], ()), Place())
    assert 6 <= len(drawn) < 30
