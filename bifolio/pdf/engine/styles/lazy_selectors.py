"""Selectors compiled when an element is first held against them: most of a browser's own sheet never is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cssselect2 import compiler


class LazySelector:
    """The test that the source of a selector says, compiled when it is first called."""

    __slots__ = ("_names", "_source", "_test")

    def __init__(
        self, source: str, names: dict[str, Any] | None = None, own: dict[str, Any] | None = None
    ) -> None:
        """Take what `eval` takes; what *names* cssselect2 gives stand in its module, too."""
        self._source, self._names = source, vars(compiler) if names is None else names
        self._test: Callable[[Any], Any] | None = None

    def __call__(self, element: Any) -> Any:
        """Return whether *element* is meant."""
        if self._test is None:
            self._test = eval(self._source, self._names)
        return self._test(element)

    def __reduce__(self) -> tuple[Any, ...]:
        return LazySelector, (self._source,)


def compile_lazily() -> None:
    """Let cssselect2 compile selectors late from now on."""
    vars(compiler)["eval"] = LazySelector
