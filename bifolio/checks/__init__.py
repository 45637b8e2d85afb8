"""Finished files to findings. This room knows no Publication and nothing of how an edition is made.

What judges and what measures are imported when they are first used: to compare two editions takes neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bifolio.checks.counts.measure import measure
    from bifolio.checks.run import proof_files

__all__ = ["measure", "proof_files"]

_MODULES = {"measure": "counts.measure", "proof_files": "run"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"bifolio.checks.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'bifolio.checks' has no attribute {name!r}")
