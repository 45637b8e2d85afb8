"""The filter of block rules by first character never changes which blocks are found."""

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
def test_filtered_rules_find_the_same_blocks_as_all_rules(lines: list[str]) -> None:
    text = "\n".join(lines)
    filtered, unfiltered = parser().tokenizer, parser().tokenizer
    all_rules: Ruler[Any] = Ruler()
    all_rules.__rules__ = unfiltered.block.ruler.__rules__
    unfiltered.block.ruler = all_rules
    assert len(filtered.block.ruler.getRules("")) == 1 < len(all_rules.getRules(""))
    found = [token.as_dict() for token in filtered.parse(text, {})]
    assert found == [token.as_dict() for token in unfiltered.parse(text, {})]


def parser() -> CommonMarkBlockParser:
    blocks = Markdown(extensions=[Dialect()]).parser
    assert isinstance(blocks, CommonMarkBlockParser)
    return blocks
