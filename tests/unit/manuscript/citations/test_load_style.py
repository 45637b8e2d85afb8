"""CSL styles supplied by the author."""

from __future__ import annotations

import json

import pytest

from bifolio import Publication, read
from bifolio.model.publication import text_of
from tests.unit.manuscript.citations.works import DOE, FRONT, Write, bibliography, paragraphs

STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="{kind}" version="1.0">
<info><title>S</title><id>s</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]" delimiter=", ">{citation}</layout></citation>
<bibliography second-field-align="flush"><layout><text variable="citation-number" suffix="."/>
<text variable="title" prefix=" "/></layout></bibliography></style>"""

NUMBER = '<text variable="citation-number"/>'


def read_with_style(write: Write, style: str, text: str = "[@doe]") -> Publication:
    front = FRONT.replace("w.json\n", "w.json\ncsl: s.csl\n")
    other = {**DOE, "id": "b", "title": "Pans", "author": [{"family": "A"}, {"family": "B"}]}
    return read(write(front + text, w__json=json.dumps([DOE, other]), s__csl=style))


def test_citation_numbers_follow_the_text_with_notes_at_their_calls(write: Write) -> None:
    text = "One[^n] [@doe], two, @b.\n\n[^n]: First [@b].\n"
    publication = read_with_style(write, STYLE.format(kind="in-text", citation=NUMBER), text)
    assert paragraphs(publication) == ["One [2], two, A and B [1]."]
    assert " ".join(text_of(publication.notes()[0].body).split()) == "First [1]."
    assert bibliography(publication) == ["1. Pans", "2. Salt"]
    assert publication.findings == ()


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("<style", "it is not XML"),
        ("<style/>", "it is not a CSL style"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><style/>', "it declares entities"),
        (STYLE.format(kind="note", citation=NUMBER), "it cites in notes, which Bifolio does not support"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "it has no layout for citations"),
    ],
)
def test_an_unusable_style_is_reported_and_replaced_by_the_default(
    write: Write, style: str, why: str
) -> None:
    publication = read_with_style(write, style)
    assert paragraphs(publication) == ["(Doe 2001)"]
    assert [(f.code, f.where and f.where.line) for f in publication.findings] == [("style-unusable", 5)]
    assert publication.findings[0].message == f"The citation style `s.csl` was not used: {why}."


@pytest.mark.parametrize("citation", ['<text macro="none"/>', "", '<text variable="note"/>'])
def test_a_work_that_a_style_cannot_format_is_reported_and_formatted_plainly(
    write: Write, citation: str
) -> None:
    publication = read_with_style(write, STYLE.format(kind="in-text", citation=citation))
    assert paragraphs(publication) == ["[Doe. 2001. Salt]"]
    assert [f.code for f in publication.findings] == ["work-unset"]
