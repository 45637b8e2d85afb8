"""Pages whose words are known are not read again; a page in which anything has changed is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bifolio.checks.compare import compare_files
from bifolio.checks.file_readers import pdf as reader
from bifolio.checks.file_readers import pdf_pages, pdf_tags, pdf_text
from bifolio.checks.file_readers.page_text_cache import open_page_text_cache
from bifolio.runtime.cache import Cache
from tests.conftest import Built


@pytest.fixture
def editions(article: Built, tmp_path: Path) -> list[Path]:
    return [Path(shutil.copy(path, tmp_path)) for path in (article.epub, article.pdf)]


@pytest.fixture
def pages_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that has an entry for each page that is read."""
    read, calls = pdf_text._extract_page, []

    def spy(page: object) -> dict[int, str]:
        calls.append(1)
        return read(page)

    monkeypatch.setattr(pdf_text, "_extract_page", spy)
    return calls


def codes(editions: list[Path], cache: Cache) -> list[str]:
    with open_page_text_cache(cache, editions[1]) as texts:
        return [finding.code for finding in compare_files(editions, texts)]


def change(path: Path, how: Callable[[pikepdf.Pdf], object]) -> int:
    """Change the PDF at *path*; return how many pages it has."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        how(pdf)
        pdf.save(path)
        return len(pdf.pages)


def empty_first_page(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[0].Contents
    data = stream.read_bytes()
    # The same marks, and nothing in them.
    stream.write(b"\n".join(line for line in data.split(b"\n") if not line.endswith(b"TJ")))


def rename_a_letter(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        table = font.ToUnicode
        table.write(table.read_bytes().replace(b"<0065>", b"<0078>"))  # e becomes x


def test_known_pages_are_not_read_again(editions: list[Path], pages_read: list[int], tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    pages = change(editions[1], lambda pdf: None)
    assert codes(editions, cache) == []
    assert len(pages_read) == pages
    assert codes(editions, cache) == []
    assert len(pages_read) == pages


@pytest.mark.parametrize(("how", "all_pages"), [(empty_first_page, False), (rename_a_letter, True)])
def test_a_change_is_read(
    how: Callable[[pikepdf.Pdf], object],
    all_pages: bool,
    editions: list[Path],
    pages_read: list[int],
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path / "cache")
    change(editions[1], lambda pdf: None)
    codes(editions, cache)
    pages_read.clear()
    pages = change(editions[1], how)
    assert "word-lost" in codes(editions, cache)
    assert len(pages_read) == (pages if all_pages else 1)


PAGES = "# Words\n" + "\nMany words fill more than one page.\n" * 99


def test_a_letter_that_is_new_has_only_its_page_read(
    build: Callable[..., Built], pages_read: list[int], tmp_path: Path
) -> None:
    cache = Cache(tmp_path / "cache")
    for text, read in ((PAGES, 3), (f"{PAGES}\nQuartz, 7.\n", 1)):
        built = build(text)
        pages_read.clear()
        assert codes([built.epub, built.pdf], cache) == []
        assert len(pages_read) == read


@pytest.mark.parametrize(("written", "read"), [(b"", 1), (b"/X (Q)", 3), (b"BT <0001> Tj ET", 3)])
def test_a_letter_that_is_another_has_the_pages_read_that_may_draw_it(
    written: bytes, read: int, build: Callable[..., Built], pages_read: list[int], tmp_path: Path
) -> None:
    def write(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.Contents.write(page.Contents.read_bytes() + b"\n" + written)

    def rename(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[-1].Resources.Font.values():
            table = font.ToUnicode
            table.write(table.read_bytes().replace(b"<0051>", b"<0078>"))  # Q becomes x

    built, cache = build(f"{PAGES}\nQuartz.\n"), Cache(tmp_path / "cache")
    change(built.pdf, write)
    codes([built.epub, built.pdf], cache)
    pages_read.clear()
    change(built.pdf, rename)
    assert "word-lost" in codes([built.epub, built.pdf], cache)
    assert len(pages_read) == read


def test_a_font_that_no_page_uses_changes_none(
    editions: list[Path], pages_read: list[int], tmp_path: Path
) -> None:
    def add_a_font(pdf: pikepdf.Pdf) -> None:
        font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1))
        for page in pdf.pages:
            page.Resources.Font["/Unused"] = font

    cache = Cache(tmp_path / "cache")
    change(editions[1], lambda pdf: None)
    codes(editions, cache)
    pages_read.clear()
    change(editions[1], add_a_font)
    assert codes(editions, cache) == []
    assert pages_read == []


def test_fonts_may_be_named_by_the_numbers_of_letters(
    editions: list[Path], pages_read: list[int], tmp_path: Path
) -> None:
    def write_in_numbers(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            data = page.Contents.read_bytes()
            fonts: Any = page.Resources.Font
            for name in fonts:
                written = b"/" + b"".join(b"#%02x" % letter for letter in name[1:].encode())
                data = data.replace(name.encode() + b" ", written + b" ")
            page.Contents.write(data)

    cache = Cache(tmp_path / "cache")
    change(editions[1], write_in_numbers)
    assert codes(editions, cache) == []
    pages_read.clear()
    pages = change(editions[1], rename_a_letter)
    assert "word-lost" in codes(editions, cache)
    assert len(pages_read) == pages


SHARED = """
import os, sys
from pathlib import Path
from bifolio.checks.file_readers import pdf, pdf_text

forks = Path(sys.argv[2])  # a file, as one process is forked from another

def count(event, _):
    if event == "os.fork":
        with forks.open("a") as file:
            file.write("x")

sys.addaudithook(count)
os.environ["BIFOLIO_CORES"] = "2"
alone = pdf.read_pdf(Path(sys.argv[1]))
assert not forks.exists()
pdf_text._MIN_PARALLEL_PAGES, pdf._MIN_PARALLEL_BYTES = 2, 1
assert pdf.read_pdf(Path(sys.argv[1])) == alone
print(len(forks.read_text()), len(alone.text) > 1000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")
def test_a_file_that_processes_share_says_the_same(article: Built, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SHARED, str(article.pdf), str(tmp_path / "forks")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "True"]


def test_a_file_that_is_opened_anew_says_the_same(article: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    once, opened = reader.read_pdf(article.pdf), []
    open_file = pikepdf.open

    def spy(*arguments: Any, **named: Any) -> pikepdf.Pdf:
        opened.append(1)
        return open_file(*arguments, **named)

    monkeypatch.setattr(pikepdf, "open", spy)
    monkeypatch.setattr(pdf_tags, "_REOPEN_AFTER", 10)
    monkeypatch.setattr(pdf_pages, "_REOPEN_AFTER", 2)
    assert reader.read_pdf(article.pdf) == once
    assert len(opened) > 3
