"""GitHub Flavored Markdown 0.29: every example gives the expected tree, but for listed deviations."""

from __future__ import annotations

import tarfile

import pytest

from tests.conftest import ROOT, need
from tests.specs import test_commonmark
from tests.specs.examples import Example, examples, expected_tree, listed_deviations, parsed_tree
from tests.specs.test_commonmark import name

PACKAGE = ROOT / "tests" / "specs" / "packages" / "marko-2.2.4.tar.gz"
DEVIATIONS = listed_deviations(
    (ROOT / "docs" / "commonmark.md").read_text("utf-8"), "GitHub Flavored Markdown 0.29"
)
EXTENSIONS = {"table": 8, "strikethrough": 2, "autolink": 11, "tagfilter": 1, "disabled": 2}


def specification() -> list[Example]:
    if not PACKAGE.exists():
        return []
    with tarfile.open(PACKAGE) as package:
        file = package.extractfile("marko-2.2.4/tests/spec/gfm.txt")
        assert file is not None
        return examples(file.read().decode())


EXAMPLES = specification()
NEWER = {example.markdown: example.html for example in test_commonmark.EXAMPLES}
"""GFM 0.29 extends CommonMark 0.29; an example that CommonMark 0.31.2 also has is tested by its HTML."""


def test_the_specification_is_complete() -> None:
    need(EXAMPLES, "The GFM specification")
    assert len(EXAMPLES) == 672
    kinds = [example.kind for example in EXAMPLES]
    assert {kind: kinds.count(kind) for kind in set(kinds) - {""}} == EXTENSIONS


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example(example: Example) -> None:
    html = NEWER.get(example.markdown, example.html)
    same = parsed_tree(example.markdown) == expected_tree(html)
    assert same is (example.number not in DEVIATIONS), parsed_tree(example.markdown)
