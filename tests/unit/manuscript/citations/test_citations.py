"""Works as people write them down, and the places in them that citations name."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio import Publication, read
from bifolio.manuscript.citations.bibtex import read_bibtex
from bifolio.manuscript.citations.csl_items import Date, Work, parse_date, read_date, read_item, read_name
from bifolio.manuscript.citations.latex_text import latex_to_text
from bifolio.manuscript.citations.locators import split_locator
from bifolio.manuscript.citations.rich_text import encode_tags, fix_punctuation
from bifolio.model.findings import Where
from bifolio.model.publication import text_of

Write = Callable[..., Path]
UNREAD = "bibliography-unreadable"
HERE = Where(Path("works.json"), 1)
FRONT = "---\ntitle: T\nlanguage: en-US\nbibliography: w.json\n---\n"
DOE = {"id": "doe", "type": "book", "title": "Salt", "author": [{"family": "Doe"}], "issued": "2001"}


def words(publication: Publication) -> list[str]:
    return [" ".join(text_of(p).split()) for p in publication.sections[0].body.iter("p")]


def listed(publication: Publication) -> list[str]:
    return [text_of(item) for item in publication.sections[0].body.iter("li")]


@pytest.mark.parametrize(
    ("suffix", "label", "locator", "rest"),
    [
        (", p. 33", "page", "33", ""),
        (", pp. 33-35, 40 and passim", "page", "33-35, 40", " and passim"),
        (" 33", "page", "33", ""),
        (", chap. 2", "chapter", "2", ""),
        (", vol. ix--x", "volume", "ix-x", ""),
        (", § 12a", "section", "12a", ""),
        (", S. 7", "page", "7", ""),
        (", էջ 7", "page", "7", ""),
        (", s.v. 3b", "sub verbo", "3b", ""),
        (", {bk. 2 and 3}, x", "book", "2 and 3", ", x"),
        (", and so on", "", "", ", and so on"),
        (", iv", "", "", ", iv"),
        (", passim", "", "", ", passim"),
        ("", "", "", ""),
    ],
)
def test_the_place_in_a_work(suffix: str, label: str, locator: str, rest: str) -> None:
    found, number, length = split_locator(suffix)
    assert (found, number, suffix[length:]) == (label, locator, rest)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("G{\\\"o}del, \\'Alvaro \\c{C}a \\& Co", "Gödel, Álvaro Ça & Co"),
        ("A & B < C, 5% off", "A & B < C, 5% off"),
        ("The {NASA} and {D}NA-binding", "The NASA and DNA-binding"),
        ("\\emph{In vivo} {\\it x} -- ``y''", "<i>In vivo</i> <i>x</i> – “y”"),
        ("$x^2$ \\unknown{kept} \\input{/etc/passwd}z", "x^2 kept z"),
        ("never {closed", "never closed"),
    ],
)
def test_tex_becomes_text(latex: str, text: str) -> None:
    assert latex_to_text(latex).replace('<span class="nocase">', "").replace("</span>", "") == text


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2001", Date((2001,))),
        ("2001-02-03", Date((2001, 2, 3))),
        ("1999/2003", Date((1999,), (2003,))),
        ("1800~", Date((1800,), circa=True)),
        ("in press", Date(literal="in press")),
        ({"date-parts": [["2001", 2]]}, Date((2001, 2))),
        ({"date-parts": [[2001], [2002]], "circa": 1}, Date((2001,), (2002,), circa=True)),
        ({"date-parts": [["soon"]]}, Date(literal="soon")),
        ({"raw": "2001-05"}, Date((2001, 5))),
        ({"literal": "spring"}, Date(literal="spring")),
        ([{"year": "2001", "month": "4"}], Date((2001, 4))),
        ({"date-parts": [[2001]], "season": 2}, Date((2001,), season=2)),
        ({"date-parts": [[2001, 13, 40]]}, Date((2001,))),
    ],
)
def test_dates(written: object, date: Date) -> None:
    assert (parse_date(written) if isinstance(written, str) else read_date(written)) == date


def test_names() -> None:
    assert read_name("WHO") == {"literal": "WHO"}
    assert read_name({"given": "Plato"}) == {"literal": "Plato"}
    assert read_name({"family": "Doe", "given": "J.", "comma-suffix": True}) == {
        "family": "Doe",
        "given": "J.",
    }


@pytest.mark.parametrize(("item", "why"), [("x", "it is not an object"), ({"title": "x"}, "it has no `id`")])
def test_what_is_no_work(item: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_item(item, HERE)


BIB = r"""@string{oup = "Oxford University Press"}
@book{doe, author = {Doe, Jane and van der Berg, Jr, Piet and {World Health Org} and others},
  title = {Salt}, subtitle = {A history}, publisher = oup, year = 2001, month = mar, langid = {ngerman}}
