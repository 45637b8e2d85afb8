"""Runs Ace by DAISY, the accessibility checker for EPUB files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bifolio.checks.validators.process import failed, missing, one_line, read_report, run_command
from bifolio.model.findings import Finding, Where, found

_NAME = "Ace by DAISY"
_INSTALL = (
    "Install Node.js and Chromium, then: PUPPETEER_SKIP_DOWNLOAD=1 npm install --global"
    " --ignore-scripts @daisy/ace-cli@1.4.6 (or name the program in BIFOLIO_ACE)."
)
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_HOMES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR")


def run_ace(file: Path) -> list[Finding]:
    """Return the accessibility violations that Ace reports for the EPUB *file*, each once.

    Ace is `ace-cli` on the path, or the program that the environment variable BIFOLIO_ACE names.
    """
    program = shutil.which(os.environ.get("BIFOLIO_ACE") or "ace-cli")
    named = os.environ.get("PUPPETEER_EXECUTABLE_PATH")
    chromium = named or next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if not program or not chromium or not shutil.which("node"):
        return missing(_NAME, _INSTALL)
    with tempfile.TemporaryDirectory(prefix="bifolio-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Ace writes logs and settings to the home directory, and waits only 5 seconds for Chromium.
        # It runs Chromium without a sandbox by default, and so works as root too.
        environment = {"PUPPETEER_EXECUTABLE_PATH": chromium, "ACE_TIMEOUT_INITIAL": "60000"}
        environment |= dict.fromkeys(_HOMES, name)
        options = ["-f", "-l", "en", "-o", str(folder / "out"), str(file.resolve())]
        _, last_line = run_command([str(Path(program).absolute()), *options], folder, 600, **environment)
        report = read_report(str(folder / "out" / "report.json"))
    if report is None:
        return failed(_NAME, file, last_line)
    return list(dict.fromkeys(_findings(file, report)))


def _findings(file: Path, report: Any) -> Iterator[Finding]:
    """Yield a finding for each failed assertion in the *report* on *file*."""
    for document in report["assertions"]:
        inner = document["earl:testSubject"]["url"].lstrip("/")
        for assertion in document["assertions"]:
            result, test = assertion["earl:result"], assertion["earl:test"]
            if result["earl:outcome"] != "fail":
                continue
            location = " ".join([inner, *result.get("earl:pointer", {}).get("css", [])])
            text = f"{one_line(location)}: {one_line(result['dct:description'], '; ')}"
            fields = {"rule": test["dct:title"], "impact": test["earl:impact"], "text": text}
            yield found("ace-violation", Where(file), **fields)
