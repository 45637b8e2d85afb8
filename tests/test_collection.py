"""pytest collects every test file; by default it skips folders named `build`."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

LIST_FILES = """
import pytest

class ListedModule(pytest.Module):
    def collect(self):
        print("collected", self.path)
        return []

class Plugin:
    def pytest_pycollect_makemodule(self, module_path, parent):
        return ListedModule.from_parent(parent, path=module_path)

pytest.main(["--collect-only", "-s"], plugins=[Plugin()])
"""


def test_every_test_file_is_collected() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIST_FILES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    collected = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("collected /")]
    on_disk = [str(path) for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts]
    assert sorted(collected) == sorted(on_disk)
