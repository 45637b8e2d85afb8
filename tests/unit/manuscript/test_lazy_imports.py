"""What reading a text and binding an EPUB import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SELDOM = ("babel", "bibtexparser", "citeproc", "lxml.html", "multiprocessing", "ssl", "tomllib", "yaml")
"""What dates, front matter, citations, other programs' templates, the web and other processes need."""

BIND = f"""
import sys
from pathlib import Path
from bifolio import bind_epub, read
bind_epub(read(Path(sys.argv[1])))
print([name for name in {SELDOM} if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("text", "needed"),
    [("# A title\n\nWords.\n", []), ("---\ntitle: T\ndate: 2026-03-01\n---\n\nWords.\n", ["babel", "yaml"])],
)
def test_a_text_imports_what_it_needs(tmp_path: Path, text: str, needed: list[str]) -> None:
    (tmp_path / "text.md").write_text(text)
    told = subprocess.run(
        [sys.executable, "-c", BIND, tmp_path / "text.md"], capture_output=True, text=True, check=True
    ).stdout
    assert told == f"{needed}\n"


def test_an_edition_is_bound_without_what_reads_a_source() -> None:
    code = "import sys, bifolio.epub; print('bifolio.manuscript' in sys.modules, 'markdown' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "False False\n"
