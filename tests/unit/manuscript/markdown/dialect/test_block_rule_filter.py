"""Rules that are asked only of lines they may know find what they would find if asked of all."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown_it.ruler import Ruler

from bifolio.manuscript.markdown.dialect import Dialect
from bifolio.manuscript.markdown.dialect.blocks import CommonMarkBlockParser

INDENTS = ["", " ", "   ", "    ", "\t"]
BEGINNINGS = [
    "a", "\u0663.", "1. ", "2) ", "- ", "+ ", "* ", "***", "---", "___", "# ", "##", "> ", ">", "```",
    "~~~ rust", "$$", "::: note", ":::", "!!! note", "??? tip", "%%", "%% x %%", "[^a]: ", "[a]: /b",
    "*[AB]: ", "\\pagebreak", "\\newpage", "<div>", "</div>", "<!-- ", "-->", "<p", ": ", "~ ",
    "| a | b |", "|---|---|", "a | b", "===", "{{ x }}", "{: .a}",
]  # fmt: skip
LINES = st.builds(
    lambda indent, beginnings, rest: indent + "".join(beginnings) + rest,
    st.sampled_from(INDENTS),
    st.lists(st.sampled_from(BEGINNINGS), max_size=3),
    st.sampled_from(["", "words", " words", "*more*"]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_blocks_are_those_that_all_rules_find(lines: list[str]) -> None:
    text = "\n".join(lines)
    chosen, asked = parser().tokenizer, parser().tokenizer
    asks_all: Ruler[Any] = Ruler()
    asks_all.__rules__ = asked.block.ruler.__rules__
    asked.block.ruler = asks_all
    assert len(chosen.block.ruler.getRules("")) == 1 < len(asks_all.getRules(""))
    found = [token.as_dict() for token in chosen.parse(text, {})]
    assert found == [token.as_dict() for token in asked.parse(text, {})]


def parser() -> CommonMarkBlockParser:
    blocks = Markdown(extensions=[Dialect()]).parser
    assert isinstance(blocks, CommonMarkBlockParser)
    return blocks
