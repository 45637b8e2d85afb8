"""Values of front matter in YAML, TOML and JSON: metadata, findings and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from bifolio.manuscript.metadata.front_matter import FrontMatter, read_front_matter
from bifolio.manuscript.metadata.read import read_metadata
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding
from bifolio.model.publication import Metadata

PATH = Path("text.md")


def read(front: str, title: str | None = None, form: str = "yaml") -> tuple[Metadata, list[Finding]]:
    return read_metadata(read_front_matter(FrontMatter(form, front, 2), PATH), PATH, title)


def test_every_key_is_in_the_metadata() -> None:
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


def test_aliases_and_comma_separated_lists_are_read() -> None:
    metadata, findings = read("title: T\nauthors: Ann\nlang: hy\ntags: one, two")
    assert (metadata.authors, metadata.language, metadata.keywords) == (("Ann",), "hy", ("one", "two"))
    assert findings == []


def test_without_a_title_the_heading_is_the_title() -> None:
    metadata, _ = read("language: en", "From the text")
    assert metadata.title == "From the text"


def test_without_title_and_heading_the_file_name_is_the_title_and_is_reported() -> None:
    metadata, findings = read_metadata(
        read_front_matter(FrontMatter("yaml", "language: en", 2), PATH), Path("on-the-border.md"), None
    )
    assert metadata.title == "On the border"
    assert [str(f) for f in findings] == [
        "on-the-border.md:1: warning title-missing: There is no title, so the file's name is used: "
        "'On the border'. Add `title:` to the front matter, or begin with a heading `# ...`."
    ]


def test_a_number_as_title_is_read_as_text_with_a_warning() -> None:
    metadata, findings = read("language: en\ntitle: 1984")
    assert metadata.title == "1984"
    assert [str(f) for f in findings] == [
        "text.md:3: warning value-not-text: YAML reads `title: 1984` as a value of type int; it was "
        'used as text. Put it in quotes: `title: "1984"`.'
    ]


def test_an_unknown_key_is_a_note_and_a_misspelt_one_a_warning() -> None:
    _, findings = read("title: T\nlanguage: en\nlayout: post\ndescripton: x")
    assert [str(f) for f in findings] == [
        "text.md:4: note key-unknown: The key `layout` of the front matter is unknown and was "
        "ignored. Check docs/source.md for the keys that Bifolio knows.",
        "text.md:5: warning key-misspelt: The key `descripton` of the front matter is unknown and was "
        "ignored. Rename it to `description`, if that is what you meant.",
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
            "text.md:2: The front matter is not YAML: mapping values are not allowed here. Put quotes "
            "around a value that contains a colon, a quotation mark or a bracket.",
        ),
        ("title: [a, b]", "text.md:2: `title` takes one value, not a list."),
        ("title: {a: b}", "text.md:2: `title` needs a text, not a map."),
        ("author: [[a]]", "text.md:2: `author` contains a list within a list."),
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
def test_invalid_front_matter_stops_the_build(front: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(front)
    assert str(caught.value) == message


def test_the_identifier_depends_on_the_content_only() -> None:
    one, two, other = (read(f"title: {t}\nlanguage: en")[0].identifier for t in ("A", "A", "B"))
    assert one == two != other
    assert one.startswith("urn:uuid:")


@pytest.mark.parametrize("date", ["2023", "2023-05", "2023-05-12"])
def test_a_date_may_be_a_year_or_a_month(date: str) -> None:
    assert read(f"title: T\ndate: {date}")[0].date == date


def test_a_time_of_day_is_dropped_from_a_date() -> None:
    assert read("title: T\ndate: 2023-05-12T10:00:00Z")[0].date == "2023-05-12"


def test_unknown_keys_are_reported_in_one_finding() -> None:
    front = "title: T\nlayout: post\nlanguage: en\npublishDate: 2020\ndraft: true\n"
    assert [str(f) for f in read(front)[1]] == [
        "text.md:3: note key-unknown: The keys `layout`, `publishDate`, `draft` of the front matter are "
        "unknown and were ignored. Check docs/source.md for the keys that Bifolio knows."
    ]


def test_a_duplicate_key_is_reported() -> None:
    metadata, findings = read("title: T\nlanguage: en\nauthor: Ann\nauthors: [Bob]\n")
    assert metadata.authors == ("Bob",)
    assert [(f.code, f.where.line if f.where else 0) for f in findings] == [("key-twice", 5)]


@pytest.mark.parametrize(
    ("form", "front"),
    [
        ("yaml", "title: T\nlang: en\nauthor:\n  - name: Ann\n  - given: Bob\n    family: B\n"
                 "lastmod: 2024-01"),
        ("yaml", "title: T\nlang: en\ncreator:\n  - {role: author, text: Ann}\n  - {name: {literal: Bob B}}\n"
                 "updated: 2024-01"),
        ("toml", 'title = "T"\nlang = "en"\nauthors = ["Ann", "Bob B"]\nlastmod = "2024-01"'),
        ("toml", 'title = "T"\nlang = "en"\nlastmod = "2024-01"\n[[author]]\nname = "Ann"\n[[author]]\n'
                 'name = "Bob B"'),
        ("json", '{"title": "T", "lang": "en",\n"author": [{"name": "Ann"}, "Bob B"], "updated": "2024-01"}'),
        ("json", '"title": "T", "lang": "en", "authors": ["Ann", "Bob B"], "updated": "2024-01"'),
    ],
)  # fmt: skip
def test_authors_and_modification_date_are_read_in_every_format(form: str, front: str) -> None:
    metadata, findings = read(front, form=form)
    assert (metadata.title, metadata.authors, metadata.modified) == ("T", ("Ann", "Bob B"), "2024-01")
    assert [f.message for f in findings if "role" not in f.message] == []


def test_unknown_keys_of_an_author_are_reported() -> None:
    _, findings = read("title: T\nlanguage: en\nauthor:\n  - name: Ann\n    affiliation: X\n    email: Y")
    assert [str(f).partition(" of the")[0] for f in findings] == [
        "text.md:6: note key-unknown: The keys `author.affiliation`, `author.email`"
    ]


@pytest.mark.parametrize(
    ("form", "front", "date"),
    [
        ("yaml", "date: 2023-05-12 10:00:00 +0200", "2023-05-12"),
        ("yaml", "date: 2023-05-12T23:30:00-05:00", "2023-05-12"),
        ("yaml", "date: 2023-5-2", "2023-05-02"),
        ("yaml", "date: 2023/05/12", "2023-05-12"),
        ("yaml", "date: 12 May 2023", "2023-05-12"),
        ("yaml", 'date: "May 12, 2023"', "2023-05-12"),
        ("toml", "date = 2023-05-12", "2023-05-12"),
        ("toml", "date = 2023-05-12T10:00:00Z", "2023-05-12"),
        ("toml", "date = 2023-05-12T10:00:00.5+02:00", "2023-05-12"),
        ("json", '{"date": "2023-05-12T10:00:00Z"}', "2023-05-12"),
    ],
)
def test_common_date_formats_are_read(form: str, front: str, date: str) -> None:
    assert read(front, "T", form)[0].date == date


@pytest.mark.parametrize("date", ["05/12/2023", "2023-13", "today", "2023-05-32", "12 Mai 2023"])
def test_ambiguous_and_invalid_dates_are_refused(date: str) -> None:
    with pytest.raises(SourceError, match="is not a date that exists"):
        read(f"date: {date}")


@pytest.mark.parametrize(
    ("form", "front", "message"),
    [
        (
            "toml",
            'title = "T"\nauthor = Ann',
            "text.md:3: The front matter is not TOML: invalid value. Write one `key = \"value\"` a line.",
        ),
        (
            "toml",
            'title = "T"\ntags = [',
            "text.md:3: The front matter is not TOML: invalid value. Write one `key = \"value\"` a line.",
        ),
        (
            "json",
            '{"title": "T",\n"author": Ann}',
            "text.md:3: The front matter is not JSON: expecting value. Put quotation marks around "
            "every key and every text, and a comma between two keys.",
        ),
        (
            "toml",
            'title = "T"\n\ndate = "2023-02-30"',
            "text.md:4: `date: 2023-02-30` is not a date that exists. Write a year, a month or a day: "
            "`2026`, `2026-11`, `2026-11-23`.",
        ),
        (
            "json",
            '{"title": "T",\n"lang": "in English"}',
            "text.md:3: `language: in English` is not a language tag. Write a BCP 47 tag, such as `en-GB`.",
        ),
        (
            "yaml",
            "a: &a [x, x, x, x, x, x, x, x]\n"
            + "".join(f"{n}: &{n} [{', '.join([f'*{m}'] * 8)}]\n" for m, n in ("ab", "bc", "cd", "de", "ef")),
            "text.md:1: The front matter has more than 10000 values.",
        ),
        ("yaml", "a: &a [*a]", "text.md:1: The front matter is nested too deeply."),
    ],
)  # fmt: skip
def test_invalid_front_matter_is_reported_in_every_format(form: str, front: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(front, form=form)
    assert str(caught.value) == message
