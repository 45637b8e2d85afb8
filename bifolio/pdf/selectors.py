"""Selectors compiled when an element is first held against them: most of a browser's own sheet never is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cssselect2 import compiler

Test = Callable[[Any], Any]


def late(source: str, names: dict[str, Any], own: dict[str, Any]) -> Test:
    """Return the test that *source* says, as `eval` does, but compile it when it is first called."""
    tests: list[Test] = []

    def test(element: Any) -> Any:
        if not tests:
            tests.append(eval(source, names, own))
        return tests[0](element)

    return test


def compile_late() -> None:
    """Let cssselect2 compile selectors late from now on."""
    vars(compiler)["eval"] = late
