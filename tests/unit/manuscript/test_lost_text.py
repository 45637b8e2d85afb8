"""What of a text is in no edition, or not where its author thinks: each is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import read
from bifolio.model.publication import words_of

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\nsmart: false\n---\n"
TABLE = "| A | B |\n| - | - |\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Text.\n\n" + TABLE + "| 1 | 2 |\n| 3 | 4 | lost | more |\n", 11,
         "error cells-dropped: A row of the table has more cells than its head; from `lost` on they are in "
         "no edition. Give the head a cell for each column, or write `\\|` for a bar within a cell."),
        ("> " + TABLE.replace("\n", "\n> ") + "3 | 4 | lost\n", 8,
         "error cells-dropped: A row of the table has more cells than its head; from `lost` on they are in "
         "no edition. Give the head a cell for each column, or write `\\|` for a bar within a cell."),
        ("Text [words]{lang=x} here.\n", 6,
         "warning language-invalid: `lang=x` names no language and was left out. "
         "Write a BCP 47 tag, such as `fr` or `en-GB`."),
        ('One\n<b style="x">two</b> <i style="y">three</i>\n\n<b style="x">four</b>\n', 7,
         "note attribute-dropped: The attribute `style` on <b> is known to no edition and was left out, here "
         "and elsewhere. Give the element a class, and say the rest in the stylesheet."),
        ("*[HT]: One\n*[HT]: One\n\n*[HT]: Two\n", 9,
         "warning abbreviation-twice: The abbreviation HT is defined a second time, in other words; the last "
         "ones count. Leave one of them."),
        ("[a]\n\n[a]: http://b.c\n[a]: http://b.c\n[A]: http://d.e\n", 10,
         "warning reference-twice: The address of [a] is given a second time, and is another one; the first "
         "counts. Give one of them another label."),
        ("::: one\n\nText.\n\nMore.\n", 6,
         "warning div-unclosed: The div `::: one` is never closed; all that follows stands in it. "
         "Put a line with as many colons behind its last block."),
        ("One\n:::\nTwo\n", 7,
         "warning div-unread: The line `:::` neither begins nor ends a div; it stands in the text. "
         "A div begins with colons and one name or braces, and ends with as many colons alone."),
        ("One.\n\n## \n\nTwo.\n", 8,
         "warning heading-empty: A heading has no words; it is in no edition. "
         "Give it words, or take it out."),
        ("One.\n\n<h2> <b></b></h2>\n", 8,
         "warning heading-empty: A heading has no words; it is in no edition. "
         "Give it words, or take it out."),
    ],
)  # fmt: skip
def test_a_loss_is_told_once(write: Write, text: str, line: int, said: str) -> None:
    source = write(FRONT + text)
    assert [str(f) for f in read(source).findings] == [f"{source}:{line}: {said}"]


@pytest.mark.parametrize(
    "text",
    [
        TABLE + "| 1 | 2 | | |\n| 3 | 4 \\| 5 |\n| 6 |\n7 | 8\n",
        "    ::: one\n\n```\n:::\n::: two\n```\n",
        ":::: one\n::: {.two}\nText.\n:::\n::::\n",
        "*[HT]: One\n*[HT]: One\n\n[a]: http://b.c\n[a]: http://b.c\n",
        "## $x$\n\n## `a`\n",
        "[words]{lang=zh-Hant-TW}\n",
    ],
)
def test_what_loses_nothing_is_not_told(write: Write, text: str) -> None:
    assert read(write(FRONT + text)).findings == ()


def test_a_heading_without_words_stays_a_place_to_link_to(write: Write) -> None:
    publication = read(write(FRONT + 'A [link](#here).\n\n## <a id="here"></a>\n\nText.\n'))
    assert [f.code for f in publication.findings] == ["heading-empty"]
    assert publication.sections[0].headings == ()
    assert words_of(publication.sections[0].body) == ["T", "A", "link.", "Text."]
