"""Builds that are killed: the editions of before stay whole, the next build is right, and nothing is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bifolio import make

MAIN, WORKER, ERRAND = "main", "worker", "errand"
Moment = tuple[str, str, str, int]
"""Which process is killed, and before what: the event, what its path has in it, and how often it was.

An errand is what reads the source, what binds the EPUB, and what compares the editions."""
MOMENTS: tuple[Moment, ...] = (
    (MAIN, "os.mkdir", "/cache/", 1),  # when the sheet is kept
    (MAIN, "os.rename", "/cache/", 1),
    (MAIN, "os.fork", "", 5),  # when there is one worker, which would wait for work for ever
    (WORKER, "open", "/cache/", 1),
    (WORKER, "os.rename", "/cache/", 2),
    (ERRAND, "open", "/2.md", 1),
    (ERRAND, "os.rename", "/cache/", 1),
    (ERRAND, "open", "book.epub", 1),
    (MAIN, "open", "book.epub", 1),
    (MAIN, "open", "book.pdf", 1),
    (MAIN, "os.rename", "book.epub", 1),
    (MAIN, "os.rename", "book.pdf", 1),
    (MAIN, "os.rmdir", "/.bifolio-", 1),
    (MAIN, "open", "book.pdf", 2),  # when the build as a whole is kept
)
WHEN_ALL_IS_DONE = ((MAIN, "os.rmdir", "/.bifolio-", 1), (MAIN, "open", "book.pdf", 2))
DRIVER = """
import json, os, signal, sys, traceback
from pathlib import Path
import bifolio, bifolio.build, bifolio.epub, bifolio.pdf, bifolio.checks.compare
from bifolio.pdf import workers

workers._SMALL_JOB = dict.fromkeys(workers._SMALL_JOB, 0)  # so that a small book has workers, too
os.environ["BIFOLIO_CORES"] = "2"

def build(source, folder, who, event, part, left):
    main = os.getpid()
    def kill(name, arguments):
        nonlocal left
        here = "main" if os.getpid() == main else "worker" if workers._worker_context else "errand"
        if name == event and part in str(arguments[:1]) and here == who:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
    os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
    sys.addaudithook(kill)
    bifolio.make(Path(source), Path(folder) / "build")

source, jobs = sys.argv[1], json.loads(sys.argv[2])
ends = []
for folder, moment in jobs:
    child = os.fork()
    if not child:
        try:
            build(source, folder, *moment)
        except bifolio.BifolioError as error:
            Path(folder, "said").write_text(str(error))
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    ends.append(os.waitpid(child, 0)[1])
print(json.dumps(ends))
"""


@dataclass(frozen=True)
class Killed:
    """A build of changed text that was killed after one of the text of before."""

    folder: Path
    source: Path
    end: int
    """How its main process ended, as `os.waitpid` says it."""
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    """The editions of the text of before, and of the changed one, by name."""

    def editions(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "build").glob("book.*")}


def write_book(folder: Path, word: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "book.toml").write_text('title = "T"\nauthor = "A"\nlanguage = "en"\nstyle = "plain.css"\n')
    (folder / "plain.css").write_text(f"p {{ margin: 0 }} /* {word} */\n")
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    (folder / "a.svg").write_text(square)
    for n in range(1, 4):
        (folder / f"{n}.md").write_text(
            f"# Chapter {n}\n\n![Alt](a.svg)\n\n{word} {n}.[^1] [That]({n % 3 + 1}.md).\n\n[^1]: A note.\n"
        )


def build(source: Path, folder: Path) -> dict[str, bytes]:
    """Make the editions of *source* with the cache in *folder*; return them by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        made = make(source, folder / "build")
    assert made.findings == ()
    return {file.path.name: file.path.read_bytes() for file in made.files}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[Moment, Killed]:
    """One build killed at each moment, all of the same text."""
    root = tmp_path_factory.mktemp("killed")
    source = root / "book"
    write_book(source, "Before")
    old = build(source, root / "before")
    jobs = [(str(root / str(number)), moment) for number, moment in enumerate(MOMENTS)]
    for folder, _ in jobs:
        shutil.copytree(root / "before", folder)
    write_book(source, "Changed")
    new = build(source, root / "clean")
    ends = json.loads(run_driver(source, jobs))
    return {
        moment: Killed(Path(folder), source, end, old, new)
        for (folder, moment), end in zip(jobs, ends, strict=True)
    }


def run_driver(source: Path, jobs: list[tuple[str, Moment]]) -> str:
    """Return what the driver prints. It has an end only when every process that it started has ended."""
    command = [sys.executable, "-c", DRIVER, str(source), json.dumps(jobs)]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        return driver.communicate(timeout=60)[0]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(driver.pid, signal.SIGKILL)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: " ".join(map(str, moment)))
def test_each_edition_is_whole_and_the_old_or_the_new_one(
    builds: Mapping[Moment, Killed], moment: Moment
) -> None:
    killed = builds[moment]
    names = ["book.epub", "book.pdf"]
    between, done = moment[:3] == (MAIN, "os.rename", "book.pdf"), moment in WHEN_ALL_IS_DONE
    # The work of an errand is done by the main process instead.
    placed = names if done or moment[0] == ERRAND else names[:1] if between else []
    assert killed.editions() == {name: (killed.new if name in placed else killed.old)[name] for name in names}
    said = killed.folder / "said"
    if moment[0] == MAIN:
        assert (killed.end, said.exists()) == (signal.SIGKILL, False)
    elif moment[0] == ERRAND:
        assert (killed.end, said.exists()) == (0, False)
    else:
        assert killed.end == 0
        assert said.read_text() == (
            "The PDF cannot be laid out: one of the processes that lay it out was killed. "
            "The machine may have run out of memory. Close other programs, and build again."
        )


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: " ".join(map(str, moment)))
def test_the_next_build_is_right_and_takes_away_what_was_left(
    builds: Mapping[Moment, Killed], moment: Moment
) -> None:
    killed = builds[moment]
    for path in passing(killed.folder):
        os.utime(path, (0, 0))  # left long ago
    assert build(killed.source, killed.folder) == killed.new
    if moment[0] != ERRAND:  # else the next build has nothing to do, and does nothing
        assert passing(killed.folder) == []


def passing(folder: Path) -> list[Path]:
    """Return the passing files and folders in *folder*."""
    return [path for path in folder.rglob(".*") if path.name.startswith(".")]
