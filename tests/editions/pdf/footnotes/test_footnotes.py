"""Footnotes: none is lost, wherever the lines and pages break."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from bifolio import make
from bifolio.checks.file_readers.epub import read_epub
from bifolio.checks.file_readers.pdf import read_pdf
from tests.conftest import Built

Box = tuple[float, float, float, float]
"""The left, bottom, right and top of a character, in pt."""
WORDS = (
    "the quick border ministry said that fire was exchanged on Thursday morning before talks of leaders "
    "who were expected"
).split()


def text_with_notes(seed: int) -> str:
    """Return a text in which every second line or so has a note, short or long."""
    pick = random.Random(seed)
    blocks: list[str] = []
    notes: list[str] = []
    for _ in range(24):
        words = []
        for _ in range(pick.randint(5, 160)):
            word = pick.choice(WORDS)
            if pick.random() < 0.025:
                label = len(notes) + 1
                word += (" " if pick.random() < 0.2 else "") + f"[^{label}]"
                length = pick.choice((3, 10, 40, 90))
                notes.append(f"[^{label}]: Note {label} " + " ".join(pick.choices(WORDS, k=length)) + ".")
            words.append(word)
        blocks.append(" ".join(words) + ".")
    return "---\ntitle: T\nlanguage: en\n---\n" + "\n\n".join([*blocks, *notes]) + "\n"


@pytest.mark.parametrize("seed", [1, 3, 7, 9])
def test_every_footnote_of_a_text_full_of_footnotes_is_printed(
    build: Callable[..., Built], seed: int
) -> None:
    # Each of these seeds lost a note before the layout was taught to keep them.
    assert build(text_with_notes(seed)).made.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "- item[^a]\n- item\n",
        "| a | b |\n|---|---|\n| c[^a] | d |\n",
        "> quote[^a]\n",
        "## Heading[^a]\n\nText.\n",
        "::: pull-quote\nText[^a]\n:::\n",
        '![x](a.svg "caption")\n\nText[^a]\n',
        "Text[^b]\n\n[^b]: A note with a note[^a].\n",
        "Text **bold[^a]** *it[^a]*\n",
    ],
)
def test_a_footnote_may_be_called_in_every_construct(build: Callable[..., Built], text: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    built = build(f"---\ntitle: T\nlanguage: en\n---\n{text}\n[^a]: The words of the note.\n", a__svg=svg)
    assert built.made.findings == ()


def test_a_footnote_may_contain_paragraphs_lists_and_code(build: Callable[..., Built]) -> None:
    built = build(
        "---\ntitle: T\nlanguage: en\n---\nText[^a].\n\n[^a]: One.\n\n    Two.\n\n    - three\n    - four\n\n"
        "    ```\n    five\n    ```\n"
    )
    assert built.made.findings == ()


def test_nested_footnotes_follow_their_footnote_in_both_editions(build: Callable[..., Built]) -> None:
    text = """Text.[^a] More.[^e]

[^a]: The first cites the second,[^b] and the fourth,[^d] and goes on.
[^b]: The second cites the third,[^c] and goes on.
[^c]: The third.
[^d]: The fourth.
[^e]: The fifth.
"""
    built = build(f"---\ntitle: T\nlanguage: en\n---\n{text}")
    assert built.made.findings == ()
    numbers = ["first", "second", "third", "fourth", "fifth"]
    for reading in (read_epub(built.epub), read_pdf(built.pdf)):
        assert re.findall(r"The (\w+)", reading.notes) == numbers
    with pypdfium2.PdfDocument(built.pdf) as document:
        shown = document[0].get_textpage().get_text_range()
    assert re.findall(r"^(\d) The (\w+)", shown, flags=re.M) == [
        (str(number), word) for number, word in enumerate(numbers, 1)
    ]


def test_a_footnote_longer_than_a_page_stays_within_the_page(build: Callable[..., Built]) -> None:
    words = " ".join(f"word{n}" for n in range(1500))
    built = build(
        f"---\ntitle: T\nlanguage: en\n---\nText[^a] goes[^b].\n\nEnd.\n\n[^a]: {words}\n[^b]: Short.\n"
    )
    assert built.made.findings == ()
    document = pypdfium2.PdfDocument(built.pdf)
    try:
        width, height = document[0].get_size()
        for page in document:
            letters = page.get_textpage()
            boxes = [letters.get_charbox(n) for n in range(letters.count_chars())]
            letters.close()
            page.close()
            assert all(0 <= left <= right <= width for left, _, right, _ in boxes)
            assert all(0 <= bottom <= top <= height for _, bottom, _, top in boxes)
    finally:
        document.close()


@pytest.mark.parametrize("end", ["?", " …", " —", "日"])
def test_a_footnote_call_is_on_the_line_of_its_word(
    end: str, write: Callable[..., Path], tmp_path: Path
) -> None:
    """By UAX #14 a line may break before a digit that follows a dash, an ellipsis or an ideograph."""
    text = " ".join(f"{word}{end}[^a]" for word in random.Random(1).choices(WORDS, k=300))
    source = write(f"---\ntitle: T\nlanguage: en\n---\n{text}\n\n[^a]: The note.\n")
    made = make(source, tmp_path / "build", only="pdf", paper="75x110mm")
    document = pypdfium2.PdfDocument(made.files[0].path)
    marks = [mark for page in document for mark in marks_of(page.get_textpage())]
    document.close()
    assert len(marks) == 300
    for (_, bottom, right, top), (left, low, _, high) in marks:
        assert abs(left - right) < 2
        assert bottom < high and low < top + 4


def marks_of(text: pypdfium2.PdfTextPage) -> Iterator[tuple[Box, Box]]:
    """Give the box of each raised figure 1 on a page, behind that of the character before it."""
    before = None
    for place in range(text.count_chars()):
        character = text.get_text_range(place, 1)
        if not character or character.isspace() or character == "\u2060":
            continue
        box = text.get_charbox(place)
        if character == "1" and before and box[3] - box[1] < 4.5:
            yield before, box
        before = box


def test_an_aside_with_the_class_note_is_not_a_footnote(build: Callable[..., Built]) -> None:
    built = build(
        '---\ntitle: T\nlanguage: en\n---\nOne.\n\n<aside class="note">Two <b>three</b>.</aside>\n\n'
        "Four.[^n]\n\n!!! tip note\n\n    Five.\n\n[^n]: Six.\n"
    )
    assert built.made.findings == ()
