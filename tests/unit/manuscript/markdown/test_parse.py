"""Property tests of the Markdown parser: any text becomes a tree, and no word is lost."""

from __future__ import annotations

import contextlib
from html.parser import HTMLParser

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bifolio.manuscript.markdown.parse import parse_markdown
from bifolio.model.errors import SourceError
from bifolio.model.publication import text_of

SETTINGS = settings(derandomize=True, deadline=None, max_examples=150, database=None)
WORDS = st.sampled_from(["salt", "Սոթք", "a", "b2", "snake_case", "é", "塩", "1986"])
MARKS = st.one_of(
    st.sampled_from(r"* ** _ ~~ ` `` ``` # > - 1. \ ( ) ! + = === --- . , : ; ' &amp; |".split(" ")),
    st.sampled_from(["## ", "> ", "- ", "1. ", "    ", "\n", "\n\n", " ", "  \n"]),
)
TEXTS = st.lists(st.one_of(WORDS, MARKS), max_size=40).map("".join)


@SETTINGS
@given(st.text(max_size=200))
@example("\x02klzzwxh:0000\x03")
@example("[^a]: b[^a]\n\n[^a]")
@example("::: a\n> - [x]{.y")
@example("<table><p>*a*\n\n</td>b")
def test_any_text_becomes_a_tree(text: str) -> None:
    with contextlib.suppress(SourceError):
        parse_markdown(text, 1)


@SETTINGS
@given(st.lists(st.one_of(WORDS, MARKS, st.sampled_from("[]{}<>^:@&/.w")), max_size=60).map("".join))
def test_any_markup_becomes_a_tree(text: str) -> None:
    with contextlib.suppress(SourceError):
        parse_markdown(text, 1)


class TextCollector(HTMLParser):
    """Collects the text of rendered HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@SETTINGS
@given(TEXTS)
def test_the_tree_has_the_same_words_as_the_rendering_of_markdown_it(text: str) -> None:
    other = TextCollector()
    other.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    other.close()
    assert letters(text_of(parse_markdown(text, 1)[0])) == letters("".join(other.words))
