"""Builds that are kept: the same again where nothing has changed, and nothing old where anything has."""

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
SHEET = "p { color: #111 }\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A text that was written a while ago, with a picture and a sheet; its own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "source" / "pictures").mkdir(parents=True)
    (tmp_path / "styles").mkdir()
    write(tmp_path / "source" / "text.md", TEXT)
    write(tmp_path / "styles" / "own.css", SHEET)
    picture(tmp_path / "source" / "pictures" / "field.png", 200)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    age(path)


def picture(path: Path, grey: int) -> None:
    Image.new("L", (8, 8), grey).save(path)
    age(path)


def age(path: Path) -> None:
    """Let *path* be written before any build: what has just been written might be written again unseen."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


def build(project: Path, **wishes: object) -> Made:
    wishes = {"only": "epub", **wishes}
    return make(project / "source" / "text.md", project / "build", **wishes)  # type: ignore[arg-type]


def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that grows with every source that is read."""
    read = bifolio.manuscript.read_with
    calls: list[object] = []

    def spy(*args: object, **wishes: object) -> object:
        calls.append(args)
        return read(*args, **wishes)  # type: ignore[arg-type]

    monkeypatch.setattr(bifolio.manuscript, "read_with", spy)
    return calls


def test_an_unchanged_build_reads_nothing_and_makes_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(project, only=None)
    data = [file.path.read_bytes() for file in first.files]
    for file in first.files:
        file.path.unlink()
    calls = reads(monkeypatch)
    assert build(project, only=None) == first
    assert [file.path.read_bytes() for file in first.files] == data
    assert "picture-missing" in {finding.code for finding in first.findings}
    assert not calls


CHANGES: dict[str, Callable[[Path], object]] = {
    "a word": lambda project: write(project / "source" / "text.md", TEXT.replace("One", "Two")),
    "a picture": lambda project: picture(project / "source" / "pictures" / "field.png", 100),
    "a picture that was missing": lambda project: picture(project / "source" / "none.png", 100),
    "a picture taken away": lambda project: (project / "source" / "pictures" / "field.png").unlink(),
    "the sheet": lambda project: write(project / "styles" / "own.css", SHEET.replace("111", "222")),
    "another sheet in its place": lambda project: replace_sheet(project),
}


def replace_sheet(project: Path) -> None:
    (project / "styles" / "own.css").rename(project / "old.css")
    write(project / "styles" / "new.css", SHEET.replace("111", "333"))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(project: Path, change: str) -> None:
    first = build(project)
    old = first.files[0].path.read_bytes()
    CHANGES[change](project)
    made = build(project)
    new = made.files[0].path.read_bytes()
    assert new != old
    assert build(project, cache=False) == made
    assert made.files[0].path.read_bytes() == new


def test_what_is_asked_is_seen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(project)
    calls = reads(monkeypatch)
    build(project, style=project / "styles" / "own.css")
    assert len(calls) == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    made = build(project)
    assert len(calls) == 2
    with zipfile.ZipFile(made.files[0].path) as book:
        assert "2001-09-09" in book.read("EPUB/content.opf").decode()


def test_a_text_that_changes_while_it_is_built_is_not_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, path = bifolio.manuscript.read_with, project / "source" / "text.md"

    def meanwhile(*args: object, **wishes: object) -> object:
        publication = read(*args, **wishes)  # type: ignore[arg-type]
        write(path, TEXT.replace("One", "Two, too"))
        return publication

    monkeypatch.setattr(bifolio.manuscript, "read_with", meanwhile)
    build(project)
    monkeypatch.setattr(bifolio.manuscript, "read_with", read)
    calls = reads(monkeypatch)
    build(project)
    assert len(calls) == 1


def test_a_damaged_entry_is_made_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(project)
    data = first.files[0].path.read_bytes()
    for path in user_cache().folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:-1])
    calls = reads(monkeypatch)
    assert build(project) == first
    assert first.files[0].path.read_bytes() == data
    assert len(calls) == 1


def test_no_cache_keeps_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(project, cache=False)
    assert not user_cache().size()
    build(project)
    calls = reads(monkeypatch)
    build(project, cache=False)
    assert len(calls) == 1
