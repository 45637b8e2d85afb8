from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.errors import SourceError
from bifolio.findings import Finding
from bifolio.manuscript.metadata import read_metadata
from bifolio.publication import Metadata

PATH = Path("text.md")


def read(front: str, title: str | None = None) -> tuple[Metadata, list[Finding]]:
    return read_metadata(front, PATH, title)


def test_every_key_reaches_the_metadata() -> None:
    metadata, findings = read(
        "title: A title\nsubtitle: More\nauthor: [Ann, {name: Bob}]\ndate: 2023-05-12\n"
        "modified: 2024-01\nlanguage: en-GB\ndescription: What\nkeywords: [one, two]\n"
        "publisher: We\nrights: None\nidentifier: urn:isbn:1\ncertifier: Us"
    )
    assert findings == []
    assert metadata == Metadata(
        title="A title", subtitle="More", authors=("Ann", "Bob"), date="2023-05-12",
        modified="2024-01", language="en-GB", description="What", keywords=("one", "two"),
        publisher="We", rights="None", identifier="urn:isbn:1", certifier="Us",
    )  # fmt: skip


def test_other_names_and_a_comma_list_are_understood() -> None:
    metadata, findings = read("title: T\nauthors: Ann\nlang: hy\ntags: one, two")
    assert (metadata.authors, metadata.language, metadata.keywords) == (("Ann",), "hy", ("one", "two"))
    assert findings == []


def test_the_heading_of_the_text_serves_as_title() -> None:
    metadata, _ = read("language: en", "From the text")
    assert metadata.title == "From the text"


def test_without_a_title_the_file_gives_one_and_the_author_is_told() -> None:
    metadata, findings = read_metadata("language: en", Path("on-the-border.md"), None)
    assert metadata.title == "On the border"
    assert [str(f) for f in findings] == [
        "on-the-border.md:1: warning title-missing: There is no title; the file's name is taken: "
        "'On the border'. Write `title:` in the front matter, or begin with a heading `# ...`."
    ]


def test_a_number_as_title_is_taken_as_text_with_a_warning() -> None:
    metadata, findings = read("language: en\ntitle: 1984")
    assert metadata.title == "1984"
    assert [str(f) for f in findings] == [
        "text.md:3: warning value-not-text: YAML reads `title: 1984` as a value of the kind int; it was "
        'taken as text. Put it in quotes: `title: "1984"`.'
    ]


def test_an_unknown_key_is_a_note_and_a_misspelt_one_a_warning() -> None:
    _, findings = read("title: T\nlanguage: en\nlayout: post\ndescripton: x")
    assert [str(f) for f in findings] == [
        "text.md:4: note key-unknown: The key `layout` of the front matter is not one of ours and was left "
        "alone. docs/source.md lists the keys.",
        "text.md:5: warning key-misspelt: The key `descripton` of the front matter is unknown and was left "
        "alone. Did you mean `description`?",
    ]


@pytest.mark.parametrize(
    ("front", "message"),
    [
        (
            "title: T\ndate: 2014-02-30",
            "text.md:3: `date: 2014-02-30` is not a date that exists. Write a year, a month or a day: "
            "`2026`, `2026-11`, `2026-11-23`.",
        ),
        (
            "title: a: b",
            "text.md:2: The front matter is not YAML: mapping values are not allowed here. A value with a "
            "colon, a quotation mark or a bracket in it wants quotes around it.",
        ),
        ("title: [a, b]", "text.md:2: `title` takes one value, not a list."),
        ("title: {a: b}", "text.md:2: `title` holds keys where a text is wanted."),
        ("author: [[a]]", "text.md:2: `author` holds a list in a list."),
        (
            "- a",
            "text.md:2: The front matter is not a list of keys and values. Write one `key: value` a line.",
        ),
        (
            "title: T\nlanguage: in English",
            "text.md:3: `language: in English` is not a language tag. Write a BCP 47 tag, such as `en-GB`.",
        ),
    ],
)
def test_what_cannot_be_read_stops_the_work(front: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(front)
    assert str(caught.value) == message


def test_the_identifier_follows_from_the_content_alone() -> None:
    one, two, other = (read(f"title: {t}\nlanguage: en")[0].identifier for t in ("A", "A", "B"))
    assert one == two != other
    assert one.startswith("urn:uuid:")


@pytest.mark.parametrize("date", ["2023", "2023-05", "2023-05-12"])
def test_a_date_may_be_a_year_or_a_month(date: str) -> None:
    assert read(f"title: T\ndate: {date}")[0].date == date


def test_a_time_of_day_is_dropped_from_a_date() -> None:
    assert read("title: T\ndate: 2023-05-12T10:00:00Z")[0].date == "2023-05-12"
