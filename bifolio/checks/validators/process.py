"""Runs a validator in a subprocess and reads the JSON report that it leaves in a temporary folder.

A validator that hangs or crashes leaves no report, and does no other harm.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from typing import Any

from bifolio.model.findings import Finding, Where, found

PYTHON_INSTALL = "Install it with: pip install 'bifolio[judges]'."
"""How to install a validator that is a Python package."""
_PREPARE = "import json, sys\n"
_SAVE = 'open(sys.argv[2], "w", encoding="utf-8").write(json.dumps(report))'


def missing(validator: str, install: str) -> list[Finding]:
    """Return the finding that *validator* is not installed; *install* says how to get it."""
    return [found("judge-missing", None, validator=validator, install=install)]


def failed(validator: str, file: Path, last_line: str) -> list[Finding]:
    """Return the finding that *validator* left no report on *file*, with the *last_line* of its output."""
    return [found("judge-failed", Where(file), validator=validator, text=last_line)]


def run_python(script: str, file: Path) -> tuple[Any, str]:
    """Run the Python *script*, which sets `report`, on *file*; return that report and the last output line.

    The report is None if the script did not finish.
    """
    with tempfile.TemporaryDirectory(prefix="bifolio-") as name:
        report = str(Path(name, "report.json"))
        command = [sys.executable, "-c", _PREPARE + script + _SAVE, str(file.resolve()), report]
        _, last_line = run_command(command, Path(name), 300)
        return read_report(report), last_line


def run_command(command: Sequence[str], folder: Path, seconds: int, **environment: str) -> tuple[int, str]:
    """Run *command* in *folder* with additional *environment* variables.

    Return its exit code, and the last line of its output that reads like an error, or else the last line. The
    command is stopped after so many *seconds*.
    """
    log = folder / "output.txt"
    try:
        with log.open("wb") as out, Popen(
            command, cwd=folder, env=os.environ | environment, stdin=DEVNULL, stdout=out, stderr=STDOUT,
            process_group=0,
        ) as process:  # fmt: skip
            try:
                code = process.wait(seconds)
            finally:
                _stop(process)
    except TimeoutExpired:
        return 1, f"it was stopped after {seconds} seconds."
    except OSError as error:
        return 1, str(error)
    text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8", errors="replace"))
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    # The lines after an error are a stack trace or advice.
    errors = [line for line in lines if re.search(r"error\b\W*\w", line, re.I) and line[:3] != "at "]
    return code, (errors or lines or [f"it ended with code {code}."])[-1]


def _stop(process: Popen[bytes]) -> None:
    """End *process* if it still runs: by SIGTERM first, so that Ace ends its Chromium."""
    for force in (False, True):
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
            else:
                process.kill()
            with suppress(TimeoutExpired):
                process.wait(10)


def read_report(path: str) -> Any:
    """Return the JSON in the file at *path*; None if the file is missing or incomplete."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def one_line(text: str, separator: str = " ") -> str:
    """Return *text* with its lines joined by *separator*."""
    return separator.join(" ".join(line.split()) for line in text.splitlines() if line.strip())
