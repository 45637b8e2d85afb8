"""Cross-references: what a link without words becomes, and which captions are numbered for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest

from bifolio import Publication, read
from bifolio.model.publication import text_of

Write = Callable[..., Path]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
NBSP = "\N{NO-BREAK SPACE}"
FIGURES = """
![A](a.svg "First"){#a}

![B](a.svg){#bare}

![C](a.svg "Second"){#c}

| x |
|---|
| y |

Table: Third {#tbl}
"""


@pytest.fixture
def publish(write: Write) -> Callable[..., Publication]:
    def publish(text: str, language: str = "en") -> Publication:
        return read(write(f"---\ntitle: T\nlanguage: {language}\n---\n{text}\n", a__svg=SVG))

    return publish


def links(publication: Publication) -> list[tuple[str, str | None]]:
    return [(text_of(a), a.get("href")) for tree, _ in publication.trees() for a in tree.iter("a")]


def captions(publication: Publication) -> list[str]:
    trees = [tree for tree, _ in publication.trees()]
    return [text_of(e) for tree in trees for e in tree.iter() if e.tag in ("figcaption", "caption")]


def told(publication: Publication) -> list[str]:
    return [f"{f.where.line if f.where else 0} {f.code}" for f in publication.findings]


def test_captions_have_no_numbers_while_nothing_asks_for_them(publish: Callable[..., Publication]) -> None:
    publication = publish(f"[words](#a) [](https://example.org/)\n{FIGURES}")
    assert captions(publication) == ["First", "Second", "Third"]


def test_figures_are_numbered_where_a_figure_is_referred_to(publish: Callable[..., Publication]) -> None:
    publication = publish(f"See [](#c), [](#a) and [the table](#tbl).\n{FIGURES}")
    assert links(publication) == [
        (f"Figure{NBSP}2", "#c"), (f"Figure{NBSP}1", "#a"), ("the table", "#tbl"),
    ]  # fmt: skip
    assert captions(publication) == [f"Figure{NBSP}1. First", f"Figure{NBSP}2. Second", "Third"]
    assert told(publication) == []


def test_tables_are_numbered_for_themselves(publish: Callable[..., Publication]) -> None:
    publication = publish(f"See [](#tbl).\n{FIGURES}")
    assert links(publication) == [(f"Table{NBSP}1", "#tbl")]
    assert captions(publication) == ["First", "Second", f"Table{NBSP}1. Third"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", f"Abbildung{NBSP}1"), ("fr-CA", f"Figure{NBSP}1"), ("hy", f"Նկար{NBSP}1"), ("zh", "图1")],
)
def test_the_words_are_those_of_the_language(
    publish: Callable[..., Publication], language: str, words: str
) -> None:
    publication = publish(f"[](#a)\n{FIGURES}", language)
    assert links(publication) == [(words, "#a")]
    assert captions(publication)[0] == f"{words}. First"


def test_a_heading_lends_its_words_but_no_notes_links_and_anchors(
    publish: Callable[..., Publication],
) -> None:
    text = (
        "[](#h) [](#plain)\n\n## It's *so*[^n] [հայ]{lang=hy #in} [x](https://example.org/) {#h}\n\n"
        "## Plain\n\n[^n]: Note.\n"
    )
    publication = publish(text)
    first, second = list(publication.sections[0].body.iter("a"))[:2]
    assert tostring(first, "unicode").strip() == (
        '<a href="#h" class="cross-reference" data-generated="reference">It’s <em>so</em> '
        '<span lang="hy">հայ</span> x</a>'
    )
    assert text_of(second) == "Plain"
    assert told(publication) == []


def test_the_title_and_notes_are_referred_to_by_name_and_label(publish: Callable[..., Publication]) -> None:
    text = "[](#t) [](#Leaf) [](#in) [words](#other)[^leaf][^other]\n\n[^leaf]: One.\n\n    Two.\n    {#in}\n"
    publication = publish(f"{text}\n[^other]: See [](#leaf).\n")
    assert links(publication) == [
        ("T", "#title"), (f"Note{NBSP}1", "#note-1"), (f"Note{NBSP}1", "#in"), ("words", "#note-2"),
        (f"Note{NBSP}1", "#note-1"),
    ]  # fmt: skip
    assert told(publication) == []


def test_a_heading_has_its_anchor_before_a_note_with_that_label(publish: Callable[..., Publication]) -> None:
    assert links(publish("[](#leaf)[^leaf]\n\n## Leaf\n\n[^leaf]: One.\n")) == [("Leaf", "#leaf")]


def test_two_headings_that_refer_to_each_other_come_to_an_end(publish: Callable[..., Publication]) -> None:
    assert links(publish("## A [](#b) {#a}\n\n## B [](#a) {#b}\n")) == [("B ", "#b"), ("A ", "#a")]


def test_what_has_no_name_shows_its_anchor_and_is_told(publish: Callable[..., Publication]) -> None:
    publication = publish(f"A\n{{#p}}\n\n[](#p) and\n[](#bare)\n{FIGURES}")
    assert links(publication) == [("#p", "#p"), ("#bare", "#bare")]
    assert told(publication) == ["8 reference-unnamed", "9 reference-unnamed"]


def test_a_dead_reference_is_a_broken_link(publish: Callable[..., Publication]) -> None:
    publication = publish(f"[](#gone)\n{FIGURES}")
    assert (links(publication), told(publication)) == ([], ["5 link-broken"])


def test_a_figure_of_raw_html_is_numbered_in_its_first_paragraph(
    publish: Callable[..., Publication],
) -> None:
    html = '<figure><img id="i" src="a.svg" alt="x"><figcaption><p>One</p></figcaption></figure>'
    publication = publish(f"[](#i)\n\n{html}\n")
    assert links(publication) == [(f"Figure{NBSP}1", "#i")]
    assert [text_of(p) for p in publication.sections[0].body.iter("p")][1:] == [f"Figure{NBSP}1. One"]


def test_no_html_can_pass_for_words_of_the_edition(publish: Callable[..., Publication]) -> None:
    body = publish('<span data-generated="reference">x</span> [y]{data-generated=page}').sections[0].body
    assert not [e for e in body.iter() if "data-generated" in e.attrib]
