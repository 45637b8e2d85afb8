"""The names that the code had before it was divided: none survives, and no page of the docs uses one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.docs.modules import ROOT

_LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("former_names.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
MODULES = {line[0]: line[1] for line in _LINES if len(line) == 2}
NAMES = [line[0] for line in _LINES if len(line) == 1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def module_file(module: str) -> Path:
    return ROOT / "bifolio" / f"{module.replace('.', '/')}.py"


@pytest.mark.parametrize("former", MODULES)
def test_a_former_module_is_gone_and_its_place_is_there(former: str) -> None:
    place = MODULES[former]
    assert not module_file(former).exists()
    assert place == "(dropped)" or module_file(place).exists() or module_file(f"{place}.__init__").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_former_module(page: Path) -> None:
    paths = re.findall(r"bifolio/([a-z_/]+)\.py", page.read_text("utf-8"))
    assert [path for path in paths if path.replace("/", ".") in MODULES] == []


def test_no_former_function_or_class_is_defined() -> None:
    defined = {
        node.name
        for path in (ROOT / "bifolio").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert len(NAMES) > 70
    assert sorted(defined & {*NAMES}) == []
