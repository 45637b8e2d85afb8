"""The pages of the PDF, marked in the EPUB: read in the finished files."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from bifolio import make
from bifolio.checks.file_readers.extracted_text import letters
from bifolio.checks.file_readers.pdf import read_pages
from bifolio.checks.page_list import compare_pages
from bifolio.checks.validators.epubcheck import run_epubcheck
from tests.conftest import ARTICLE, ROOT, Built

X = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
SILENT = {"doc-footnote", "doc-noteref", "doc-backlink"}
BESIDE = {"landmarks", "page-list"}
EVERYTHING = ROOT / "tests" / "books" / "everything"
ENOUGH = 60
"""How many letters of a page are its first words."""
HARD = """---
title: Hard places
language: en
---
## Page 2

{long}

```rust
{code}
```

| Measure | Meaning |
|---------|---------|
{rows}

> “{quoted}” said *nobody* at all.

{formulas}

[^1]: {note}
"""


@dataclass(frozen=True)
class Marked:
    """A page as the EPUB marks it."""

    label: str
    href: str
    text: str
    """All that follows the marker in its file."""


def entries(path: Path) -> dict[str, etree._Element]:
    """Return the XML of the EPUB at *path*, by name; content documents in the order of the spine."""
    with zipfile.ZipFile(path) as book:
        parts = {n: book.read(n) for n in book.namelist() if n.endswith((".xhtml", ".ncx", ".opf"))}
    trees = {posixpath.basename(name): etree.fromstring(data) for name, data in parts.items()}
    package = trees["content.opf"]
    files = {item.get("id"): item.get("href", "") for item in package.iter(f"{OPF}item")}
    spine = [files[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    return {name: trees[name] for name in [*spine, *(name for name in trees if name not in spine)]}


def markers(path: Path) -> list[Marked]:
    """Return the pages that are marked in the EPUB at *path*, in reading order."""
    found = []
    for name, root in entries(path).items():
        if not name.endswith(".xhtml"):
            continue
        parts = list(read(root))
        for place, part in enumerate(parts):
            if isinstance(part, str):
                continue
            after = "".join(later for later in parts[place:] if isinstance(later, str))
            found.append(Marked(part.get("aria-label", ""), f"{name}#{part.get('id')}", after))
    return found


def read(element: etree._Element) -> Iterator[str | etree._Element]:
    """Give the running text in *element*, and the markers in it."""
    if not isinstance(element.tag, str) or not element.tag.startswith(X) or element.tag == f"{X}head":
        return
    if element.get("role") == "doc-pagebreak":
        yield element
        return
    generated = element.get("data-generated") == "locator"
    if element.get("role") in SILENT or element.get(TYPE) in BESIDE or generated:
        return
    # A figure may stand behind what is read after it, and so may a table with a caption.
    if element.tag == f"{X}figcaption" or element.find(f"{X}caption") is not None:
        yield from (child for child in element.iter() if child.get("role") == "doc-pagebreak")
        return
    yield element.text or ""
    for child in element:
        yield from read(child)
        yield child.tail or ""
    if element.tag not in {f"{X}{name}" for name in ("span", "em", "strong", "a", "code", "mark")}:
        yield "\n"


def printed(path: Path) -> dict[str, list[str]]:
    """Return the running text of the pages of the PDF at *path*, in pieces, by their labels."""
    pages = read_pages(path)
    assert len({page.label for page in pages}) == len(pages)
    return {page.label: page.fragments for page in pages}


def begins(marked: Marked, page: list[str], before: list[str]) -> bool:
    """Say whether the text behind a marker begins as *page* does.

    A word that is hyphenated begins on the page *before*, and with it the text behind the marker.
    """
    text = letters(marked.text)
    in_contents = marked.href.startswith("nav.xhtml")  # which name more in an EPUB than on paper
    first = letters(page[0] if in_contents else "".join(page))[:ENOUGH]
    if text.startswith(first):
        return True
    last, word = letters("".join(before)), letters(marked.text.split()[0])
    return any(text.startswith(last[-n:] + first) and n < len(word) for n in range(1, len(word)))


def check(built: Built) -> list[Marked]:
    """Hold the markers of *built* to its printed pages; return them."""
    pages = printed(built.pdf)
    marked = markers(built.epub)
    labels = list(pages)
    wrong = [
        (page.label, page.text[:ENOUGH], pages[page.label][:2])
        for page in marked
        if not begins(page, pages[page.label], pages[labels[max(labels.index(page.label) - 1, 0)]])
    ]
    assert wrong == []
    with_text = [label for label, page in pages.items() if letters("".join(page))]
    assert set(with_text) <= {page.label for page in marked}
    assert [page.label for page in marked] == [x for x in labels if x in {page.label for page in marked}]
    return marked


def built(source: Path, into: Path, **options: str) -> Built:
    made = make(source, into, **options)  # type: ignore[arg-type]
    epub, pdf = (file.path for file in made.files)
    return Built(source, epub, pdf, made)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(EVERYTHING, tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A text whose pages begin in words, code, rows of tables, quotations and formulas."""
    folder = tmp_path_factory.mktemp("hard")
    words = "Incomprehensibilities *notwithstanding*, unquestionably [characteristic](https://example.org/a) "
    words += "straightforwardness—“well-known”—ﬁnds `Vec::new` and the internationalisation of ﬂows.[^1] "
    rows = [f"| Row {n} | **{n}** of uncharacteristically many |" for n in range(60)]
    text = HARD.format(
        long="\n\n".join(words * n for n in range(1, 24)),
        code="\n".join(f"    let value_{n} = compute({n}); // of {n}" for n in range(90)),
        rows="\n".join(rows), quoted="Extraordinarily " * 300, note="A note. " * 90,
        formulas="\n\n".join(f"$$x^{n} + y^{n} = z$$\n\nWords {n}." for n in range(40)),
    )  # fmt: skip
    (folder / "hard.md").write_text(text, "utf-8")
    return built(folder / "hard.md", folder / "build", paper="a5")


