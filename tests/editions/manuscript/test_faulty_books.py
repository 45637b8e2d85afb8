"""Books that are hard to bind: nothing is lost, and what is wrong is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from bifolio import make
from bifolio.build import Made
from bifolio.checks.compare import compare_files
from bifolio.checks.counts.count_table import compare_counts, count_files
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.model.errors import SourceError
from tests.editions.pdf.test_book import inner_links, named_places
from tests.unit.manuscript.project.test_book_toml import write_files
from tests.xhtml import text_in

X = "{http://www.w3.org/1999/xhtml}"
SAME = """# Same

The {} storm.[^1] See [the part](#part) and [the other](OTHER#part).[^again]

## Part

What {} says.[^1]

[^1]: Note {} of the first.
[^again]: Note {} of the second.
"""
TOML = """title = "Hard"
author = "A"
language = "en"
chapters = ["void.md", {part = "The sea", chapters = ["a.md", "b.md"]}, {part = "Bare", chapters = []},
            {part = "p.md", chapters = ["loop.md"]}]
"""


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A book with an empty chapter, a part without chapters, twins of chapters, and a loop."""
    folder = tmp_path_factory.mktemp("hard")
    files = {
        "book__toml": TOML,
        "void__md": "",
        "a__md": SAME.replace("{}", "alpha").replace("OTHER", "b.md"),
        "b__md": SAME.replace("{}", "beta").replace("OTHER", "a.md"),
        "p__md": "# The mine\n\nWords of a part.\n",
        "loop__md": "# Loop\n\nBefore.\n\n{!inner.md!}\n\nAfter.\n",
        "inner__md": "Inside.\n\n{!loop.md!}\n\nBelow.\n",
    }
    return make(write_files(folder / "book", **files), folder / "build")


def words(made: Made) -> str:
    document = pypdfium2.PdfDocument(made.files[1].path)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def test_what_is_wrong_is_told_and_nothing_else(hard: Made) -> None:
    assert [(f.where.file.name, f.where.line, f.code) for f in hard.findings if f.where] == [
        ("inner.md", 3, "include-loop"), ("void.md", 0, "section-empty"), ("void.md", 1, "title-missing"),
    ]  # fmt: skip


def test_nothing_is_lost(hard: Made) -> None:
    text = words(hard)
    for said in (
        "The alpha storm.", "The beta storm.", "What alpha says.", "What beta says.",
        "Note alpha of the first.", "Note beta of the first.", "Note alpha of the second.", "Bare", "Void",
        "Words of a part.", "Before. Inside. {!loop.md!} Below. After.",
    ):  # fmt: skip
        assert said in text
    files = [file.path for file in hard.files]
    assert compare_files(files) == []
    assert compare_counts(count_files(files)) == []


def test_links_of_twins_lead_to_their_own(hard: Made) -> None:
    with zipfile.ZipFile(hard.files[0].path) as archive:
        pages = {name: etree.fromstring(archive.read(f"EPUB/{name}.xhtml")) for name in ("a", "b")}
    for name, other in (("a", "b"), ("b", "a")):
        ids = {e.get("id"): e for e in pages[name].iter() if e.get("id")}
        theirs = {e.get("id"): e for e in pages[other].iter() if e.get("id")}
        links = {text_in(a): a.get("href", "") for a in pages[name].iter(f"{X}a")}
        assert ids[links["the part"].lstrip("#")].tag == f"{X}h2"
        file, _, anchor = links["the other"].partition("#")
        assert (file, theirs[anchor].tag) == (f"{other}.xhtml", f"{X}h2")
        assert links["1"].lstrip("#") in ids
    with pikepdf.open(hard.files[1].path) as pdf:
        names = [name for _, _, name in inner_links(pdf)]
        assert set(names) <= set(named_places(pdf))


@pytest.mark.usefixtures("epubcheck_here")
def test_the_validators_find_nothing(hard: Made) -> None:
    assert run_epubcheck([hard.files[0].path]) == []
    assert run_page_validation(hard.files[1].path) == []


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"book__toml": 'title = "T"\nchapters = ["a.md",\n"gone.md"]'}, "book.toml:3"),
        ({"SUMMARY__md": "# S\n\n- [A](a.md)\n- [G](gone.md)\n"}, "SUMMARY.md:4"),
        ({"Book__txt": "a.md\ngone.md\n"}, "Book.txt:2"),
    ],
)
def test_a_chapter_that_is_missing_stops_the_build(tmp_path: Path, files: dict[str, str], place: str) -> None:
    folder = write_files(tmp_path / "book", a__md="# A\n", **files)
    with pytest.raises(SourceError, match=r"The file gone\.md does not exist\.") as caught:
        make(folder, tmp_path / "build")
    assert str(caught.value.where).endswith(place)
    assert not (tmp_path / "build").exists()


def test_many_chapters_stand_in_their_order(tmp_path: Path) -> None:
    files = {f"{n}__md": f"# Chapter {n}\n\nWords of {n}.\n" for n in range(1, 41)}
    made = make(write_files(tmp_path / "book", **files), tmp_path / "build", only="epub")
    with zipfile.ZipFile(made.files[0].path) as archive:
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
    said = [text_in(a) for a in nav.iter(f"{X}a")]
    assert [title for title in said if title.startswith("Chapter")] == [f"Chapter {n}" for n in range(1, 41)]
