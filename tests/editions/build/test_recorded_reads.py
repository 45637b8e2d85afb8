"""Every file of a project that a build opens is recorded: else a change of it would be overlooked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import EVERYTHING

SCRIPT = """
import json, os, sys
from pathlib import Path

project, log = sys.argv[1:3]
writes = os.O_WRONLY | os.O_RDWR

def watch(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, (str, os.PathLike)) and not flags & writes:
            os.write(opened, os.path.abspath(os.fspath(path)).encode() + b"\\n")

opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(watch)

import bifolio
from bifolio.build import incremental
from bifolio.pdf import workers

os.environ["BIFOLIO_CORES"] = "2"
workers._SMALL_JOB = dict.fromkeys(workers._SMALL_JOB, 0)
recorded = {}
keep = incremental._keep

def spy(*arguments):
    recorded.update(arguments[-1])
    keep(*arguments)

incremental._keep = spy
made = bifolio.make(Path(project), Path("build"), **json.loads(sys.argv[3]))
assert not [each for each in made.findings if each.severity.name == "ERROR"], made.findings
print(json.dumps([name for name, digest in recorded.items() if digest]))
"""
ARTICLE = """---
title: T
language: en
bibliography: [works.json, more.bib]
csl: own.csl
---

As [@doe] says, and [@roe]. \N{CIRCLED DIGIT ONE}\N{HEBREW LETTER ALEF}

![A pan](pan.svg)

{!part.md!}
"""
WORKS = '[{"id": "doe", "type": "book", "title": "Salt", "author": [{"family": "Doe"}]}]'
BIB = "@book{roe, author = {Roe, Richard}, title = {Pans}, year = 1999}"
CSL = """<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
<info><title>Own</title><id>own</id><updated>2020-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="(" suffix=")"><text variable="title"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>"""


def project(folder: Path) -> Path:
    """Make a project with every kind of file that an article can name."""
    source = folder / "source"
    source.mkdir(parents=True)
    shutil.copy(EVERYTHING / "pictures" / "pan.svg", source / "pan.svg")
    files = {
        "text.md": ARTICLE,
        "works.json": WORKS,
        "more.bib": BIB,
        "own.csl": CSL,
        "part.md": "Included.\n",
    }
    for name, text in files.items():
        (source / name).write_text(text, "utf-8")
    (folder / "styles").mkdir()
    (folder / "styles" / "own.css").write_text("p { color: #111 }\n")
    return source


def reads(folder: Path, source: Path, **settings: object) -> tuple[set[Path], set[Path]]:
    """Build *source*; return the files that were opened to be read, and those that were recorded."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(source), "log", json.dumps(settings)],
        cwd=folder, env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    opened = (folder / "log").read_text().splitlines()
    return {Path(name) for name in opened}, {Path(name) for name in json.loads(done.stdout)}


def of_user(paths: set[Path], folder: Path) -> set[str]:
    """Return which of *paths* are files in *folder*, but for what the build itself writes, or are fonts."""
    inside = {path.relative_to(folder).as_posix() for path in paths if path.is_relative_to(folder)}
    fonts = {str(path) for path in paths if path.is_relative_to("/usr/share/fonts") and path.is_file()}
    return {name for name in inside if name.split("/")[0] not in ("build", "cache")} | fonts


@pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")
def test_files_of_an_article(tmp_path: Path) -> None:
    opened, recorded = reads(tmp_path, project(tmp_path) / "text.md")
    expected = {f"source/{name}" for name in (
        "text.md", "works.json", "more.bib", "own.csl", "part.md", "pan.svg")}  # fmt: skip
    assert of_user(opened, tmp_path) >= expected | {"styles/own.css"}
    assert of_user(opened, tmp_path) <= of_user(recorded, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")
@pytest.mark.parametrize("settings", [{}, {"destinations": ["kdp", "kobo"], "paper": "6x9in"}])
def test_files_of_a_book(tmp_path: Path, settings: dict[str, object]) -> None:
    book = tmp_path / "book"
    shutil.copytree(EVERYTHING, book)
    opened, recorded = reads(tmp_path, book, **settings)
    of_book = {path.relative_to(tmp_path).as_posix() for path in book.rglob("*") if path.is_file()}
    assert of_user(opened, tmp_path) == of_book
    assert of_user(recorded, tmp_path) == of_book
