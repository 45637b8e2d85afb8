"""The same input gives the same bytes, wherever and whenever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def build(folder: Path, **environment: str) -> dict[str, bytes]:
    shutil.copytree(ROOT / "source", folder / "source")
    shutil.copytree(ROOT / "styles", folder / "styles")
    subprocess.run(
        [sys.executable, "-m", "bifolio", "build"],
        cwd=folder, env={**os.environ, **environment}, check=True, capture_output=True,
    )  # fmt: skip
    return {path.name: path.read_bytes() for path in (folder / "build").iterdir()}


def test_two_builds_are_identical(tmp_path: Path) -> None:
    one = build(tmp_path / "one", TZ="Pacific/Kiritimati", PYTHONHASHSEED="1")
    two = build(tmp_path / "a longer name", TZ="America/Adak", PYTHONHASHSEED="2")
    assert one.keys() == {"article.epub", "article.pdf"}
    assert one == two


def test_the_date_can_be_given_from_outside(tmp_path: Path) -> None:
    import zipfile

    build(tmp_path / "one", SOURCE_DATE_EPOCH="1700000000")
    package = zipfile.ZipFile(tmp_path / "one/build/article.epub").read("EPUB/content.opf")
    assert b"2023-11-14T22:13:20Z" in package
