"""Builds in the worker processes and threads of a host program: the same editions as by a plain call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, os, sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import bifolio
from bifolio.pdf import workers

os.environ["BIFOLIO_CORES"] = "2"
workers._SMALL_JOB = dict.fromkeys(workers._SMALL_JOB, 0)

def build(name):
    made = bifolio.make(Path(f"{name}.md"), Path(sys.argv[1], name), cache=False)
    return [str(finding) for finding in made.findings]

names = [path.stem for path in sorted(Path().glob("*.md"))]
if sys.argv[1] == "pool":
    with get_context("fork").Pool(2) as pool:
        findings = pool.map(build, names)
elif sys.argv[1] == "executor":
    with ProcessPoolExecutor(2, get_context("fork")) as executor:
        findings = list(executor.map(build, names))
elif sys.argv[1] == "threads":
    with ThreadPoolExecutor(8) as executor:
        findings = list(executor.map(build, names))
else:
    findings = [build(name) for name in names]
print(json.dumps(findings))
"""


NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def article(title: str) -> str:
    return (
        f"---\ntitle: {title}\nlanguage: en\nkind: book\n---\n\n"
        f"# {title} one\n\nText.[^a]\n\n[^a]: A note.\n\n"
        f"# {title} two\n\nMore text.\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / f"{name}.md").write_text(article(name), "utf-8")
    return tmp_path


def run(folder: Path, how: str) -> tuple[list[list[str]], dict[str, bytes]]:
    """Build both articles in *folder*; return their findings and the files."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    files = {path.relative_to(folder / how).as_posix(): path for path in (folder / how).rglob("*.*")}
    return json.loads(done.stdout), {name: path.read_bytes() for name, path in files.items()}


@pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")
@pytest.mark.parametrize("how", ["pool", "executor", "threads"])
def test_workers_make_the_same_editions(folder: Path, how: str) -> None:
    findings, files = run(folder, "plain")
    assert len(files) == 2 * len(NAMES)
    again, same = run(folder, how)
    assert again == [[line.replace("plain/", f"{how}/") for line in each] for each in findings]
    assert same == files
