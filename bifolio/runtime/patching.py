"""Names of other libraries that lead to something of ours meanwhile.

They are no public way in. Each is read where it stands when the work begins, so that a version without it is
found at once, and by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Change = tuple[Any, str, Any]
"""A module or a class, a name in it, and what this is to lead to."""


@contextmanager
def patched(*changes: Change) -> Iterator[None]:
    """Make *changes* meanwhile."""
    own = [(holder, name, vars(holder)[name]) for holder, name, _ in changes]
    for holder, name, value in changes:
        setattr(holder, name, value)
    try:
        yield
    finally:
        for holder, name, value in own:
            setattr(holder, name, value)
