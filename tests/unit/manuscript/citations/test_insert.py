"""Formatted citations and the bibliography in the text."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bifolio import read
from tests.unit.manuscript.citations.works import DOE, FRONT, Write, bibliography, paragraphs


def test_works_of_the_same_year_get_letters_in_the_order_of_the_bibliography(write: Write) -> None:
    works = [DOE, {**DOE, "id": "b", "title": "Pans"}, {**DOE, "id": "c", "issued": "2002"}]
    publication = read(write(FRONT + "[@doe; @b; @c]", w__json=json.dumps(works)))
    assert paragraphs(publication) == ["(Doe 2001b; Doe 2001a; Doe 2002)"]
    assert bibliography(publication) == ["Doe. 2001a. Pans.", "Doe. 2001b. Salt.", "Doe. 2002. Salt."]


@pytest.mark.parametrize(
    ("language", "heading", "entry"),
    [
        ("en-US", "References", "Doe, ed. 2001. Salt. Accessed March 4, 2020. https://a.b/c."),
        ("de", "Literatur", "Doe, Hrsg. 2001. Salt. Zugegriffen 4. März 2020. https://a.b/c."),
        ("hy", "Գրականություն", None),
        ("xx", "References", "Doe, ed. 2001. Salt. Accessed March 4, 2020. https://a.b/c."),
    ],
)
def test_the_terms_of_a_style_are_in_the_language_of_the_text(
    write: Write, language: str, heading: str, entry: str | None
) -> None:
    work = {"id": "doe", "type": "book", "title": "Salt", "editor": [{"family": "Doe"}], "issued": "2001",
            "URL": "https://a.b/c", "accessed": "2020-03-04"}  # fmt: skip
    text = FRONT.replace("en-US", language) + "[@doe]"
    publication = read(write(text, w__json=json.dumps([work])))
    assert publication.findings == ()
    assert [h.title for h in publication.sections[0].headings] == [heading]
    assert entry is None or bibliography(publication) == [entry]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_works_are_sorted_without_accents_and_quotation_marks(write: Write, language: str) -> None:
    titles = [{"id": "b", "type": "webpage", "title": "Bees"}, {"id": "z", "type": "book", "title": "Zoo"}]
    named = {"id": "e", "type": "book", "author": [{"family": "Émile"}], "title": "X", "issued": "1999"}
    text = FRONT.replace("en-US", language) + "[@z; @e; @b]"
    works = bibliography(read(write(text, w__json=json.dumps([*titles, named]))))
    assert [work.strip("“„« \N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}")[0] for work in works] == [
        "B",
        "É",
        "Z",
    ]


def test_without_a_bibliography_citation_syntax_stays_text(write: Write) -> None:
    text = "[@doe], @doe and `@doe`, ada@example.org, [-@doe, p. 3; @x]\n\n::: {#refs}\n:::\n"
    publication = read(write("---\ntitle: T\nlanguage: en\n---\n" + text))
    assert paragraphs(publication) == ["[@doe], @doe and @doe, ada@example.org, [-@doe, p. 3; @x]"]
    assert publication.findings == ()


def test_uncited_works_are_listed_only_if_nocite_names_them(write: Write) -> None:
    works = json.dumps([DOE, {**DOE, "id": "b", "title": "Pans"}, {**DOE, "id": "c", "title": "Zoo"}])
    assert bibliography(read(write(FRONT + "[@doe]", w__json=works))) == ["Doe. 2001. Salt."]
    asked = FRONT.replace("w.json\n", "w.json\nnocite: '@b'\n")
    assert bibliography(read(write(asked + "[@doe]"))) == ["Doe. 2001a. Pans.", "Doe. 2001b. Salt."]
    everything = read(write(FRONT.replace("w.json\n", "w.json\nnocite: '@*'\n") + "Text."))
    assert len(bibliography(everything)) == 3
    assert bibliography(read(write(FRONT + "Text."))) == []


@pytest.mark.parametrize(
    ("text", "headings", "inside"),
    [
        ("## A\n\n[@doe]", ["A", "References"], True),
        ("## A\n\n[@doe]\n\n## Read\n", ["A", "Read"], False),
        ("## A\n\n[@doe][^n]\n\n## Read\n\n[^n]: x", ["A", "Read"], False),
        ("## A\n\n::: {#refs}\n:::\n\n## B\n\n[@doe]", ["A", "B"], False),
    ],
)
def test_the_place_of_the_bibliography(write: Write, text: str, headings: list[str], inside: bool) -> None:
    publication = read(write(FRONT + text, w__json=json.dumps([DOE])))
    body = publication.sections[0].body
    assert [heading.title for heading in publication.sections[0].headings] == headings
    assert {heading.level for heading in publication.sections[0].headings} == {2}
    (section,) = body.iter("section")
    assert (section.get("aria-label") is None) == inside
    assert (section in list(body)) != ("refs" in text)


def test_the_author_can_set_the_heading_of_the_bibliography(write: Write) -> None:
    front = FRONT.replace("w.json\n", "w.json\nreference-section-title: Works cited\n")
    publication = read(write(front + "[@doe]", w__json=json.dumps([DOE])))
    assert [heading.title for heading in publication.sections[0].headings] == ["Works cited"]


def test_anchors_are_unique_and_links_resolve(write: Write) -> None:
    works = [{**DOE, "id": key, "title": key} for key in ("a:b", "a/b", "10.1000/ü%20x")]
    text = "[@a:b; @a/b; @{10.1000/ü%20x}]"
    body = read(write(FRONT + text, w__json=json.dumps(works))).sections[0].body
    targets = [link.get("href", "")[1:] for link in body.iter("a")]
    assert len(set(targets)) == 3
    assert set(targets) == {item.get("id") for item in body.iter("li")}


def test_an_unknown_work_is_reported_at_its_line(write: Write) -> None:
    text = "Text.\n\n[@nope, p. 3; @doe]\n\nA note.[^n]\n\n[^n]: Here\n    [@gone].\n"
    publication = read(write(FRONT + text, w__json=json.dumps([DOE])))
    assert paragraphs(publication) == ["Text.", "[@nope, p. 3; @doe]", "A note."]
    reported = [(f.code, f.where and f.where.line, f.message) for f in publication.findings]
    assert reported == [
        ("citation-unknown", 8,
         "The citation [@nope] is in no bibliography; it was kept as typed."),
        ("citation-unknown", 13,
         "The citation [@gone] is in no bibliography; it was kept as typed."),
    ]  # fmt: skip


def test_nothing_is_imported_for_a_text_without_citations(write: Write) -> None:
    path = write("---\ntitle: T\nlanguage: en\n---\nText with @mention.\n")
    code = (
        "import sys, pathlib, bifolio; bifolio.read(pathlib.Path(sys.argv[1]));"
        "print([m for m in ('citeproc', 'bibtexparser', 'pylatexenc') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
