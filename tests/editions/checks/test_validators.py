"""The validators on the finished article: each accepts it, and each rejects a broken one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
import pytest

from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.qpdf import run_qpdf
from tests.conftest import Built


def alter(book: Path, into: Path, name: str, old: bytes, new: bytes) -> Path:
    broken = into / "broken.epub"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(broken, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith(name):
                assert old in data
                data = data.replace(old, new)
            target.writestr(entry, data)
    return broken


@pytest.mark.usefixtures("epubcheck_here")
def test_epubcheck_passes_the_article_and_fails_a_broken_one(article: Built, tmp_path: Path) -> None:
    broken = alter(article.epub, tmp_path, "article.xhtml", b'id="note-1"', b'id="note-x"')
    findings = run_epubcheck([article.epub, broken])
    assert {f.code for f in findings} == {"epubcheck-error"}
    assert {f.where.file for f in findings if f.where} == {broken}
    assert any("RSC-012" in f.message for f in findings)


@pytest.mark.usefixtures("ace_here")
def test_ace_passes_the_article(article: Built) -> None:
    assert run_ace(article.epub) == []


@pytest.mark.usefixtures("ace_here")
def test_ace_fails_a_book_without_alternative_texts(article: Built, tmp_path: Path) -> None:
    broken = alter(article.epub, tmp_path, "article.xhtml", b' alt="A ', b' data-was="A ')
    assert {f.code for f in run_ace(broken)} == {"ace-violation"}


def test_the_pdf_is_pdf_ua_1_and_pdf_a_2a(article: Built) -> None:
    assert run_page_validation(article.pdf) == []
    assert run_qpdf(article.pdf) == []


def test_a_pdf_without_tags_fails(article: Built, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(article.pdf) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(broken)
    assert {f.code for f in run_page_validation(broken)} == {"pdf-ua", "pdf-a"}


def test_a_damaged_pdf_fails(article: Built, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    data = article.pdf.read_bytes()
    broken.write_bytes(data[: len(data) // 2])
    assert {f.code for f in run_qpdf(broken)} == {"pdf-damaged"}
