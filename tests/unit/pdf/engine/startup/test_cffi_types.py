"""The types of C that are written down are those that WeasyPrint declares; others are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.pdf.engine.startup.generate_cffi import _FILE, declarations


def run(code: str, *arguments: str) -> list[str]:
    """Run *code* in a process of its own; return what it prints, in words."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_what_is_written_down_is_what_is_declared() -> None:
    assert _FILE.read_text("ascii") == declarations(), (
        "Run `python -m bifolio.pdf.engine.startup.generate_cffi`."
    )


DRAWN = """
import sys
from pathlib import Path
{before}
from bifolio import bind_pdf, read
pdf = bind_pdf(read(Path(sys.argv[1])), None, "a6")
Path(sys.argv[2]).write_bytes(pdf.data)
print(pdf.pages, "pycparser" in sys.modules, "cffi" in sys.modules)
"""
BEFORE = "import weasyprint"
OTHER = """
from bifolio.pdf.engine.startup import cffi_declarations
for name in [name for name in sys.modules if name.split(".")[0] in ("weasyprint", "bifolio")]:
    if name not in ("bifolio.pdf.engine.startup.cffi_declarations", "bifolio.pdf.engine.startup.cffi_types"):
        del sys.modules[name]
cffi_declarations.DIGEST = "of another"
"""


TEXT = "---\nlanguage: en\ndate: 2026-01-02\n---\n\n# One\n\nWords.[^n]\n\n[^n]: A note.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="they are known on Linux alone")
def test_a_page_is_the_same_with_types_that_are_known_and_types_that_are_read(tmp_path: Path) -> None:
    source, known, other = tmp_path / "text.md", tmp_path / "known.pdf", tmp_path / "read.pdf"
    source.write_text(TEXT, "utf-8")
    assert run(DRAWN.format(before=""), str(source), str(known)) == ["1", "False", "False"]
    for before in (OTHER, BEFORE):
        assert run(DRAWN.format(before=before), str(source), str(other)) == ["1", "True", "True"]
        assert known.read_bytes() == other.read_bytes()
