"""Validators that are not installed, fail or hang; the subprocess that runs them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bifolio.checks.validators.ace import run_ace
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.checks.validators.page_validation import run_page_validation
from bifolio.checks.validators.process import run_command, run_python
from bifolio.model.findings import Severity


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_a_validator_that_is_not_installed_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BIFOLIO_ACE", raising=False)
    for findings in (run_epubcheck([tmp_path / "a.epub"]), run_ace(tmp_path / "a.epub")):
        (finding,) = findings
        assert (finding.code, finding.severity) == ("judge-missing", Severity.NOTE)
        assert finding.hint.startswith("Install ")


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (
            "echo 'starting'; echo 'Error: no browser'; echo '    at run (ace.js:1)'; exit 1",
            "Error: no browser",
        ),
        ("echo 'starting'; echo 'giving up'", "giving up"),
        ("exit 3", "it ended with code 3."),
    ],
)
def test_a_validator_without_a_report_is_reported_as_failed(
    script: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "chromium"):
        program(tmp_path / name, "")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("BIFOLIO_ACE", str(program(tmp_path / "ace", script)))
    (finding,) = run_ace(tmp_path / "a.epub")
    assert finding.code == "judge-failed"
    assert finding.message == f"Ace by DAISY did not finish: {text}"
    assert finding.where is not None and finding.where.file == tmp_path / "a.epub"


def test_a_command_that_hangs_is_stopped(tmp_path: Path) -> None:
    sleep = shutil.which("sleep")
    assert sleep is not None
    assert run_command([sleep, "60"], tmp_path, 1) == (1, "it was stopped after 1 seconds.")


def test_a_missing_command_fails(tmp_path: Path) -> None:
    code, last_line = run_command([str(tmp_path / "nothing")], tmp_path, 1)
    assert code == 1
    assert "nothing" in last_line


def test_a_script_returns_its_report_or_its_last_line_of_error(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    assert run_python("report = [sys.argv[1]]\n", file)[0] == [str(file)]
    report, last_line = run_python("raise ValueError('no PDF')\n", file)
    assert report is None
    assert last_line == "ValueError: no PDF"


def test_terminal_colour_codes_are_removed(tmp_path: Path) -> None:
    red = "import sys; print('\\x1b[31mError: red\\x1b[0m'); sys.exit(2)"
    assert run_command([sys.executable, "-c", red], tmp_path, 60) == (2, "Error: red")


def test_output_that_is_not_utf_8_is_quoted_as_far_as_it_is(tmp_path: Path) -> None:
    latin = "import sys; sys.stdout.buffer.write(b'Error: caf\\xe9\\n'); sys.exit(2)"
    assert run_command([sys.executable, "-c", latin], tmp_path, 60) == (2, "Error: caf\ufffd")


def test_a_failure_of_page_validation_is_quoted(tmp_path: Path) -> None:
    (finding,) = run_page_validation(tmp_path / "nothing.pdf")
    assert finding.code == "judge-failed"
    assert finding.message.startswith("page-validation did not finish: ")
    assert "No such file" in finding.message
