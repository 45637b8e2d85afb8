"""Incremental builds: an unchanged source is not read again, and every change of an input is seen."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import bifolio.manuscript
from bifolio import make
from bifolio.build import Made
from bifolio.runtime.cache import user_cache

TEXT = "---\ntitle: T\nlanguage: en\n---\n\nOne ![A field](pictures/field.png) and ![None](none.png).\n"
STYLESHEET = "p { color: #111 }\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A text with an image and a stylesheet, all last modified long ago, and a build cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "source" / "pictures").mkdir(parents=True)
    (tmp_path / "styles").mkdir()
    write(tmp_path / "source" / "text.md", TEXT)
    write(tmp_path / "styles" / "own.css", STYLESHEET)
    write_image(tmp_path / "source" / "pictures" / "field.png", 200)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    age(path)


def write_image(path: Path, grey: int) -> None:
    Image.new("L", (8, 8), grey).save(path)
    age(path)


def age(path: Path) -> None:
    """Set the modification time of *path* to long ago; a recent file is never treated as unchanged."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


def build(project: Path, **options: object) -> Made:
    options = {"only": "epub", **options}
    return make(project / "source" / "text.md", project / "build", **options)  # type: ignore[arg-type]


def record_reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list to which every read of a source is appended."""
    read = bifolio.manuscript.read_with
    calls: list[object] = []

    def spy(*args: object, **options: object) -> object:
        calls.append(args)
        return read(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(bifolio.manuscript, "read_with", spy)
    return calls


def test_an_unchanged_build_reads_nothing_and_gives_the_same_files(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(project, only=None)
    data = [file.path.read_bytes() for file in first.files]
    for file in first.files:
        file.path.unlink()
    calls = record_reads(monkeypatch)
    assert build(project, only=None) == first
    assert [file.path.read_bytes() for file in first.files] == data
    assert "picture-missing" in {finding.code for finding in first.findings}
    assert not calls


CHANGES: dict[str, Callable[[Path], object]] = {
    "a word": lambda project: write(project / "source" / "text.md", TEXT.replace("One", "Two")),
    "an image": lambda project: write_image(project / "source" / "pictures" / "field.png", 100),
    "an image that was missing": lambda project: write_image(project / "source" / "none.png", 100),
    "an image removed": lambda project: (project / "source" / "pictures" / "field.png").unlink(),
    "the stylesheet": lambda project: write(project / "styles" / "own.css", STYLESHEET.replace("111", "222")),
    "another stylesheet in its place": lambda project: replace_stylesheet(project),
}


def replace_stylesheet(project: Path) -> None:
    (project / "styles" / "own.css").rename(project / "old.css")
    write(project / "styles" / "new.css", STYLESHEET.replace("111", "333"))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_an_input_is_seen(project: Path, change: str) -> None:
    first = build(project)
    old = first.files[0].path.read_bytes()
    CHANGES[change](project)
    made = build(project)
    new = made.files[0].path.read_bytes()
    assert new != old
    assert build(project, cache=False) == made
    assert made.files[0].path.read_bytes() == new


def test_a_change_of_an_option_or_of_the_environment_is_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project)
    calls = record_reads(monkeypatch)
    build(project, style=project / "styles" / "own.css")
    assert len(calls) == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    made = build(project)
    assert len(calls) == 2
    with zipfile.ZipFile(made.files[0].path) as archive:
        assert "2001-09-09" in archive.read("EPUB/content.opf").decode()


def test_a_build_whose_source_changes_during_it_is_not_cached(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, path = bifolio.manuscript.read_with, project / "source" / "text.md"

    def read_then_edit(*args: object, **options: object) -> object:
        publication = read(*args, **options)  # type: ignore[arg-type]
        write(path, TEXT.replace("One", "Two, too"))
        return publication

    monkeypatch.setattr(bifolio.manuscript, "read_with", read_then_edit)
    build(project)
    monkeypatch.setattr(bifolio.manuscript, "read_with", read)
    calls = record_reads(monkeypatch)
    build(project)
    assert len(calls) == 1


def test_a_damaged_cache_entry_is_rebuilt(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(project)
    data = first.files[0].path.read_bytes()
    for path in user_cache().folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:-1])
    calls = record_reads(monkeypatch)
    assert build(project) == first
    assert first.files[0].path.read_bytes() == data
    assert len(calls) == 1


def test_no_cache_neither_writes_nor_reads_the_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(project, cache=False)
    assert not user_cache().size()
    build(project)
    calls = record_reads(monkeypatch)
    build(project, cache=False)
    assert len(calls) == 1
