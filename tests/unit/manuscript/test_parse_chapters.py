"""Chapters parsed in two processes, and footnote numbers that depend on their own chapter only."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

import pytest
from PIL import Image

from bifolio import read
from bifolio.manuscript import parse_chapters
from bifolio.manuscript.transforms import image_files
from bifolio.model.errors import SourceError
from bifolio.model.publication import NOTE_CALL, Publication

READ = """
import pickle, sys
from pathlib import Path
from bifolio import read
from bifolio.manuscript import parse_chapters
parse_chapters._MIN_CHARACTERS = 0
sys.stdout.buffer.write(pickle.dumps(read(Path(sys.argv[1]))))
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "book.toml").write_text('title = "T"\nauthor = "A"\nlanguage = "en"\n')
    for n in range(1, 7):
        words = "Words, *and* words. " * 30 * n
        (tmp_path / f"{n}.md").write_text(
            f"# Chapter {n}\n\nA note,[^a] and one more.[^b] [That]({n % 6 + 1}.md)[^none]\n\n{words}\n\n"
            f"[^a]: One of {n}.[^b]\n[^b]: Two of {n}.\n"
        )
    return tmp_path


def trees(publication: Publication) -> list[bytes]:
    return [tostring(tree) for tree, _ in publication.trees()]


def test_two_processes_give_the_same_result_as_one(book: Path) -> None:
    one, two = (
        pickle.loads(
            subprocess.run(
                [sys.executable, "-c", READ, book],
                env=os.environ | {"BIFOLIO_CORES": cores},
                capture_output=True,
                check=True,
            ).stdout
        )
        for cores in ("1", "2")
    )
    assert trees(one) == trees(two)
    assert [note.number for note in one.notes()] == [note.number for note in two.notes()]
    assert one.findings == two.findings
    assert len([each for each in two.findings if each.code == "note-undefined"]) == 6


def test_the_chapters_are_divided_by_length(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[list[int]] = []
    run_each = parse_chapters._run_each

    def record(jobs: Any, cache: Any) -> Any:
        recorded.append(list(jobs))
        return run_each(jobs, cache)

    monkeypatch.setattr(parse_chapters, "_MIN_CHARACTERS", 0)
    monkeypatch.setenv("BIFOLIO_CORES", "1")  # both halves run in this process, where they can be observed
    monkeypatch.setattr(parse_chapters, "_run_each", record)
    read(book)
    assert recorded == [[0, 1, 2, 3], [4, 5]]


def test_an_added_note_changes_the_numbers_of_its_own_chapter_only(book: Path) -> None:
    before = read(book)
    chapter = book / "2.md"
    chapter.write_text(chapter.read_text().replace("Words", "Words[^c]", 1) + "[^c]: Three.\n")
    after = read(book)
    same = [
        trees_of == other
        for trees_of, other in zip(
            ([tostring(tree) for tree in section.trees()] for section in before.sections),
            ([tostring(tree) for tree in section.trees()] for section in after.sections),
            strict=True,
        )
    ]
    assert same.count(False) == 1
    numbers = [note.number for note in after.notes()]
    assert len(numbers) == len(set(numbers)) == 13
    calls = {int(call.get("note", "0")) for tree, _ in after.trees() for call in tree.iter(NOTE_CALL)}
    assert calls == set(numbers)
    assert [note.sign for note in after.notes()][:6] == ["1", "2", "1", "2", "3", "1"]


def test_a_book_without_chapters_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "T"\n[[chapters]]\ntitle = "Soon"\n')
    with pytest.raises(SourceError):
        read(tmp_path)


def test_the_process_that_parses_a_chapter_decodes_its_images(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse_chapters, "_MIN_CHARACTERS", 0)
    monkeypatch.setenv("BIFOLIO_CORES", "1")  # both halves run in this process, where they can be observed
    load, loaded = image_files._decode, []

    def spy(data: bytes) -> image_files.ImageInfo:
        loaded.append(data)
        return load(data)

    monkeypatch.setattr(image_files, "_decode", spy)
    for n, size in ((1, 8), (2, 9), (6, 10)):
        Image.new("L", (size, 4)).save(book / f"{n}.png")
        chapter = book / f"{n}.md"
        chapter.write_text(f"{chapter.read_text()}\n![A field.]({n}.png)\n\n![Once more.]({n}.png)\n")
    (book / "2.png").write_bytes((book / "2.png").read_bytes()[:40])
    found = read(book)
    assert [(each.name, each.width) for each in found.pictures] == [("1.png", 8), ("6.png", 10)]
    assert [f.code for f in found.findings if f.code.startswith("picture")] == ["picture-unreadable"] * 2
    whole = [(book / name).read_bytes() for name in ("1.png", "6.png")]
    assert [loaded.count(data) for data in whole] == [1, 1]
