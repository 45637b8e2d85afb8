"""Plain text: a title and paragraphs, with every character as it was typed."""

from __future__ import annotations

from bifolio.manuscript.markdown.plain_text import parse_plain_text
from bifolio.model.publication import LINE


def test_the_first_paragraph_is_the_title_and_blank_lines_separate_the_others() -> None:
    root = parse_plain_text("\n  The *title* \n\nOne <b>two</b>\n  three & [four](x)\n\n \n\n# Five")
    assert [(block.tag, block.text, block.get(LINE)) for block in root] == [
        ("h1", "The *title*", "2"),
        ("p", "One <b>two</b>\nthree & [four](x)", "4"),
        ("p", "# Five", "9"),
    ]


def test_the_title_is_one_line() -> None:
    root = parse_plain_text("Title\nOne\n")
    assert [(block.tag, block.text) for block in root] == [("h1", "Title"), ("p", "One")]
