"""Citations and the list of works as a reader of both editions meets them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from bifolio import make
from bifolio.checks.compare import READERS, compare, compare_files
from bifolio.checks.counts.count_table import compare_counts, count_files
from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from tests.conftest import Built, kinds
from tests.editions.epub.test_article import TYPE, X
from tests.editions.pdf.test_article import page_texts
from tests.editions.test_sandbox import SECRET, contents
from tests.xhtml import words_in

WORKS: list[dict[str, Any]] = [
    {"id": "doe", "type": "book", "title": "The history of salt",
     "author": [{"family": "Doe", "given": "Jane"}],
     "publisher": "Salt Press", "publisher-place": "Oxford", "issued": {"date-parts": [[2001]]}},
    {"id": "doe2", "type": "book", "title": "Another history?",
     "author": [{"family": "Doe", "given": "Jane"}], "edition": "2", "issued": {"date-parts": [[2001]]}},
    {"id": "web", "type": "webpage", "title": "How salt is made", "URL": "https://example.org/salt_x.html",
     "accessed": {"date-parts": [[2020, 1, 2]]}},
    {"id": "sel", "type": "book", "title": "L'impôt du <i>sel</i>",
     "author": [{"family": "Lévy", "given": "René"}], "language": "fr", "issued": "1975"},
]  # fmt: skip
BIB = r"""@article{roe, author = {Roe, Richard and Po{\"e}, Ed}, title = {Salt and {NaCl}},
journal = {Journal of Salt}, volume = 12, number = 3, pages = {1--20}, year = 1999, doi = {10.1000/x_y}}"""
TEXT = """---
title: T
language: en-US
bibliography: [works.json, more.bib]
---
Taxed [see *also* @doe, pp. 33-35 and passim; @roe, chap. 2], `[@doe]`, \\@doe. As @doe2 says, and
@roe [p. 3; also @sel], not @nobody, ada@example.org or [this](#roe).[^n] Doe [-@doe] is **sure [@web]**.

## Prices by @doe {#roe}

| Who |
| --- |
| x [@sel] |

> ::: aside
> [@roe]
> :::

[^n]: As in [@sel, p. 3].
"""
CITED = [
    "(see also Doe 2001b, 33–35 and passim; Roe and Poë 1999, chap. 2)",
    "Doe (2001a)",
    "Roe and Poë (1999, 3; also Lévy 1975)",
    "(2001b)",
    "(“How Salt Is Made” n.d.)",
    "Doe (2001b)",
    "(Lévy 1975)",
    "(Roe and Poë 1999)",
    "(Lévy 1975, 3)",
]
LISTED = [
    "Doe, Jane. 2001a. Another History? 2nd ed.",
    "Doe, Jane. 2001b. The History of Salt. Oxford: Salt Press.",
    "“How Salt Is Made.” n.d. Accessed January 2, 2020. https://example.org/salt_x.html.",
    "Lévy, René. 1975. L’impôt du sel.",
    "Roe, Richard, and Ed Poë. 1999. “Salt and NaCl.” Journal of Salt 12 (3): 1–20. "
    "https://doi.org/10.1000/x_y.",
]


@pytest.fixture
def built(build: Callable[..., Built]) -> Built:
    return build(TEXT, works__json=json.dumps(WORKS), more__bib=BIB)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def chapter(built: Built) -> Any:
    with zipfile.ZipFile(built.epub) as book:
        return etree.fromstring(book.read("EPUB/article.xhtml"))


def test_the_build_has_nothing_to_say(built: Built) -> None:
    assert built.made.findings == ()


def test_the_epub_has_every_citation_and_every_work(chapter: Any) -> None:
    assert [words_in(e) for e in chapter.iter(f"{X}span") if e.get("class") == "citation"] == CITED
    assert [words_in(e) for e in chapter.iter(f"{X}li")] == LISTED
    text = words_in(chapter)
    assert "[@doe], @doe." in text
    assert "not @nobody, ada@example.org or this." in text


def test_the_list_of_works_says_what_it_is_and_every_citation_leads_there(chapter: Any) -> None:
    (section,) = (e for e in chapter.iter(f"{X}section") if e.get("role") == "doc-bibliography")
    assert section.get(TYPE) == "bibliography"
    assert words_in(section[0]) == "References"
    works = {e.get("id"): words_in(e) for e in section.iter(f"{X}li")}
    assert {e.get(TYPE) for e in section.iter(f"{X}li")} == {"biblioentry"}
    links = [e for e in chapter.iter(f"{X}a") if e.get("role") == "doc-biblioref"]
    assert {e.get(TYPE) for e in links} == {"biblioref"}
    assert {works[e.get("href")[1:]].partition(",")[0] for e in links} >= {"Doe", "Roe", "Lévy"}
    assert {e.get("href")[1:] for e in links} == set(works)


def test_a_title_in_another_language_says_so(chapter: Any) -> None:
    (foreign,) = (e for e in chapter.iter(f"{X}span") if e.get("lang") == "fr")
    assert words_in(foreign) == "L’impôt du sel"


def test_on_paper_the_words_are_the_same(built: Built) -> None:
    text = one_line(" ".join(page_texts(built))).replace("\ufffe", "")
    for said in [*CITED, *LISTED]:
        assert re.sub(r"\s", "", said) in re.sub(r"\s", "", text)
    assert "[@doe], @doe." in text


def test_in_the_pdf_works_and_citations_have_tags_and_links_that_arrive(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        tags = [kind for kind, _ in kinds(pdf.Root.StructTreeRoot)]
        assert tags.count("/Citation") == len(CITED)
        assert tags.count("/BibEntry") == len(LISTED)
        assert tags.count("/Bibliography") == 1
        named = [str(name) for name in pdf.Root.Names.Dests.Names[::2]]
        wanted = {"ref-doe", "ref-doe2", "ref-web", "ref-sel", "ref-roe"}
        led = {str(a.Dest if "/Dest" in a else a.A.get("/D", "")) for page in pdf.pages for a in page.Annots}
        assert wanted <= set(named)
        assert wanted <= led


def test_twins_and_meter_find_no_difference(built: Built) -> None:
    files = [built.source, built.epub, built.pdf]
    assert compare_files(files) == []
    assert compare_counts(count_files(files)) == []


def test_a_lost_citation_is_found(built: Built) -> None:
    epub, pdf = READERS[".epub"](built.epub), READERS[".pdf"](built.pdf)
    less = replace(pdf, references=(pdf.references or "").replace("chap. 2", ""))
    assert [f.code for f in compare(epub, less, Path("x.pdf"))] == ["word-lost"]


def test_a_word_beside_a_citation_is_still_compared_with_the_source(built: Built, tmp_path: Path) -> None:
    source = built.source.with_name("other.md")
    source.write_text(TEXT.replace("Taxed", "Taxed heavily"), "utf-8")
    found = compare_files([source, built.epub])
    assert [f.code for f in found] == ["word-lost"]
    assert "'heavily'" in found[0].message


def test_the_same_source_makes_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = make(built.source, tmp_path / "again")
    assert [file.path.read_bytes() for file in again.files] == [
        built.epub.read_bytes(), built.pdf.read_bytes(),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "front", ["bibliography: {}", "bibliography: w.json\ncsl: {}", "bibliography: link.json"]
)
def test_nothing_outside_the_folder_is_read(build: Callable[..., Built], tmp_path: Path, front: str) -> None:
    (tmp_path / "source").mkdir()
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps([{"id": "x", "title": SECRET.decode()}]))
    (tmp_path / "source" / "link.json").symlink_to(secret)
    for named in ("../secret.json", f"file://{secret}"):
        text = f"---\ntitle: T\nlanguage: en\n{front.format(named)}\n---\n[@x]\n"
        built = build(text, w__json="[]")
        assert "bibliography-outside" in [f.code for f in built.made.findings]
        assert all(SECRET not in content for content in contents(built))


def test_a_style_of_the_authors_sets_numbers(build: Callable[..., Built]) -> None:
    style = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
    <info><title>S</title><id>s</id><updated>2026-01-01T00:00:00+00:00</updated></info>
    <citation><layout vertical-align="sup" delimiter=","><text variable="citation-number"/></layout>
    </citation><bibliography second-field-align="flush"><layout>
    <text variable="citation-number" suffix="."/><names variable="author" prefix=" "/>
    <text variable="title" prefix=", "/></layout></bibliography></style>"""
    front = "---\ntitle: T\nlanguage: en\nbibliography: w.json\ncsl: s.csl\n---\n"
    text = f"{front}One [@sel; @doe], two @web.\n"
    built = build(text, w__json=json.dumps(WORKS), s__csl=style)
    assert built.made.findings == ()
    with zipfile.ZipFile(built.epub) as book:
        chapter = etree.fromstring(book.read("EPUB/article.xhtml"))
    assert words_in(chapter.find(f".//{X}p")) == "One1,2, two How salt is made3."
    assert [words_in(e) for e in chapter.iter(f"{X}sup")] == ["1,2", "3"]
    assert [words_in(e) for e in chapter.iter(f"{X}li")] == [
        "1. René Lévy, L’impôt du sel", "2. Jane Doe, The history of salt", "3. , How salt is made",
    ]  # fmt: skip
    assert compare_files([built.source, built.epub, built.pdf]) == []


def test_epubcheck_finds_nothing(built: Built, epubcheck_here: None) -> None:
    assert run_epubcheck([built.epub]) == []


def test_ace_finds_nothing(built: Built, ace_here: None) -> None:
    assert run_ace(built.epub) == []


def test_the_pdf_conforms(built: Built) -> None:
    assert run_page_validation(built.pdf) == []
