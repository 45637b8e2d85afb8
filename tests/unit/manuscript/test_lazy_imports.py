"""Modules that reading a text and binding an EPUB import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RARELY_NEEDED = (
    "babel",
    "bibtexparser",
    "citeproc",
    "lxml.html",
    "multiprocessing",
    "ssl",
    "tomllib",
    "yaml",
)
"""Needed for dates, front matter, citations, template tags, remote images and other processes."""

BIND = f"""
import sys
from pathlib import Path
from bifolio import bind_epub, read
bind_epub(read(Path(sys.argv[1])))
print([name for name in {RARELY_NEEDED} if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("text", "needed"),
    [("# A title\n\nWords.\n", []), ("---\ntitle: T\ndate: 2026-03-01\n---\n\nWords.\n", ["babel", "yaml"])],
)
def test_a_text_imports_only_what_it_needs(tmp_path: Path, text: str, needed: list[str]) -> None:
    (tmp_path / "text.md").write_text(text)
    output = subprocess.run(
        [sys.executable, "-c", BIND, tmp_path / "text.md"], capture_output=True, text=True, check=True
    ).stdout
    assert output == f"{needed}\n"


def test_importing_the_epub_package_imports_no_parser() -> None:
    code = "import sys, bifolio.epub; print('bifolio.manuscript' in sys.modules, 'markdown' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "False False\n"
