"""GitHub Flavored Markdown 0.29: what each example of the specification becomes."""

from __future__ import annotations

import tarfile

import pytest

from tests.conftest import ROOT, need
from tests.specs import test_commonmark
from tests.specs.examples import Example, as_read, as_wanted, choices, examples
from tests.specs.test_commonmark import name

PACKAGE = ROOT / "tests" / "specs" / "packages" / "marko-2.2.4.tar.gz"
CHOICES = choices((ROOT / "docs" / "commonmark.md").read_text("utf-8"), "GitHub Flavored Markdown 0.29")
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
"""GFM 0.29 stands on CommonMark 0.29; where the two speak of the same text, the newer one has the word."""


def test_the_specification_is_here_and_whole() -> None:
    need(EXAMPLES, "The GFM specification")
    assert len(EXAMPLES) == 672
    kinds = [example.kind for example in EXAMPLES]
    assert {kind: kinds.count(kind) for kind in set(kinds) - {""}} == EXTENSIONS


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example(example: Example) -> None:
    html = NEWER.get(example.markdown, example.html)
    same = as_read(example.markdown) == as_wanted(html)
    assert same is (example.number not in CHOICES), as_read(example.markdown)
