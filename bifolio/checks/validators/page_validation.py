"""Runs page-validation, a validator for PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from bifolio.checks.validators.process import PYTHON_INSTALL, failed, missing, one_line, run_python
from bifolio.model.findings import Finding, Where, found

_NAME = "page-validation"
_CODES = ("pdf-ua", "pdf-a")
"""The finding for each profile of `_SCRIPT`."""
# Each heading refers to the next one, so a book with 300 headings exceeds the default limit of 256.
_SCRIPT = """
import page
limits = page.SafetyLimits(max_reference_depth=1_000_000)
reports = [page.validate_pdf(sys.argv[1], profile=name, limits=limits) for name in ("ua1", "2a")]
report = [json.loads(report.to_json())["failures"] for report in reports]
"""


def run_page_validation(file: Path) -> list[Finding]:
    """Return the rules of PDF/UA-1 and PDF/A-2a that the PDF *file* breaks, each once."""
    if find_spec("page") is None:
        return missing(_NAME, PYTHON_INSTALL)
    report, last_line = run_python(_SCRIPT, file)
    if report is None:
        return failed(_NAME, file, last_line)
    findings = []
    for code, failures in zip(_CODES, report, strict=True):
        for failure in failures:
            rule, number = failure["rule_id"], failure["object_id"]
            # PDF/A-1 forbids compressed metadata, PDF/A-2 does not; the validator reports it for both.
            if code == "pdf-a" and "METADATA-FILTER" in rule:
                continue
            location = f" (object {number['object_number']})" if number else ""
            text = one_line(failure["message"]) + location
            findings.append(found(code, Where(file), rule=rule, text=text))
    return findings
