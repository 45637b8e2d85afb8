"""Applies layers of hooks to WeasyPrint: checks the table of patches, then chains the hooks of each name.

A hook takes the next function of its chain and the arguments of the call: `hook(following, *call) -> result`.
The last function of a chain is WeasyPrint's own. Chains are in the order of `patches.LAYERS`, whatever the
order of the layers given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bifolio.pdf.engine.patches import LAYERS, PATCHES, Patch
from bifolio.runtime.build_lock import build_lock
from bifolio.runtime.monkeypatch import Change, patched

Hook = Callable[..., Any]
"""Takes the next function of the chain and the arguments of the call; returns the result of the call."""
Replacement = Callable[[Any], Any]
"""Takes the next function of the chain; returns the function, class or property that replaces it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The hooks of one feature, by `Patch.key` of the name that they patch."""

    name: str
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    replacements: Mapping[str, Replacement] = field(default_factory=dict)
    """For functions that are called too often for a further call, and for classes and properties."""


@contextmanager
def apply_layers(*layers: Layer) -> Iterator[None]:
    """Apply *layers* to WeasyPrint while the context is active; no other thread can lay out with them.

    Raises EngineMismatch where WeasyPrint, or a library that it uses, is not the one of the table.
    """
    verify()
    ordered = sorted(layers, key=lambda layer: LAYERS.index(layer.name))
    with build_lock(), patched(*(change for patch in PATCHES for change in _changes(patch, ordered))):
        yield


@lru_cache(maxsize=1)
def verify() -> None:
    """Check that each name of the table exists and takes the parameters that it took.

    Raises EngineMismatch for the first that does not.
    """
    for patch in PATCHES:
        patch.verify()


def _changes(patch: Patch, layers: list[Layer]) -> Iterator[Change]:
    """Yield the replacements that *layers* make for *patch*."""
    using = [layer for layer in layers if patch.key in layer.hooks or patch.key in layer.replacements]
    if not using:
        return
    original = patch.original()
    replaced = original
    if patch.result and any(patch.key in layer.hooks for layer in using):
        replaced = _with_checked_result(patch, original)
    for layer in using:
        if patch.key in layer.replacements:
            replaced = layer.replacements[patch.key](replaced)
        else:
            replaced = _bind(layer.hooks[patch.key], replaced)
    if not patch.everywhere:
        yield patch.holder(), patch.name, replaced
        return
    for path, module in list(sys.modules.items()):
        if path.startswith("weasyprint.") and vars(module).get(patch.name) is original:
            yield module, patch.name, replaced


def _bind(hook: Hook, following: Any) -> Callable[..., Any]:
    """Return *hook* bound to the *following* function of its chain, as a function, which can be a method."""

    def call(*arguments: Any, **named: Any) -> Any:
        return hook(following, *arguments, **named)

    return call


def _with_checked_result(patch: Patch, original: Any) -> Callable[..., Any]:
    """Return *original* with a check that its result has the length that hooks expect."""

    def call(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        if len(result) != patch.result:
            raise patch.mismatch(f"`{patch.key}` returns {len(result)} values, not {patch.result}")
        return result

    return call
