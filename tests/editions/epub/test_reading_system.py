"""The EPUBs in a real reading system: screens measured and read, notes opened."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bifolio import make
from tests.conftest import ROOT, Built

SIZES = ("600x800", "390x844", "1024x1366")
"""An e-reader, a telephone, a tablet."""
Said = list[dict[str, Any]]


@pytest.fixture
def read(reader_here: str, tmp_path: Path) -> Callable[..., Said]:
    """Give a function that opens an EPUB in the reader and returns what that says, line by line."""

    def read(book: Path, *options: str) -> Said:
        run = subprocess.run(
            ["node", ROOT / "tests/validators/reader.mjs", book, tmp_path / "screens", *options],
            capture_output=True, text=True, check=False,
            env={"CHROMIUM": reader_here, "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        return [json.loads(line) for line in run.stdout.splitlines()]

    return read


def test_a_reader_shows_the_article_its_notes_and_the_way_back(
    article: Built, read: Callable[..., Said]
) -> None:
    said = read(article.epub, "--pages", "all", "--sizes", "390x844", "--note")
    screens = [screen for screen in said if "screen" in screen]
    assert len(screens) > 4
    assert [screen["problems"] for screen in screens] == [[]] * len(screens)
    text = " ".join(screen["text"] for screen in screens)
    for words in ("Armenia and Azerbaijan exchanged fire on", "That leaves two dates ahead"):
        assert words in text
    mark = next(part["reference"] for part in said if "reference" in part)
    note = next(part["note"] for part in said if "note" in part)
    back = next(part["back"] for part in said if "back" in part)
    assert (mark["mark"], mark["href"]) == ("1", "#note-1")
    assert (note["shown"], note["type"]) == ("pop-up", "footnote")
    assert "The Brussels talks are the three-sided ones" in note["text"]
    assert "The Brussels talks are the three-sided ones" not in text
    assert back["href"] == "#call-1-1"
    assert back["section"] == mark["section"]
    assert back["referenceInView"]


def test_notes_can_be_read_where_there_are_no_pop_ups(article: Built, read: Callable[..., Said]) -> None:
    said = read(article.epub, "--pages", "all", "--sizes", "600x800", "--in-flow")
    text = " ".join(screen["text"] for screen in said)
    assert text.index("That leaves two dates ahead") < text.index("The Brussels talks are the three-sided")


@pytest.mark.parametrize(
    ("scale", "scheme"), [("100", []), ("200", ["--dark"])], ids=["day", "large at night"]
)
@pytest.mark.parametrize("kind", ["article", "everything"])
def test_nothing_is_cut_off_or_covered_or_faint(
    kind: str, scale: str, scheme: list[str], request: pytest.FixtureRequest, read: Callable[..., Said]
) -> None:
    book: Built = request.getfixturevalue(kind)
    said = read(book.epub, "--pages", "0", "--measure", "--in-flow", "--scale", scale, *scheme)
    assert sorted(line["size"] for line in said if line["index"] == 0) == sorted(SIZES)
    assert sum(line["boxes"] for line in said) > 300
    for fault in ("cut", "overlapping", "faint", "problems"):
        assert {(line["size"], line["section"]): line[fault] for line in said if line[fault]} == {}


def test_what_is_cut_off_or_covered_or_faint_is_measured(
    write: Callable[..., Path], tmp_path: Path, read: Callable[..., Said]
) -> None:
    """What the measuring finds in a sheet that is wrong in every way that it looks for."""
    style = tmp_path / "wrong.css"
    style.write_text(
        "td { white-space: nowrap } p { margin: 0 } .over { margin-top: -1em } .faint { color: #808080 }",
        "utf-8",
    )
    row = "<table><tr><td>One line that is longer than any telephone is wide, to be sure.</td></tr></table>"
    text = f"---\ntitle: T\nlanguage: en\n---\n{row}\n\nFirst words.\n\n::: over\nOther words.\n:::\n\n"
    text += "[Grey]{.faint}\n"
    [file] = make(write(text), tmp_path / "build", only="epub", style=style).files
    [_, line] = read(file.path, "--pages", "0", "--measure", "--sizes", "390x844")
    assert any(cut.startswith("One line that") and "at the right of column 0" in cut for cut in line["cut"])
    assert line["overlapping"] == ["First words. | Other words."]
    assert line["faint"] == ["Grey 3.9:1"]
