"""Text that is in no edition, or not where its author expects it, is reported at its line."""

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
    ("text", "line", "message"),
    [
        ("Text.\n\n" + TABLE + "| 1 | 2 |\n| 3 | 4 | lost | more |\n", 11,
         "error cells-dropped: A row of the table has more cells than the header row; its cells from "
         "`lost` on are in no edition. Add a header cell for each column, "
         "or write `\\|` for a bar within a cell."),
        ("> " + TABLE.replace("\n", "\n> ") + "3 | 4 | lost\n", 8,
         "error cells-dropped: A row of the table has more cells than the header row; its cells from "
         "`lost` on are in no edition. Add a header cell for each column, "
         "or write `\\|` for a bar within a cell."),
        ("Text [words]{lang=x} here.\n", 6,
         "warning language-invalid: `lang=x` is not a language tag and was removed. "
         "Write a BCP 47 tag, such as `fr` or `en-GB`."),
        ('One\n<b style="x">two</b> <i style="y">three</i>\n\n<b style="x">four</b>\n', 7,
         "note attribute-dropped: The attribute `style` on <b> is supported by no edition and was removed, "
         "here and elsewhere. Add a class to the element, and style the class in the stylesheet."),
        ("*[HT]: One\n*[HT]: One\n\n*[HT]: Two\n", 9,
         "warning abbreviation-twice: The abbreviation HT is defined more than once, with different "
         "meanings; the last one is used. Remove all but one."),
        ("[a]\n\n[a]: http://b.c\n[a]: http://b.c\n[A]: http://d.e\n", 10,
         "warning reference-twice: The link label [a] is defined more than once, with different "
         "targets; the first one is used. Rename the label of one of them."),
        ("::: one\n\nText.\n\nMore.\n", 6,
         "warning div-unclosed: The div `::: one` is never closed, so it contains everything that follows. "
         "Add a line with as many colons after its last block."),
        ("One\n:::\nTwo\n", 7,
         "warning div-unread: `:::` was not recognised as a div fence and was kept as text. "
         "Open a div with colons and one name or braces; close it with as many colons alone."),
        ("One.\n\n## \n\nTwo.\n", 8,
         "warning heading-empty: A heading has no words, so it is in no edition. "
         "Add words to it, or remove it."),
        ("One.\n\n<h2> <b></b></h2>\n", 8,
         "warning heading-empty: A heading has no words, so it is in no edition. "
         "Add words to it, or remove it."),
    ],
)  # fmt: skip
def test_a_loss_is_reported_once(write: Write, text: str, line: int, message: str) -> None:
    source = write(FRONT + text)
    assert [str(f) for f in read(source).findings] == [f"{source}:{line}: {message}"]


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
def test_text_without_losses_has_no_findings(write: Write, text: str) -> None:
    assert read(write(FRONT + text)).findings == ()


def test_the_anchor_of_an_empty_heading_stays_a_link_target(write: Write) -> None:
    publication = read(write(FRONT + 'A [link](#here).\n\n## <a id="here"></a>\n\nText.\n'))
    assert [f.code for f in publication.findings] == ["heading-empty"]
    assert publication.sections[0].headings == ()
    assert words_of(publication.sections[0].body) == ["T", "A", "link.", "Text."]
