"""The text of a source, as the comparison with its editions expects it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio.checks.source_parser.read import read_source

Write = Callable[..., Path]
FRONT = "---\ntitle: T\nlanguage: en\n---\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- [ ] a\n- [x] b\n- c", "☐ a ☑ b c"),
        ("It is $x^2$ or $a$ here.", "It is x^2 or a here."),
        ("From $HOME to $PATH, for $six or seven$.", "From $HOME to $PATH, for $six or seven$."),
        ("A $ab$c and $x(y)$(z).", "A $ab$c and x(y)(z)."),
        ("``` py title=\"a.py\"\nx\n```", "a.py x"),
        ("Table: One {#t}\n\n| a |\n|---|\n| b |", "One a b"),
        ("| a |\n|---|\n| b |\n\nTable: One", "One a b"),
        ("%% no %%\n\nA ==b== and ~c~ %%no%%.", "A b and c ."),
        ("!!! note\n    a", "Note a"),
        ("> [!TIP]\n> a", "Tip a"),
        ("![a](b.png)\n\n![c *d*](b.png){alt=\"e\" credit=\"f\"}\n\nAn ![inline](b.png) one.",
         "c d f An one."),
        ("::: {lang=de}\n> [!WARNING]\n> a\n:::\n\n> [!WARNING]\n> b", "Warnung a Warning b"),
        ("A <title>b</title><b>c</b> `d=~@`.", "A c d=~@."),
    ],
)  # fmt: skip
def test_the_text_is_what_an_edition_shows(source: str, text: str, write: Write) -> None:
    assert " ".join(read_source(write(FRONT + source + "\n")).text.split()) == text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("works.bib", "@book{doe,\n title={A}}\n@article(roe, title={B})\n"),
        ("works.json", '[{"id": "doe", "title": "A"}, {"id":"roe"}]'),
        ("works.yml", "- id: doe\n  title: A\n- title: B\n  id: 'roe'\n"),
    ],
)
def test_citations_of_known_works_are_no_text(name: str, data: str, write: Write) -> None:
    source = write(
        f"---\ntitle: T\nlanguage: en\nbibliography: {name}\n---\n"
        "One [see @doe, 3; -@roe], two @roe [p. 4], three [@other], four @{doe} [five] and a@doe.\n",
        **{name.replace(".", "__"): data},
    )
    text = " ".join(read_source(source).text.split())
    assert text == "One , two , three [@other], four and a@doe."


def test_notes_are_apart_from_the_text(write: Write) -> None:
    read = read_source(write(FRONT + "One[^b] two[^a].\n\n[^a]: A.\n[^b]: B.\n"))
    assert read.heading.split() == ["T"]
    assert read.text.split() == ["One", "two."]
    assert read.notes.split() == ["B.", "A."]


def test_the_first_line_of_a_plain_text_is_its_title(write: Write) -> None:
    read = read_source(write("The title\n\nOne *two*.\n", "text.txt"))
    assert (read.heading, read.text.strip()) == ("The title", "One *two*.")


def test_template_marks_are_text_without_front_matter_too(write: Write) -> None:
    assert read_source(write("# T\n\nOne {{ two }}.\n")).text.split() == "One {{ two }}.".split()


def test_front_matter_that_cannot_be_read_is_named(write: Write) -> None:
    with pytest.raises(ValueError, match="its front matter cannot be read"):
        read_source(write("---\ntitle: [\n---\nOne.\n"))
