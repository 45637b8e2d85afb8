"""What a terminal shows while a build goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from bifolio.runtime.background import helper_process

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PATIENCE = 1.0
"""Seconds after which a terminal is told what is going on."""


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that says what is going on, on a terminal and only when it takes its time.

    Another process shows it: what moves on a terminal needs a thread, and beside one nothing can be forked.
    """
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    with helper_process(_show) as line:

        def tell(stage: str) -> None:
            with suppress(OSError):  # it does not matter if nobody shows it
                line.send(stage)

        yield tell


def _show(line: Connection) -> None:
    """Show the stages that come by *line*, until it is closed."""
    stage, end_of_patience = "Working", monotonic() + _PATIENCE
    with suppress(EOFError, OSError):
        while line.poll(max(0.0, end_of_patience - monotonic())):
            stage = line.recv()
        from rich.console import Console

        with Console(stderr=True).status(f"{stage} ...") as status:
            while True:
                status.update(f"{line.recv()} ...")
