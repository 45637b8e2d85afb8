"""Serialises builds: one at a time in a process, since a build patches other libraries.

The lock is re-entrant. A process that is forked while another thread builds gets a new lock, and libraries
without patches.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, get_ident

from bifolio.runtime.monkeypatch import undo_patches

_lock = RLock()
_owner: int | None = None
"""The thread that holds the lock."""


@contextmanager
def build_lock() -> Iterator[None]:
    """Wait until no other thread builds, and hold the lock while the context is active."""
    global _owner
    with _lock:
        outer, _owner = _owner, get_ident()
        try:
            yield
        finally:
            _owner = outer


def _renew() -> None:
    """In a forked process: undo what a thread was doing that does not exist there."""
    global _lock, _owner
    if _owner not in (None, get_ident()):
        undo_patches()
    if _owner != get_ident():
        _lock, _owner = RLock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
