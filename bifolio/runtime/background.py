"""Work done by another process of this machine, beside that of this one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bifolio.model.errors import BifolioError
from bifolio.runtime.file_watch import merge, opened_files

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
_threaded = False


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def expect_threads() -> None:
    """Tell that a library may have started threads of its own here, as Pango does to ask fontconfig.

    A forked process would wait for these in vain.
    """
    global _threaded
    _threaded = True


def forkable() -> bool:
    """Say whether a process can be forked from this one: nothing that it would inherit can be at work."""
    return sys.platform == "linux" and not _threaded and threading.active_count() == 1


def end_with_parent() -> None:
    """Let this process end when the one that started it has ended, killed perhaps: no more work will come."""
    from multiprocessing import parent_process

    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class BackgroundTask(Generic[T]):
    """Work that another process does, or this one where there is no other."""

    def __init__(
        self, work: Callable[[Callable[[], Any]], T], process: BaseProcess | None, line: Connection | None
    ) -> None:
        self._work, self._process, self._line = work, process, line
        self._told: Any = None

    def send(self, value: Any) -> None:
        """Give the work the *value* that it waits for."""
        self._told = value
        if self._line is not None:
            with suppress(OSError):
                self._line.send(value)

    def result(self) -> T:
        """Return what the work gives, when it is done; raise the BifolioError that stopped it.

        Where the other process has ended without an answer, the work is done here.
        """
        if self._line is not None:
            with suppress(EOFError, OSError):
                good, value, seen = self._line.recv()
                merge(seen)
                if good:
                    result: T = value
                    return result
                raise value
        return self._work(lambda: self._told)

    def end(self) -> None:
        """Stop the work, if it is not done."""
        if self._process is not None:
            self._process.kill()
            self._process.join()


@contextmanager
def in_background(work: Callable[[Callable[[], Any]], T]) -> Iterator[BackgroundTask[T]]:
    """Let another process do *work* meanwhile, where this can be forked and there is more than one core.

    *work* is called with a function that waits for what the errand is told. What it reads is noted, as if it
    were read here.
    """
    if cores() == 1 or not forkable():
        yield BackgroundTask(work, None, None)
        return
    from multiprocessing import get_context

    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_do, args=(work, theirs, ours))
    process.start()
    theirs.close()
    errand = BackgroundTask(work, process, ours)
    try:
        yield errand
    finally:
        errand.end()
        ours.close()


@contextmanager
def helper_process(work: Callable[[Connection], None]) -> Iterator[Connection]:
    """Let another process do *work* meanwhile, and give the line to it: *work* is called with the other end.

    It is to end when the line is closed, which is waited for. Where no process can be forked, *work* must be
    a function of a module.
    """
    from multiprocessing import get_context

    context = get_context("fork") if forkable() else get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_accompany, args=(work, theirs, ours))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _accompany(work: Callable[[Connection], None], line: Connection, other_end: Connection) -> None:
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(line)


def _do(work: Callable[[Callable[[], Any]], Any], line: Connection, other_end: Connection) -> None:
    """Do *work* in the other process, and answer; say nothing where it fails in a way not foreseen."""
    other_end.close()  # so that the line breaks when the first process has ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process answers to the user
    answer: tuple[bool, Any]
    with suppress(Exception):
        try:
            answer = True, work(line.recv)
        except BifolioError as error:
            answer = False, error
        line.send((*answer, opened_files()))
    line.close()
