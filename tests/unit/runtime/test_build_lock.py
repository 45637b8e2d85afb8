"""One build at a time in a process; a forked process never waits for a thread of its parent."""

from __future__ import annotations

import os
import sys
from threading import Event, Thread

import pytest

from bifolio.runtime.build_lock import build_lock
from bifolio.runtime.monkeypatch import patched


def test_builds_of_two_threads_are_serialised() -> None:
    started, released, order = Event(), Event(), []

    def build() -> None:
        with build_lock(), build_lock():  # a build may contain another
            started.set()
            released.wait(10)
            order.append("first")

    thread = Thread(target=build)
    thread.start()
    started.wait(10)
    released.set()
    with build_lock():
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def value() -> int:
    return 3


def fork_and_build() -> int:
    """Return the exit code of a forked process that takes the lock: the `value` there."""
    child = os.fork()
    if not child:
        with build_lock():
            os._exit(value())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(sys.platform != "linux", reason="builds fork on Linux only")
def test_a_process_forked_while_another_thread_builds_can_build() -> None:
    started, end = Event(), Event()

    def build() -> None:
        with build_lock(), patched((sys.modules[__name__], "value", lambda: 4)):
            started.set()
            end.wait(10)

    thread = Thread(target=build)
    thread.start()
    started.wait(10)
    code = fork_and_build()
    end.set()
    thread.join()
    assert code == 3


@pytest.mark.skipif(sys.platform != "linux", reason="builds fork on Linux only")
def test_a_process_forked_during_a_build_can_build() -> None:
    with build_lock(), patched((sys.modules[__name__], "value", lambda: 4)):
        assert fork_and_build() == 4
    assert value() == 3