def test_markers_stand_where_the_pages_of_the_article_begin(article: Built) -> None:
    assert [page.label for page in check(article)] == ["1", "2", "3", "4", "5"]


def test_markers_stand_where_smaller_pages_begin(tmp_path: Path) -> None:
    assert len(check(built(ARTICLE, tmp_path, paper="a5"))) > 5


def test_markers_of_a_book_have_its_numerals_and_leave_blank_pages_out(
    book: Built,
) -> None:
    marked = check(book)
    roman = [page.label for page in marked if not page.label.isdecimal()]
    assert roman == ["i", "iii", "iv", "v", "vi", "vii", "viii", "ix", "xi"]
    front = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    with pikepdf.open(book.pdf) as pdf:
        assert [page.label for page in pdf.pages] == [*front, *(str(n) for n in range(1, 17))]


def test_markers_stand_in_words_code_tables_and_quotations(
    hard: Built,
) -> None:
    assert len(check(hard)) > 30


@pytest.mark.parametrize("kind", ["article", "book", "hard"])
def test_the_lists_lead_to_every_marker(kind: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind).epub
    files, marked = entries(path), markers(path)
    ids = [e.get("id") for name, root in files.items() if name.endswith("xhtml") for e in root.iter(f"{X}*")]
    assert all(ids.count(page.href.partition("#")[2]) == 1 for page in marked)
    listed = next(e for e in files["nav.xhtml"].iter(f"{X}nav") if e.get(TYPE) == "page-list")
    assert (listed.get("role"), listed.get("hidden")) == ("doc-pagelist", "hidden")
    assert [(a.text, a.get("href")) for a in listed.iter(f"{X}a")] == [(p.label, p.href) for p in marked]
    targets = list(files["toc.ncx"].iter(f"{NCX}pageTarget"))
    assert [(t.findtext(f".//{NCX}text"), t.find(f"{NCX}content").get("src")) for t in targets] == [  # type: ignore[union-attr]
        (page.label, page.href) for page in marked
    ]
    played = sorted(int(e.get("playOrder", "")) for e in files["toc.ncx"].iter() if "playOrder" in e.attrib)
    assert played == list(range(1, len(played) + 1))


