"""`bifolio build --for`: the edition for a destination."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import bifolio

Write = Callable[..., Path]
GOOD = "---\ntitle: T\nlanguage: en\n---\nText.\n"


def test_an_unknown_destination_is_a_usage_error_that_lists_the_known_ones(
    write: Write, tmp_path: Path
) -> None:
    run = bifolio("build", write(GOOD), "--for", "moon", cwd=tmp_path)
    assert run.returncode == 2
    assert "'kdp', 'ingram', 'lulu'" in run.stderr
    assert not (tmp_path / "build").exists()


def test_the_spine_option_takes_a_length(write: Write, tmp_path: Path) -> None:
    run = bifolio("build", write(GOOD), "--for", "kdp", "--spine", "wide", cwd=tmp_path)
    assert run.returncode == 2
    assert "`wide` is not a width. Use one such as 0.62in or 15.8mm." in run.stderr


@pytest.mark.parametrize("option", ["--only=pdf", "--onix", "--cover"])
def test_options_of_the_default_editions_cannot_be_combined_with_for(
    option: str, write: Write, tmp_path: Path
) -> None:
    run = bifolio("build", write(GOOD), "--for", "kdp", option, cwd=tmp_path)
    assert run.returncode == 2
    assert f"`{option.partition('=')[0]}` cannot be combined with `--for`." in run.stderr
