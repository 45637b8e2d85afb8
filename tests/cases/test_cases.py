"""The dialect: each `*.md` here has cases, each with a title, an input and the expected tree."""

from __future__ import annotations

import re
from collections.abc import Set
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bifolio.manuscript.markdown import dialect
from bifolio.manuscript.markdown.parse import parse_markdown
from bifolio.manuscript.transforms.smart_punctuation.replace import remove_escapes
from bifolio.model.publication import LINE

HERE = Path(__file__).parent
WORKS: dict[str, Set[str]] = {"citations": {"doe", "roe", "https://a.b/c"}}
"""The works that the cases of a construct cite."""
CASE = re.compile(r"^(?P<title>[^\n]+)\n\.\n(?P<input>.*?)\n\.\n(?P<expected>.*?)\n\.$", re.M | re.S)


def cases() -> list[object]:
    return [
        pytest.param(
            match["input"], match["expected"], WORKS.get(path.stem), id=f"{path.stem}: {match['title']}"
        )
        for path in sorted(HERE.glob("*.md"))
        for match in CASE.finditer(path.read_text("utf-8"))
    ]


def tree_as_text(text: str, works: Set[str] | None) -> str:
    root, _ = parse_markdown(text, 1, (), works)
    remove_escapes(root)
    for element in root.iter():
        element.attrib.pop(LINE, None)
        for name in [name for name in element.attrib if name.startswith("{bifolio}")]:
            element.set(name.removeprefix("{bifolio}"), element.attrib.pop(name))
        element.tag = element.tag.replace("{bifolio}", "") if isinstance(element.tag, str) else element.tag
    return "".join([root.text or "", *(ElementTree.tostring(e, "unicode") for e in root)])


@pytest.mark.parametrize(("text", "expected", "works"), cases())
def test_case(text: str, expected: str, works: Set[str] | None) -> None:
    assert tree_as_text(text, works) == expected


def test_every_construct_has_cases() -> None:
    modules = {path.stem for path in Path(dialect.__file__).parent.glob("*.py")}
    constructs = {name for name in modules if hasattr(getattr(dialect, name, None), "CONSTRUCT")}
    assert len(constructs) == len(dialect.CONSTRUCTS)
    assert constructs <= {path.stem for path in HERE.glob("*.md")}
