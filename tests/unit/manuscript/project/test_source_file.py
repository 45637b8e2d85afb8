"""Source files: encoding, line ends, suffixes, and the split of front matter from the body."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio.manuscript.project.source_file import SourceFile, check_suffix
from bifolio.manuscript.project.source_file import read_file as read_from
from bifolio.model.errors import SourceError, UsageError

Write = Callable[..., Path]


def read_file(path: Path) -> SourceFile:
    return read_from(path, path.parent)


def test_front_matter_is_split_from_the_body_and_line_numbers_continue(write: Write) -> None:
    source = read_file(write("---\ntitle: T\n---\nOne\n\nTwo\n"))
    assert (source.front.text, source.body, source.first_line) == ("title: T", "One\n\nTwo\n", 4)


def test_a_thematic_break_at_the_top_is_not_front_matter(write: Write) -> None:
    assert read_file(write("---\n\nOne\n")).body == "---\n\nOne\n"


def test_line_ends_are_normalised_and_a_byte_order_mark_is_removed(write: Write) -> None:
    assert read_file(write(b"\xef\xbb\xbfOne\r\nTwo\rThree")).body == "One\nTwo\nThree"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"One\nTw\xf6\n",
            "The file is not UTF-8: byte 0xf6 is invalid. Save it as UTF-8 in your editor, "
            "or convert it with `iconv -t utf-8`.",
        ),
        (
            b"---\ntitle: T\n\nText\n",
            "The front matter begins with `---` and has no end. Add a line `---` after its last key.",
        ),
    ],
)
def test_an_unreadable_file_is_reported_with_its_path(write: Write, data: bytes, message: str) -> None:
    path = write(data)
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert str(caught.value).partition(": ")[2] == message
    assert str(caught.value).startswith(str(path))


def test_the_line_of_an_invalid_byte_is_reported(write: Write) -> None:
    path = write(b"One\nTw\xf6\n")
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert str(caught.value.where) == f"{path}:2"


@pytest.mark.parametrize("name", ["a.docx", "a"])
def test_other_suffixes_are_refused(write: Write, name: str) -> None:
    with pytest.raises(UsageError, match="neither Markdown nor plain text"):
        check_suffix(write("One", name))


@pytest.mark.parametrize(
    ("text", "form", "front"),
    [
        ("+++\ntitle = 'T'\n+++\nOne\n", "toml", "title = 'T'"),
        (';;;\n"title": "T"\n;;;\nOne\n', "json", '"title": "T"'),
        ('---json\n{"title": "T"}\n---\nOne\n', "json", '{"title": "T"}'),
        ('{\n"title": "T"}\nOne\n', "json", '{\n"title": "T"}'),
        ("% T\n  more\n% Ann; Bob\nOne\n", "pandoc", "% T\n  more\n% Ann; Bob"),
    ],
)
def test_front_matter_is_split_off_in_every_format(write: Write, text: str, form: str, front: str) -> None:
    source = read_file(write(text))
    assert (source.front.form, source.front.text, source.body) == (form, front, "One\n")
    assert text.split("\n")[source.first_line - 1] == "One"


@pytest.mark.parametrize(
    "text", ["{% include x %}\nOne\n", "{{ x }}\n", "{.a}\n", "%% One\n", "+++\n\nOne\n"]
)
def test_text_that_only_looks_like_front_matter_stays_text(write: Write, text: str) -> None:
    assert read_file(write(text)).body == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "+++\ntitle = 'T'\nOne\n",
            "1: The front matter begins with `+++` and has no end. Add a line `+++` after its last key.",
        ),
        (
            '{"title": "T",\n "a" }\n',
            "2: The front matter is not JSON: expecting ':' delimiter. Put quotation marks around "
            "every key and every text, and a comma between two keys.",
        ),
        (
            "---js\n{}\n---\n",
            "1: The front matter is a program, which is not run. Write it in YAML.",
        ),
    ],
)
def test_invalid_front_matter_is_reported_at_its_line(write: Write, text: str, message: str) -> None:
    path = write(text)
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert str(caught.value) == f"{path}:{message}"
