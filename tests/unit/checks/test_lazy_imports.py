"""Comparing two editions does not import the parsers of a source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCE_PARSERS = ["lxml.html", "markdown_it", "mdit_py_plugins", "yaml"]
CODE = """
import sys
from pathlib import Path
import bifolio.checks.compare, bifolio.checks.file_readers.page_text_cache

parsers = sys.argv[2].split()
print(*[name for name in parsers if name in sys.modules])
bifolio.checks.compare.compare_files([Path(sys.argv[1])])
print(*[name for name in parsers if name in sys.modules])
"""


def test_source_parsers_are_imported_only_when_a_source_is_read(tmp_path: Path) -> None:
    source = tmp_path / "text.md"
    source.write_text("Text.\n", "utf-8")
    command = [sys.executable, "-c", CODE, str(source), " ".join(SOURCE_PARSERS)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == ["", " ".join(SOURCE_PARSERS)]
