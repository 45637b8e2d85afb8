"""CommonMark 0.31.2: every example gives the expected tree, but for listed deviations."""

from __future__ import annotations

import pytest

from tests.conftest import NODE_MODULES, ROOT, need
from tests.specs.examples import Example, examples, expected_tree, listed_deviations, parsed_tree

SPECIFICATION = NODE_MODULES / "commonmark-spec" / "spec.txt"
EXAMPLES = examples(SPECIFICATION.read_text("utf-8")) if SPECIFICATION.exists() else []
DEVIATIONS = listed_deviations((ROOT / "docs" / "commonmark.md").read_text("utf-8"), "CommonMark 0.31.2")


def name(example: Example) -> str:
    return f"{example.number} {example.section}"


def test_the_specification_is_complete() -> None:
    need(EXAMPLES, "The CommonMark specification")
    assert len(EXAMPLES) == 652


def test_few_examples_deviate() -> None:
    # Bare URLs are links in GFM, which the dialect follows too, so these three do not count.
    assert 0 < len(DEVIATIONS - {608, 611, 612}) <= 0.02 * 652


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example(example: Example) -> None:
    same = parsed_tree(example.markdown) == expected_tree(example.html)
    assert same is (example.number not in DEVIATIONS), parsed_tree(example.markdown)
