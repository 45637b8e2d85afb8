"""The cache of parsed chapters: a chapter is parsed again only if something it depends on has changed."""

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
    """A book of two chapters with notes, a link between them, and a finding."""
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
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list of the names of the files that are parsed."""
    names: list[str] = []

    def spy(file: Any, *args: Any, **options: Any) -> Any:
        names.append(file.path.name)
        return parse_chapter(file, *args, **options)

    monkeypatch.setattr(parse_chapters, "parse_chapter", spy)
    return names


def result(publication: Publication) -> tuple[list[bytes], list[str], tuple[Finding, ...]]:
    trees = [tostring(tree) for tree, _ in publication.trees()]
    return trees, [section.title for section in publication.sections], publication.findings


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_cached_chapters_are_equal_to_parsed_ones(book: Path, cache: Cache, parsed: list[str]) -> None:
    fresh = result(read(book))
    assert fresh[2], "the book has no finding"
    first = result(read_with(cache, book))
    parsed.clear()
    assert result(read_with(cache, book)) == first == fresh
    assert parsed == []


def test_only_an_edited_chapter_is_parsed_again(book: Path, cache: Cache, parsed: list[str]) -> None:
    read_with(cache, book)
    parsed.clear()
    edit(book / "b.md", "Words.", "Other words.")
    assert result(read_with(cache, book)) == result(read(book))
    assert parsed == ["b.md", "a.md", "b.md"]


def test_an_added_note_changes_the_numbers_of_the_notes_after_it(book: Path, cache: Cache) -> None:
    read_with(cache, book)
    edit(book / "a.md", "See", "Look.[^2] See")
    edit(book / "a.md", "[^1]: One.", "[^1]: One.\n\n[^2]: More.")
    assert result(read_with(cache, book)) == result(read(book))


def test_a_change_of_the_language_of_the_book_is_seen(book: Path, cache: Cache) -> None:
    read_with(cache, book)
    edit(book / "book.toml", '"en"', '"de"')
    trees, _, _ = result(read_with(cache, book))
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
def test_a_change_of_an_included_file_or_a_bibliography_is_seen(
    book: Path, cache: Cache, text: str, name: str, before: str, after: str
) -> None:
    (book / "book.toml").write_text(f'{BOOK}chapters = ["a.md"]\n', "utf-8")
    (book / "a.md").write_text(text, "utf-8")
    (book / name).write_text(before, "utf-8")
    assert "Before" in str(result(read_with(cache, book)))
    (book / name).write_text(after, "utf-8")
    assert "After" in str(result(read_with(cache, book)))


def test_a_damaged_entry_is_parsed_again(book: Path, cache: Cache, parsed: list[str]) -> None:
    first = result(read_with(cache, book))
    for path in cache.folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    parsed.clear()
    assert result(read_with(cache, book)) == first
    assert parsed == ["a.md", "b.md"]


def test_an_image_is_decoded_once_and_again_only_if_it_changes(
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


def test_a_folder_is_searched_again_if_it_has_changed(tmp_path: Path) -> None:
    os.utime(tmp_path, (1_700_000_000, 1_700_000_000))
    with pytest.raises(FileLookupError):
        find_file("late.md", tmp_path, tmp_path)
    (tmp_path / "late.md").write_text("Late.", "utf-8")
    os.utime(tmp_path, (1_700_000_060, 1_700_000_060))
    assert find_file("late.md", tmp_path, tmp_path).path == tmp_path / "late.md"