def test_a_marker_names_neither_title_nor_link_nor_cell(hard: Built, book: Built) -> None:
    for path in (hard.epub, book.epub):
        for root in entries(path).values():
            for marker in root.iter(f"{X}span"):
                if marker.get("role") == "doc-pagebreak":
                    assert marker.get(TYPE) == "pagebreak"
                    above = {str(e.tag).removeprefix(X) for e in marker.iterancestors()}
                    assert not above & {"h1", "h2", "h3", "a", "th"}


def test_the_metadata_say_whose_pages_they_are(article: Built, book: Built) -> None:
    sources = []
    for path in (article.epub, book.epub):
        metas = [(m.get("property"), m.text) for m in entries(path)["content.opf"].iter(f"{OPF}meta")]
        features = {text for name, text in metas if name == "schema:accessibilityFeature"}
        assert features >= {"pageNavigation", "pageBreakMarkers"}
        sources += [text for name, text in metas if name == "pageBreakSource"]
    title = "Fire exchanged at Sotk three days before Brussels talks"
    assert sources == [f"{title}. The Bifolio desk. PDF. 2023-05-12", "urn:isbn:9780306406157"]


def test_without_a_pdf_there_are_no_pages(tmp_path: Path) -> None:
    [file] = make(ARTICLE, tmp_path, only="epub").files
    files = entries(file.path)
    assert markers(file.path) == []
    for name in ("nav.xhtml", "toc.ncx", "content.opf"):
        said = etree.tostring(files[name], encoding="unicode")
        assert not [word for word in ("page-list", "pageList", "pageBreak", "pageNavigation") if word in said]


@pytest.mark.usefixtures("epubcheck_here")
def test_epubcheck_passes_the_markers(book: Built, hard: Built) -> None:
    assert run_epubcheck([book.epub, hard.epub]) == []


def test_twins_with_markers_have_the_same_words(hard: Built) -> None:
    assert [f for f in hard.made.findings if f.code.startswith("word-")] == []


@pytest.mark.parametrize("kind", ["article", "book", "hard"])
def test_proofing_passes_the_pages(kind: str, request: pytest.FixtureRequest) -> None:
    pair = request.getfixturevalue(kind)
    assert compare_pages(pair.epub, pair.pdf) == []


def test_proofing_finds_no_fault_where_no_page_is_marked(tmp_path: Path, article: Built) -> None:
    [file] = make(ARTICLE, tmp_path, only="epub").files
    assert compare_pages(file.path, article.pdf) == []


MARKER = re.compile(rb'<span [^>]*aria-label="4"[^>]*/>')


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda data: MARKER.sub(b"", data), ["page-unmarked", "page-list-differs"]),
        (lambda data: re.sub(MARKER.pattern + rb"([^<]*?[a-z]\s)", lambda m: m[1] + m[0][: -len(m[1])], data),
         ["page-misplaced"]),
        (lambda data: data.replace(b'aria-label="4"', b'aria-label="40"'),
         ["page-misplaced", "page-unmarked", "page-list-differs"]),
        (lambda data: re.sub(rb'<li><a [^>]*#page-4">4</a></li>', b"", data), ["page-list-differs"]),
        (lambda data: data.replace(b"#page-4", b"#page-3"), ["page-list-differs"]),
    ],
    ids=["taken out", "moved by a word", "named otherwise", "not listed", "listed wrongly"],
)  # fmt: skip
def test_proofing_finds_a_page_that_is_not_the_one_of_the_pdf(
    article: Built, tmp_path: Path, change: Callable[[bytes], bytes], codes: list[str]
) -> None:
    broken = tmp_path / "article.epub"
    changed = 0
    with zipfile.ZipFile(article.epub) as book, zipfile.ZipFile(broken, "w") as target:
        for name in book.namelist():
            data = book.read(name)
            new = change(data) if name.endswith(".xhtml") else data
            changed += new != data
            target.writestr(name, new)
    assert changed == 1
    assert [finding.code for finding in compare_pages(broken, article.pdf)] == codes
