"""`bifolio build --also-each`: a book and, in the same run, each of its articles on its own."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pytest

from bifolio import BifolioError, make
from tests.conftest import bifolio

ONE = "---\ntitle: One\nauthor: Ann\nlanguage: en\n---\nThe first.\n"
TWO = "---\ntitle: Zwei\nlanguage: de\n---\nDer zweite, siehe [eins](one.md).\n"
ISSUE = """title = "Issue"
language = "en"
paper = "a5"
chapters = ["one.md", {part = "Far away", chapters = ["far/two.md"]}]
back = ["appendix.md"]
"""


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    """A collection of two articles, one of them in a subfolder."""
    folder = tmp_path / "issue"
    (folder / "far").mkdir(parents=True)
    (folder / "book.toml").write_text(ISSUE, "utf-8")
    (folder / "one.md").write_text(ONE, "utf-8")
    (folder / "far" / "two.md").write_text(TWO.replace("one.md", "../one.md"), "utf-8")
    (folder / "appendix.md").write_text("# Appendix\n\nMore.\n", "utf-8")
    return folder


def files_in(into: Path) -> list[str]:
    return sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file())


def test_the_book_and_each_of_its_articles_are_built(issue: Path, tmp_path: Path) -> None:
    run = bifolio("build", "issue", "--also-each", "--only", "pdf", cwd=tmp_path)
    assert files_in(tmp_path / "build") == ["issue.pdf", "issue/far/two.pdf", "issue/one.pdf"]
    assert [line.split()[0] for line in run.stdout.splitlines()[:3]] == [
        "build/issue.pdf", "build/issue/one.pdf", "build/issue/far/two.pdf",
    ]  # fmt: skip
    assert run.returncode == 0
    assert [line.split(" The ")[0] for line in run.stderr.splitlines()] == [
        "issue/far/two.md:5: warning link-outside:"
    ]
    for name in ("issue.pdf", "issue/one.pdf"):
        with pikepdf.open(tmp_path / "build" / name) as pdf:
            assert [round(float(x)) for x in pdf.pages[0].mediabox] == [0, 0, 420, 595], name


def test_a_separate_article_has_its_own_front_matter(issue: Path, tmp_path: Path) -> None:
    make(issue, tmp_path, only="epub", also_each=True)
    with zipfile.ZipFile(tmp_path / "issue" / "far" / "two.epub") as archive:
        package = archive.read("EPUB/content.opf").decode()
    assert "<dc:language>de</dc:language>" in package
    assert ">Zwei</dc:title>" in package
    assert "Issue" not in package


def test_an_article_that_fails_does_not_stop_the_others(issue: Path, tmp_path: Path) -> None:
    make(issue, tmp_path / "build", only="epub", also_each=True)
    before = (tmp_path / "build/issue/one.epub").read_bytes()
    (issue / "one.md").write_text("", "utf-8")
    (issue / "far" / "two.md").write_text(TWO.replace("eins", "uno"), "utf-8")
    run = bifolio("build", "issue", "--also-each", "--only", "epub", cwd=tmp_path)
    assert run.returncode == 3
    assert run.stderr.splitlines()[-1].startswith("bifolio: issue/one.md: The file is empty.")
    assert (tmp_path / "build/issue/one.epub").read_bytes() == before
    with zipfile.ZipFile(tmp_path / "build/issue/far/two.epub") as archive:
        assert b"uno" in archive.read("EPUB/article.xhtml")


def test_the_exit_code_is_the_highest_of_all_articles(issue: Path, tmp_path: Path) -> None:
    (issue / "one.md").write_text(ONE + "\n![A](none.png)\n", "utf-8")
    call = ("build", "issue", "--also-each", "--only", "epub")
    assert bifolio(*call, cwd=tmp_path).returncode == 1
    (tmp_path / "build/issue/far/two.epub").unlink()
    (tmp_path / "build/issue/far/two.epub").mkdir()
    run = bifolio(*call, cwd=tmp_path)
    assert run.returncode == 4
    assert "bifolio: build/issue/far/two.epub cannot be written: it is a folder." in run.stderr
    assert run.stderr.count("picture-missing") == 1


def test_a_usage_error_is_reported_once(issue: Path, tmp_path: Path) -> None:
    run = bifolio("build", "issue", "--also-each", "--only", "pdf", "--paper", "a99", cwd=tmp_path)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    with pytest.raises(BifolioError, match="`--also-each` needs a book whose chapters are separate files"):
        make(issue / "one.md", tmp_path, also_each=True)
