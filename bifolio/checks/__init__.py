"""Checks finished editions: compares them with each other and with the source, and runs validators.

In: paths of EPUB, PDF and Markdown files. Out: findings, and a table of what each file holds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bifolio.checks.counts.count_table import count_files
    from bifolio.checks.run import check_files

__all__ = ["check_files", "count_files"]

_MODULES = {"check_files": "run", "count_files": "counts.count_table"}


def __getattr__(name: str) -> Any:
    """Import a function when it is first used: comparing two editions needs neither."""
    if name in _MODULES:
        return getattr(import_module(f"bifolio.checks.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'bifolio.checks' has no attribute {name!r}")
