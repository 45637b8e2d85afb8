"""CommonMark 0.31.2: what each example of the specification becomes."""

from __future__ import annotations

import pytest

from tests.conftest import NODE_MODULES, ROOT, need
from tests.specs.examples import Example, as_read, as_wanted, choices, examples

SPECIFICATION = NODE_MODULES / "commonmark-spec" / "spec.txt"
EXAMPLES = examples(SPECIFICATION.read_text("utf-8")) if SPECIFICATION.exists() else []
CHOICES = choices((ROOT / "docs" / "commonmark.md").read_text("utf-8"), "CommonMark 0.31.2")


def name(example: Example) -> str:
    return f"{example.number} {example.section}"


def test_the_specification_is_here_and_whole() -> None:
    need(EXAMPLES, "The CommonMark specification")
    assert len(EXAMPLES) == 652


def test_few_examples_are_read_otherwise() -> None:
    # Bare addresses are links by GFM, whose examples are kept too: that is no choice of ours.
    assert 0 < len(CHOICES - {608, 611, 612}) <= 0.02 * 652


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example(example: Example) -> None:
    same = as_read(example.markdown) == as_wanted(example.html)
    assert same is (example.number not in CHOICES), as_read(example.markdown)
