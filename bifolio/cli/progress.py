"""Shows the current stage of a build on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from bifolio.runtime.background import helper_process, is_daemonic

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PATIENCE = 1.0
"""Seconds before the first stage is shown."""


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a stage, if there is a terminal and the build takes a while.

    Another process does it: the animation needs a thread, and a process with threads cannot be forked.
    """
    if not sys.stderr.isatty() or is_daemonic():
        yield lambda stage: None
        return
    with helper_process(_show) as connection:

        def show(stage: str) -> None:
            with suppress(OSError):  # the build goes on if the helper has died
                connection.send(stage)

        yield show


def _show(connection: Connection) -> None:
    """Show each stage received by *connection* until it is closed."""
    stage, end_of_patience = "Working", monotonic() + _PATIENCE
    with suppress(EOFError, OSError):
        while connection.poll(max(0.0, end_of_patience - monotonic())):
            stage = connection.recv()
        from rich.console import Console

        with Console(stderr=True).status(f"{stage} ...") as status:
            while True:
                status.update(f"{connection.recv()} ...")
