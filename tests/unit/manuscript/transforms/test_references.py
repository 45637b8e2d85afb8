"""Cross-references: the words of links without text, and the numbers of captions."""

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


def findings_of(publication: Publication) -> list[str]:
    return [f"{f.where.line if f.where else 0} {f.code}" for f in publication.findings]


def test_captions_have_no_numbers_without_a_reference(publish: Callable[..., Publication]) -> None:
    publication = publish(f"[words](#a) [](https://example.org/)\n{FIGURES}")
    assert captions(publication) == ["First", "Second", "Third"]


def test_figures_are_numbered_if_there_is_a_reference_to_one(publish: Callable[..., Publication]) -> None:
    publication = publish(f"See [](#c), [](#a) and [the table](#tbl).\n{FIGURES}")
    assert links(publication) == [
        (f"Figure{NBSP}2", "#c"), (f"Figure{NBSP}1", "#a"), ("the table", "#tbl"),
    ]  # fmt: skip
    assert captions(publication) == [f"Figure{NBSP}1. First", f"Figure{NBSP}2. Second", "Third"]
    assert findings_of(publication) == []


def test_tables_are_numbered_separately(publish: Callable[..., Publication]) -> None:
    publication = publish(f"See [](#tbl).\n{FIGURES}")
    assert links(publication) == [(f"Table{NBSP}1", "#tbl")]
    assert captions(publication) == ["First", "Second", f"Table{NBSP}1. Third"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", f"Abbildung{NBSP}1"), ("fr-CA", f"Figure{NBSP}1"), ("hy", f"Նկար{NBSP}1"), ("zh", "图1")],
)
def test_the_label_is_in_the_language_of_the_text(
    publish: Callable[..., Publication], language: str, words: str
) -> None:
    publication = publish(f"[](#a)\n{FIGURES}", language)
    assert links(publication) == [(words, "#a")]
    assert captions(publication)[0] == f"{words}. First"


def test_a_reference_to_a_heading_has_its_words_without_notes_links_and_anchors(
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
    assert findings_of(publication) == []


def test_references_to_the_title_and_to_notes(publish: Callable[..., Publication]) -> None:
    text = "[](#t) [](#Leaf) [](#in) [words](#other)[^leaf][^other]\n\n[^leaf]: One.\n\n    Two.\n    {#in}\n"
    publication = publish(f"{text}\n[^other]: See [](#leaf).\n")
    assert links(publication) == [
        ("T", "#title"), (f"Note{NBSP}1", "#note-1"), (f"Note{NBSP}1", "#in"), ("words", "#note-2"),
        (f"Note{NBSP}1", "#note-1"),
    ]  # fmt: skip
    assert findings_of(publication) == []


def test_an_anchor_of_a_heading_precedes_a_note_with_that_label(publish: Callable[..., Publication]) -> None:
    assert links(publish("[](#leaf)[^leaf]\n\n## Leaf\n\n[^leaf]: One.\n")) == [("Leaf", "#leaf")]


def test_two_headings_that_refer_to_each_other_do_not_loop(publish: Callable[..., Publication]) -> None:
    assert links(publish("## A [](#b) {#a}\n\n## B [](#a) {#b}\n")) == [("B ", "#b"), ("A ", "#a")]


def test_a_reference_to_an_unnamed_target_shows_its_anchor_and_is_reported(
    publish: Callable[..., Publication],
) -> None:
    publication = publish(f"A\n{{#p}}\n\n[](#p) and\n[](#bare)\n{FIGURES}")
    assert links(publication) == [("#p", "#p"), ("#bare", "#bare")]
    assert findings_of(publication) == ["8 reference-unnamed", "9 reference-unnamed"]


def test_a_reference_without_a_target_is_a_broken_link(publish: Callable[..., Publication]) -> None:
    publication = publish(f"[](#gone)\n{FIGURES}")
    assert (links(publication), findings_of(publication)) == ([], ["5 link-broken"])


def test_the_caption_of_a_raw_html_figure_is_numbered_in_its_first_paragraph(
    publish: Callable[..., Publication],
) -> None:
    html = '<figure><img id="i" src="a.svg" alt="x"><figcaption><p>One</p></figcaption></figure>'
    publication = publish(f"[](#i)\n\n{html}\n")
    assert links(publication) == [(f"Figure{NBSP}1", "#i")]
    assert [text_of(p) for p in publication.sections[0].body.iter("p")][1:] == [f"Figure{NBSP}1. One"]


def test_html_of_the_author_cannot_claim_to_be_generated_text(publish: Callable[..., Publication]) -> None:
    body = publish('<span data-generated="reference">x</span> [y]{data-generated=page}').sections[0].body
    assert not [e for e in body.iter() if "data-generated" in e.attrib]
