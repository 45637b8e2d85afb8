"""Files that have been read are not read again, unless anything has changed that decides what they become."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

import pytest
from PIL import Image

from bifolio.manuscript import parse_chapters, read
from bifolio.manuscript.parse_chapter import parse_chapter
from bifolio.manuscript.project.find_file import FileLookupError, find_file
from bifolio.manuscript.read_source import read_with
from bifolio.manuscript.transforms import image_files
from bifolio.model.findings import Finding
from bifolio.model.publication import Publication
from bifolio.runtime.cache import Cache

BOOK = 'title = "T"\nlanguage = "en"\nfront = []\n'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book of two chapters with notes, a link between them, and something to be told."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.toml").write_text(BOOK, "utf-8")
    (folder / "a.md").write_text('# A\n\nSee "it" in [B](b.md).[^1]\n\n[^1]: One.\n', "utf-8")
    (folder / "b.md").write_text("# B\n\nWords.[^1]\n\n<script>x</script>\n\n[^1]: *Two*.\n", "utf-8")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def drafted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list of the names of the files that are read anew."""
    names: list[str] = []

    def spy(file: Any, *args: Any, **named: Any) -> Any:
        names.append(file.path.name)
        return parse_chapter(file, *args, **named)

    monkeypatch.setattr(parse_chapters, "parse_chapter", spy)
    return names


def said(publication: Publication) -> tuple[list[bytes], list[str], tuple[Finding, ...]]:
    trees = [tostring(tree) for tree, _ in publication.trees()]
    return trees, [section.title for section in publication.sections], publication.findings


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_was_kept_is_what_would_be_read(book: Path, cache: Cache, drafted: list[str]) -> None:
    fresh = said(read(book))
    assert fresh[2], "the book has something to be told"
    first = said(read_with(cache, book))
    drafted.clear()
    assert said(read_with(cache, book)) == first == fresh
    assert drafted == []


def test_an_edit_is_read_and_nothing_else(book: Path, cache: Cache, drafted: list[str]) -> None:
    read_with(cache, book)
    drafted.clear()
    edit(book / "b.md", "Words.", "Other words.")
    assert said(read_with(cache, book)) == said(read(book))
    assert drafted == ["b.md", "a.md", "b.md"]


def test_a_note_more_moves_the_numbers_of_those_behind_it(book: Path, cache: Cache) -> None:
    read_with(cache, book)
    edit(book / "a.md", "See", "Look.[^2] See")
    edit(book / "a.md", "[^1]: One.", "[^1]: One.\n\n[^2]: More.")
    assert said(read_with(cache, book)) == said(read(book))


def test_the_language_of_the_book_is_heeded(book: Path, cache: Cache) -> None:
    read_with(cache, book)
    edit(book / "book.toml", '"en"', '"de"')
    trees, _, _ = said(read_with(cache, book))
    assert "\u201eit\u201c".encode("ascii", "xmlcharrefreplace") in trees[0]


@pytest.mark.parametrize(
    ("text", "name", "before", "after"),
    [
        ("# A\n\n{!more.md!}\n", "more.md", "Before.", "After."),
        (
            "---\nbibliography: more.json\n---\n\n# A\n\nAs in @doe.\n", "more.json",
            '[{"id": "doe", "type": "book", "title": "Before"}]',
            '[{"id": "doe", "type": "book", "title": "After"}]',
        ),
    ],
)  # fmt: skip
def test_a_file_that_the_text_asks_for_is_read_again(
    book: Path, cache: Cache, text: str, name: str, before: str, after: str
) -> None:
    (book / "book.toml").write_text(f'{BOOK}chapters = ["a.md"]\n', "utf-8")
    (book / "a.md").write_text(text, "utf-8")
    (book / name).write_text(before, "utf-8")
    assert "Before" in str(said(read_with(cache, book)))
    (book / name).write_text(after, "utf-8")
    assert "After" in str(said(read_with(cache, book)))


def test_a_damaged_entry_is_read_anew(book: Path, cache: Cache, drafted: list[str]) -> None:
    first = said(read_with(cache, book))
    for path in cache.folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    drafted.clear()
    assert said(read_with(cache, book)) == first
    assert drafted == ["a.md", "b.md"]


def test_a_picture_is_looked_at_once_and_again_when_it_is_another(
    book: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, loaded = image_files._decode, []

    def spy(data: bytes) -> image_files.ImageInfo:
        loaded.append(1)
        return load(data)

    monkeypatch.setattr(image_files, "_decode", spy)
    Image.new("L", (8, 4)).save(book / "field.png")
    edit(book / "b.md", "Words.", "![A field](field.png)")
    first = read_with(cache, book).pictures
    assert read_with(cache, book).pictures == first
    assert len(loaded) == 1
    Image.new("L", (4, 8)).save(book / "field.png")
    (other,) = read_with(cache, book).pictures
    assert (other.width, other.height) == (4, 8)
    (book / "field.png").write_bytes(other.data[:40])
    assert "picture-unreadable" in {finding.code for finding in read_with(cache, book).findings}


def test_a_folder_that_was_looked_through_is_looked_through_again_when_it_changes(tmp_path: Path) -> None:
    os.utime(tmp_path, (1_700_000_000, 1_700_000_000))
    with pytest.raises(FileLookupError):
        find_file("late.md", tmp_path, tmp_path)
    (tmp_path / "late.md").write_text("Late.", "utf-8")
    os.utime(tmp_path, (1_700_000_060, 1_700_000_060))
    assert find_file("late.md", tmp_path, tmp_path).path == tmp_path / "late.md"
