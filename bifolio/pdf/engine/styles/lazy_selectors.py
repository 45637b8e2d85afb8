"""Compiles CSS selectors lazily; most user-agent selectors never match."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from cssselect2 import compiler

from bifolio.pdf.engine.patching import Layer, apply_layers


def lazy_selectors() -> AbstractContextManager[None]:
    """Make cssselect2 compile selectors that are parsed in this context at their first use."""
    return apply_layers(_LAYER)


class LazySelector:
    """The matching function of a selector, compiled from its source at the first call."""

    __slots__ = ("_names", "_source", "_test")

    def __init__(
        self, source: str, names: dict[str, Any] | None = None, own: dict[str, Any] | None = None
    ) -> None:
        """Take the arguments of `eval`; *names* are those of cssselect2's module."""
        self._source, self._names = source, vars(compiler) if names is None else names
        self._test: Callable[[Any], Any] | None = None

    def __call__(self, element: Any) -> Any:
        """Return whether *element* matches."""
        if self._test is None:
            self._test = eval(self._source, self._names)
        return self._test(element)

    def __reduce__(self) -> tuple[Any, ...]:
        return LazySelector, (self._source,)


_LAYER = Layer("lazy_selectors", replacements={"cssselect2.compiler.eval": lambda builtin: LazySelector})
