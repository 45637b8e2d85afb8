"""Runs the syntax check of qpdf on a PDF, through pikepdf."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from bifolio.checks.validators.process import failed, missing, one_line, run_python
from bifolio.model.findings import Finding, Where, found

_NAME = "pikepdf"
# Damage that qpdf repaired while opening is among the warnings, not in the result of the check.
_SCRIPT = """
import pikepdf
try:
    with pikepdf.open(sys.argv[1]) as pdf:
        check = getattr(pdf, "check_pdf_syntax", None) or pdf.check
        report = [*map(str, pdf.get_warnings()), *map(str, check())]
except (pikepdf.PdfError, pikepdf.PasswordError) as error:
    report = [str(error)]
"""


def run_qpdf(file: Path) -> list[Finding]:
    """Return the damage that qpdf finds in the structure of the PDF *file*, each once."""
    if find_spec("pikepdf") is None:
        return missing(_NAME, "Install it with: pip install pikepdf.")
    report, last_line = run_python(_SCRIPT, file)
    if report is None:
        return failed(_NAME, file, last_line)
    texts = [text.removeprefix("WARNING: ").replace(str(file.resolve()), "") for text in report]
    distinct = dict.fromkeys(one_line(text.lstrip(": ")) for text in texts)
    return [found("pdf-damaged", Where(file), text=text) for text in distinct]
