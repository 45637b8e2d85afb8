"""Temporarily patches functions of other libraries.

They are no public interface. Each is looked up when the context begins, so that a version without it is found
at once, and by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Change = tuple[Any, str, Any]
"""A module or a class, a name in it, and the value to bind the name to."""
_ABSENT = object()
_originals: list[Change] = []
"""What is patched now, each name with its own value, in the order of the patches."""


@contextmanager
def patched(*changes: Change) -> Iterator[None]:
    """Make *changes* while the context is active. Raises KeyError for a name that is not there."""
    originals = [(holder, name, _original(holder, name)) for holder, name, _ in changes]
    depth = len(_originals)
    _originals.extend(originals)
    for holder, name, value in changes:
        setattr(holder, name, value)
    try:
        yield
    finally:
        _restore(depth)


def undo_patches() -> None:
    """Undo all patches: in a process that was forked while another thread had made them."""
    _restore(0)


def _restore(depth: int) -> None:
    """Undo the patches beyond the first *depth*, the last one first."""
    while len(_originals) > depth:
        holder, name, value = _originals.pop()
        if value is _ABSENT:
            delattr(holder, name)
        else:
            setattr(holder, name, value)


def _original(holder: Any, name: str) -> Any:
    """Return the value of *name*; `_ABSENT` for a builtin, which a module does not hold itself."""
    names = vars(holder)
    return _ABSENT if name not in names and name in names.get("__builtins__", ()) else names[name]
