"""What a terminal shows while a build goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

DRIVER = """
import os, sys
from pathlib import Path
from bifolio.cli import main, progress

os.environ["BIFOLIO_CORES"] = "2"
patience, forks = sys.argv.pop(1), Path(sys.argv.pop(1))
progress._PATIENCE = float(patience)
here, seen = os.getpid(), []

def note(name, arguments):
    if name == "os.fork" and os.getpid() == here:
        seen.append(name)

sys.addaudithook(note)
try:
    main()
finally:
    forks.write_text(str(len(seen)))
"""


def build(folder: Path, patience: float, *, terminal: bool) -> tuple[str, int]:
    """Build a text; return what is said meanwhile, and how many processes did a part of the work."""
    (folder / "a.md").write_text("---\ntitle: A\nlanguage: en\n---\n\nText.\n")
    ours, theirs = pty.openpty() if terminal else os.pipe()
    command = [sys.executable, "-c", DRIVER, str(patience), "forks", "build", "a.md", "--no-cache"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 4096):
                said += part
        except OSError:  # how a pseudo-terminal says that nobody writes to it any more
            pass
    os.close(ours)
    assert process.returncode == 0
    return said.decode(), int((folder / "forks").read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")
def test_a_build_on_a_terminal_shares_its_work_as_any_other(tmp_path: Path) -> None:
    said, beside = build(tmp_path, 0, terminal=True)
    assert "Proofing ..." in said
    assert said.endswith("\x1b[2K")  # the line is free again
    assert "\x1b[?25h" in said  # and so is the cursor
    said, shared = build(tmp_path, 0, terminal=False)
    assert not said
    assert beside == shared + 1 == 4


def test_a_quick_build_says_nothing_of_what_goes_on(tmp_path: Path) -> None:
    assert build(tmp_path, 3600, terminal=True)[0] == ""
