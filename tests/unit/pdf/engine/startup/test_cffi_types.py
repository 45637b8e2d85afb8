"""The generated cffi declarations are those of WeasyPrint; if they differ, WeasyPrint's own are parsed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.pdf.engine.startup.generate_cffi import _FILE, declarations


def run(code: str, *arguments: str) -> list[str]:
    """Run *code* in a separate process; return the words that it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_the_generated_file_is_up_to_date() -> None:
    assert _FILE.read_text("ascii") == declarations(), (
        "Run `python -m bifolio.pdf.engine.startup.generate_cffi`."
    )


BUILD_PDF = """
import sys
from pathlib import Path
{before}
from bifolio import bind_pdf, read
pdf = bind_pdf(read(Path(sys.argv[1])), None, "a6")
Path(sys.argv[2]).write_bytes(pdf.data)
print(pdf.pages, "pycparser" in sys.modules, "cffi" in sys.modules)
"""
WEASYPRINT_FIRST = "import weasyprint"
OTHER_DIGEST = """
from bifolio.pdf.engine.startup import cffi_declarations
for name in [name for name in sys.modules if name.split(".")[0] in ("weasyprint", "bifolio")]:
    if name not in ("bifolio.pdf.engine.startup.cffi_declarations", "bifolio.pdf.engine.startup.cffi_types"):
        del sys.modules[name]
cffi_declarations.DIGEST = "another"
"""


TEXT = "---\nlanguage: en\ndate: 2026-01-02\n---\n\n# One\n\nWords.[^n]\n\n[^n]: A note.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="declarations are generated for Linux only")
def test_a_pdf_is_the_same_with_generated_and_with_parsed_declarations(tmp_path: Path) -> None:
    source, generated, parsed = (tmp_path / name for name in ("text.md", "generated.pdf", "parsed.pdf"))
    source.write_text(TEXT, "utf-8")
    assert run(BUILD_PDF.format(before=""), str(source), str(generated)) == ["1", "False", "False"]
    for before in (OTHER_DIGEST, WEASYPRINT_FIRST):
        assert run(BUILD_PDF.format(before=before), str(source), str(parsed)) == ["1", "True", "True"]
        assert generated.read_bytes() == parsed.read_bytes()
