"""The progress line that a terminal shows during a build."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")

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
    """Build a text; return the progress output and the number of forked processes."""
    (folder / "a.md").write_text("---\ntitle: A\nlanguage: en\n---\n\nText.\n")
    read_end, write_end = pty.openpty() if terminal else os.pipe()
    command = [sys.executable, "-c", DRIVER, str(patience), "forks", "build", "a.md", "--no-cache"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=write_end) as process:
        os.close(write_end)
        output = b""
        try:
            while part := os.read(read_end, 4096):
                output += part
        except OSError:  # a pseudo-terminal raises it once no process has the other end open
            pass
    os.close(read_end)
    assert process.returncode == 0
    return output.decode(), int((folder / "forks").read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="builds fork on Linux only")
def test_a_build_on_a_terminal_uses_as_many_workers_as_any_other(tmp_path: Path) -> None:
    output, forks_on_terminal = build(tmp_path, 0, terminal=True)
    assert "Proofing ..." in output
    assert output.endswith("\x1b[2K")  # the line is cleared
    assert "\x1b[?25h" in output  # and the cursor is shown
    output, forks = build(tmp_path, 0, terminal=False)
    assert not output
    assert forks_on_terminal == forks + 1 == 4


def test_a_quick_build_shows_no_progress(tmp_path: Path) -> None:
    assert build(tmp_path, 3600, terminal=True)[0] == ""