@inproceedings{in, crossref = {proc}, title = {A paper}, pages = {1--3}, url = {https://a.b/c\_d%20e}}
@proceedings{proc, title = {The meeting}, date = {2003-05/2003-06}}
@book{two, title = {One}, title = {Other}}
@book{doe, title = {Again}}
@book{broken author = {x}}
@article{last, journal = {J}, number = 4, series = {S}, doi = {10.1/x}}
"""


def test_bibtex() -> None:
    read = list(read_bibtex(BIB, Path("w.bib")))
    works = {work.key: work for work in reversed(read) if isinstance(work, Work)}
    assert works["doe"].names["author"] == (
        {"family": "Doe", "given": "Jane"},
        {"family": "Berg", "given": "Piet", "suffix": "Jr", "non-dropping-particle": "van der"},
        {"literal": "World Health Org"},
        {"literal": "\ufddb"},
    )
    assert works["doe"].texts == {
        "title": "Salt: A history", "publisher": "Oxford University Press", "language": "de",
    }  # fmt: skip
    assert works["doe"].dates == {"issued": Date((2001, 3))}
    assert works["in"].kind == "paper-conference"
    assert works["in"].texts == {
        "title": "A paper", "container-title": "The meeting", "page": "1-3", "URL": "https://a.b/c_d%20e",
    }  # fmt: skip
    assert works["in"].dates == {"issued": Date((2003, 5), (2003, 6))}
    assert works["two"].texts == {"title": "Other"}
    assert works["last"].texts == {
        "container-title": "J",
        "issue": "4",
        "collection-title": "S",
        "DOI": "10.1/x",
    }
    assert [(str(one[0]), one[1]) for one in read if isinstance(one, tuple)] == [
        ("w.bib:6", "it has a field twice, of which the last counts: title"),
        ("w.bib:8", "expected comma after entry key, but found ="),
    ]


@pytest.mark.parametrize("title", ["{" * 3000 + "}" * 3000, "x\\&" * 8000, "\\emph{" * 3000 + "}" * 3000])
def test_a_field_that_would_take_too_long_is_told(title: str) -> None:
    assert list(read_bibtex(f"@book{{a, title = {{{title}}}}}", Path("w.bib"))) == [
        (Where(Path("w.bib"), 1), "a field has more than 20000 characters or 150 braces")
    ]


def test_reading_bibtex_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    list(read_bibtex(BIB, Path("w.bib")))
    assert capfd.readouterr() == ("", "")


def test_punctuation_meets_only_once() -> None:
    assert fix_punctuation("\ufdd1Why?\ufdd7. OUP.", inside=False) == "\ufdd1Why?\ufdd7 OUP."
    assert fix_punctuation("A “title”. J.", inside=True) == "A “title.” J."
    assert fix_punctuation("A “why?”. J.", inside=True) == "A “why?” J."
    assert fix_punctuation("and so on... then", inside=True) == "and so on... then"


def test_tags_without_a_partner_are_dropped() -> None:
    assert encode_tags("a <i>b</i></b> <b>c") == "a \ufdd1b\ufdd7 \ufdd2c\ufdd7"


def test_works_of_the_same_year_are_told_apart_in_the_order_of_the_list(write: Write) -> None:
    works = [DOE, {**DOE, "id": "b", "title": "Pans"}, {**DOE, "id": "c", "issued": "2002"}]
    publication = read(write(FRONT + "[@doe; @b; @c]", w__json=json.dumps(works)))
    assert words(publication) == ["(Doe 2001b; Doe 2001a; Doe 2002)"]
    assert listed(publication) == ["Doe. 2001a. Pans.", "Doe. 2001b. Salt.", "Doe. 2002. Salt."]


@pytest.mark.parametrize(
    ("language", "heading", "entry"),
    [
        ("en-US", "References", "Doe, ed. 2001. Salt. Accessed March 4, 2020. https://a.b/c."),
        ("de", "Literatur", "Doe, Hrsg. 2001. Salt. Zugegriffen 4. März 2020. https://a.b/c."),
        ("hy", "Գրականություն", None),
        ("xx", "References", "Doe, ed. 2001. Salt. Accessed March 4, 2020. https://a.b/c."),
    ],
)
def test_the_words_of_a_style_are_in_the_language_of_the_text(
    write: Write, language: str, heading: str, entry: str | None
) -> None:
    work = {"id": "doe", "type": "book", "title": "Salt", "editor": [{"family": "Doe"}], "issued": "2001",
            "URL": "https://a.b/c", "accessed": "2020-03-04"}  # fmt: skip
    text = FRONT.replace("en-US", language) + "[@doe]"
    publication = read(write(text, w__json=json.dumps([work])))
    assert publication.findings == ()
    assert [h.title for h in publication.sections[0].headings] == [heading]
    assert entry is None or listed(publication) == [entry]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_works_are_sorted_without_accents_and_quotation_marks(write: Write, language: str) -> None:
    titles = [{"id": "b", "type": "webpage", "title": "Bees"}, {"id": "z", "type": "book", "title": "Zoo"}]
    named = {"id": "e", "type": "book", "author": [{"family": "Émile"}], "title": "X", "issued": "1999"}
    text = FRONT.replace("en-US", language) + "[@z; @e; @b]"
    works = listed(read(write(text, w__json=json.dumps([*titles, named]))))
    assert [work.strip("“„« \N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}")[0] for work in works] == [
        "B",
        "É",
        "Z",
    ]


def test_without_a_bibliography_nothing_is_cited(write: Write) -> None:
    text = "[@doe], @doe and `@doe`, ada@example.org, [-@doe, p. 3; @x]\n\n::: {#refs}\n:::\n"
    publication = read(write("---\ntitle: T\nlanguage: en\n---\n" + text))
    assert words(publication) == ["[@doe], @doe and @doe, ada@example.org, [-@doe, p. 3; @x]"]
    assert publication.findings == ()


def test_what_is_not_cited_is_not_listed_unless_it_is_asked_for(write: Write) -> None:
    works = json.dumps([DOE, {**DOE, "id": "b", "title": "Pans"}, {**DOE, "id": "c", "title": "Zoo"}])
    assert listed(read(write(FRONT + "[@doe]", w__json=works))) == ["Doe. 2001. Salt."]
    asked = FRONT.replace("w.json\n", "w.json\nnocite: '@b'\n")
    assert listed(read(write(asked + "[@doe]"))) == ["Doe. 2001a. Pans.", "Doe. 2001b. Salt."]
    everything = read(write(FRONT.replace("w.json\n", "w.json\nnocite: '@*'\n") + "Text."))
    assert len(listed(everything)) == 3
    assert listed(read(write(FRONT + "Text."))) == []


@pytest.mark.parametrize(
    ("text", "headings", "inside"),
    [
        ("## A\n\n[@doe]", ["A", "References"], True),
        ("## A\n\n[@doe]\n\n## Read\n", ["A", "Read"], False),
        ("## A\n\n[@doe][^n]\n\n## Read\n\n[^n]: x", ["A", "Read"], False),
        ("## A\n\n::: {#refs}\n:::\n\n## B\n\n[@doe]", ["A", "B"], False),
    ],
)
def test_where_the_list_stands(write: Write, text: str, headings: list[str], inside: bool) -> None:
    publication = read(write(FRONT + text, w__json=json.dumps([DOE])))
    body = publication.sections[0].body
    assert [heading.title for heading in publication.sections[0].headings] == headings
    assert {heading.level for heading in publication.sections[0].headings} == {2}
    (section,) = body.iter("section")
    assert (section.get("aria-label") is None) == inside
    assert (section in list(body)) != ("refs" in text)


def test_a_heading_by_the_author(write: Write) -> None:
    front = FRONT.replace("w.json\n", "w.json\nreference-section-title: Works cited\n")
    publication = read(write(front + "[@doe]", w__json=json.dumps([DOE])))
    assert [heading.title for heading in publication.sections[0].headings] == ["Works cited"]


def test_anchors_are_unique_and_links_arrive(write: Write) -> None:
    works = [{**DOE, "id": key, "title": key} for key in ("a:b", "a/b", "10.1000/ü%20x")]
    text = "[@a:b; @a/b; @{10.1000/ü%20x}]"
    body = read(write(FRONT + text, w__json=json.dumps(works))).sections[0].body
    targets = [link.get("href", "")[1:] for link in body.iter("a")]
    assert len(set(targets)) == 3
    assert set(targets) == {item.get("id") for item in body.iter("li")}


@pytest.mark.parametrize(
    ("named", "beside", "code", "line", "message"),
    [
        ("no.json", {}, "bibliography-missing", 4,
         "The file `no.json`, named by `bibliography`, does not exist."),
        ("../w.json", {}, "bibliography-outside", 4,
         "The file `../w.json`, named by `bibliography`, is outside the folder of the source"),
        ("/etc/passwd", {}, "bibliography-missing", 4, "The file `/etc/passwd`"),
        ("https://a.b/w.json", {}, "bibliography-outside", 4, "is outside"),
        ("w.json", {"w__json": "[{"}, UNREAD, 4, "line 1 is not JSON"),
        ("w.json", {"w__json": "{}"}, UNREAD, 4, "it is not a CSL-JSON list of works"),
        ("w.json", {"w__json": b"\xff"}, UNREAD, 4, "the file is not UTF-8"),
        ("w.yaml", {"w__yaml": "a: [b"}, UNREAD, 4, "is not YAML"),
        ("w.yaml", {"w__yaml": "a: &x 1\nb: *x"}, UNREAD, 4, "it has YAML aliases"),
        ("w.json", {"w__json": '[\n1,\n{"title": "x"}]'}, "work-unreadable", 2, "it is not an object"),
        ("w.bib", {"w__bib": "\n@book{x"}, "work-unreadable", 2, "unexpectedly"),
        ("w.json", {"w__json": '[{"id": "a"},\n{"id": "a"}]'}, "work-twice", 2, "The work 'a' is"),
    ],
)  # fmt: skip
def test_bad_bibliographies(
    write: Write, named: str, beside: dict[str, str], code: str, line: int, message: str
) -> None:
    path = write(f"---\ntitle: T\nlanguage: en\nbibliography: {named}\n---\nText.\n", **beside)
    path.parent.with_name("w.json").write_text("[]")
    findings = read(path).findings
    assert (findings[0].code, findings[0].where and findings[0].where.line) == (code, line)
    assert message in findings[0].message


def test_what_is_cited_and_unknown_is_told_with_its_line(write: Write) -> None:
    text = "Text.\n\n[@nope, p. 3; @doe]\n\nA note.[^n]\n\n[^n]: Here\n    [@gone].\n"
    publication = read(write(FRONT + text, w__json=json.dumps([DOE])))
    assert words(publication) == ["Text.", "[@nope, p. 3; @doe]", "A note."]
    told = [(f.code, f.where and f.where.line, f.message) for f in publication.findings]
    assert told == [
        ("citation-unknown", 8,
         "The citation [@nope] is in no bibliography; it was kept as typed."),
        ("citation-unknown", 13,
         "The citation [@gone] is in no bibliography; it was kept as typed."),
    ]  # fmt: skip


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="{kind}" version="1.0">
<info><title>S</title><id>s</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]" delimiter=", ">{citation}</layout></citation>
<bibliography second-field-align="flush"><layout><text variable="citation-number" suffix="."/>
<text variable="title" prefix=" "/></layout></bibliography></style>"""
NUMBER = '<text variable="citation-number"/>'


def styled(write: Write, style: str, text: str = "[@doe]") -> Publication:
    front = FRONT.replace("w.json\n", "w.json\ncsl: s.csl\n")
    other = {**DOE, "id": "b", "title": "Pans", "author": [{"family": "A"}, {"family": "B"}]}
    return read(write(front + text, w__json=json.dumps([DOE, other]), s__csl=style))


def test_numbers_follow_the_text_and_the_notes_where_they_are_cited(write: Write) -> None:
    text = "One[^n] [@doe], two, @b.\n\n[^n]: First [@b].\n"
    publication = styled(write, STYLE.format(kind="in-text", citation=NUMBER), text)
    assert words(publication) == ["One [2], two, A and B [1]."]
    assert " ".join(text_of(publication.notes()[0].body).split()) == "First [1]."
    assert listed(publication) == ["1. Pans", "2. Salt"]
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
def test_a_style_that_cannot_be_used_is_told_and_ours_taken(write: Write, style: str, why: str) -> None:
    publication = styled(write, style)
    assert words(publication) == ["(Doe 2001)"]
    assert [(f.code, f.where and f.where.line) for f in publication.findings] == [("style-unusable", 5)]
    assert publication.findings[0].message == f"The citation style `s.csl` was not used: {why}."


@pytest.mark.parametrize("citation", ['<text macro="none"/>', "", '<text variable="note"/>'])
def test_a_work_that_a_style_cannot_set_is_set_plainly_and_told(write: Write, citation: str) -> None:
    publication = styled(write, STYLE.format(kind="in-text", citation=citation))
    assert words(publication) == ["[Doe. 2001. Salt]"]
    assert [f.code for f in publication.findings] == ["work-unset"]


def test_nothing_is_imported_for_a_text_without_citations(write: Write) -> None:
    path = write("---\ntitle: T\nlanguage: en\n---\nText with @mention.\n")
    code = (
        "import sys, pathlib, bifolio; bifolio.read(pathlib.Path(sys.argv[1]));"
        "print([m for m in ('citeproc', 'bibtexparser', 'pylatexenc') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
