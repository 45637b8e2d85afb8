"""Runs work in another process of this machine while this one goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bifolio.model.element_pickle import dumps, loads
from bifolio.model.errors import BifolioError, UsageError
from bifolio.runtime.file_watch import merge_reads, recorded_reads

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
CORES = "BIFOLIO_CORES"
_has_library_threads = False


def cores() -> int:
    """Return how many processes may share the work: one per core that this process may use.

    The environment variable `BIFOLIO_CORES` sets another number. A daemonic process, such as a worker of
    `multiprocessing.Pool`, may not start any, so that it works alone.

    Raise UsageError if the variable is not a positive integer.
    """
    if is_daemonic():
        return 1
    wanted = os.environ.get(CORES)
    if not wanted:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not wanted.isdecimal() or not int(wanted):
        raise UsageError(f"The environment variable {CORES} must be a positive integer, not `{wanted}`.")
    return int(wanted)


def is_daemonic() -> bool:
    """Return whether this process may not start others (`multiprocessing.Process.daemon`)."""
    from multiprocessing import current_process

    return current_process().daemon


def expect_threads() -> None:
    """Declare that a library may start threads in this process, as Pango does for fontconfig.

    A forked process would wait for them for ever.
    """
    global _has_library_threads
    _has_library_threads = True


def can_fork() -> bool:
    """Return whether this process can be forked safely: it has no other threads."""
    return sys.platform == "linux" and not _has_library_threads and threading.active_count() == 1


def end_with_parent() -> None:
    """Exit this process when its parent ends, even if the parent is killed."""
    from multiprocessing import parent_process

    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class BackgroundTask(Generic[T]):
    """Work that another process does; this one does it if there is no other, or if the other fails."""

    def __init__(
        self,
        work: Callable[[Callable[[], Any]], T],
        process: BaseProcess | None,
        connection: Connection | None,
    ) -> None:
        self._work, self._process, self._connection = work, process, connection
        self._sent: Any = None

    def send(self, value: Any) -> None:
        """Send the work the *value* that it waits for."""
        self._sent = value
        if self._connection is not None:
            with suppress(OSError):
                self._connection.send_bytes(dumps(value))

    def result(self) -> T:
        """Wait for the result of the work and return it. Raises the BifolioError that stopped the work.

        If the other process has ended without an answer, the work is done here.
        """
        if self._connection is not None:
            with suppress(EOFError, OSError):
                is_result, value, digests = loads(self._connection.recv_bytes())
                merge_reads(digests)
                if is_result:
                    result: T = value
                    return result
                raise value
        return self._work(lambda: self._sent)

    def end(self) -> None:
        """Stop the work if it is not done."""
        if self._process is not None:
            self._process.kill()
            self._process.join()


@contextmanager
def in_background(work: Callable[[Callable[[], Any]], T]) -> Iterator[BackgroundTask[T]]:
    """Run *work* in a forked process while the context is active, if there is a core for it.

    *work* is called with a function that waits for the value given to `BackgroundTask.send`. The files that
    it reads are recorded as if they were read here.
    """
    if cores() == 1 or not can_fork():
        yield BackgroundTask(work, None, None)
        return
    from multiprocessing import get_context

    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(work, theirs, ours))
    process.start()
    theirs.close()
    task = BackgroundTask(work, process, ours)
    try:
        yield task
    finally:
        task.end()
        ours.close()


@contextmanager
def helper_process(work: Callable[[Connection], None]) -> Iterator[Connection]:
    """Run *work* in another process while the context is active, and yield a connection to it.

    *work* is called with the other end of the connection, and must return when that is closed. Where no
    process can be forked, *work* must be a function of a module.
    """
    from multiprocessing import get_context

    context = get_context("fork") if can_fork() else get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run_helper, args=(work, theirs, ours))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _run_helper(work: Callable[[Connection], None], connection: Connection, other_end: Connection) -> None:
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(connection)


def _run(work: Callable[[Callable[[], Any]], Any], connection: Connection, other_end: Connection) -> None:
    """Do *work* in the forked process and send its result; send nothing if it fails unexpectedly."""
    other_end.close()  # the connection then breaks when the first process ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process handles the interrupt
    answer: tuple[bool, Any]
    with suppress(Exception):
        try:
            answer = True, work(lambda: loads(connection.recv_bytes()))
        except BifolioError as error:
            answer = False, error
        connection.send_bytes(dumps((*answer, recorded_reads())))
    connection.close()
