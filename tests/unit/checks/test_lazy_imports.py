"""What comparing two finished editions imports."""

from __future__ import annotations

import subprocess
import sys

READS_SOURCES = ("markdown_it", "mdit_py_plugins", "yaml", "lxml.html")


def test_what_reads_a_source_is_not_imported_to_compare_editions() -> None:
    code = (
        "import sys, bifolio.checks.compare, bifolio.checks.readers.page_text_cache\n"
        f"print([name for name in {READS_SOURCES} if name in sys.modules])\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "[]\n"
