"""Measures wall time, CPU time and memory of a process and its children."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import psutil

_POLL = 0.1
"""The interval, in seconds, at which the memory of a process and its children is read."""


class RunFailed(Exception):
    """A timed process failed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Time, in seconds, and memory of a run."""

    wall: float
    cpu: float
    """User and system time of all its processes."""
    peak: float
    """The peak memory of all its processes together, in MiB; shared memory is counted once."""
    child: float
    """The peak memory of the largest process that it started, in MiB; 0 if it started none."""
    worker: float
    """The peak memory, in MiB, of the started process with the most CPU time."""


def time_run(
    command: Sequence[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    accepted: Sequence[int] = (0,),
) -> Cost:
    """Run *command* in *folder*, return its cost; raise RunFailed with the end of its output if it fails."""
    with log.open("wb") as output:
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        totals, over = [0.0], Event()
        children: dict[int, tuple[float, float]] = {}
        watcher = Thread(target=_watch, args=(process.pid, totals, children, over))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - start
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        message = log.read_text("utf-8", "replace")[-500:]
        raise RunFailed(f"{command[0]} failed with exit code {process.returncode}: {message}")
    largest = max((memory for _, memory in children.values()), default=0.0)
    worker = max(children.values(), default=(0.0, 0.0))[1]
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(totals), largest, worker)


def _watch(pid: int, totals: list[float], children: dict[int, tuple[float, float]], over: Event) -> None:
    """Watch the process *pid* until *over* is set.

    Append the memory of it and its children together to *totals*, and record in *children*, by process ID,
    the CPU time and the peak memory of each.
    """
    while not over.wait(_POLL):
        try:
            top = psutil.Process(pid)
            total = _memory(top)
            for child in top.children(recursive=True):
                memory, worked = _memory(child), sum(child.cpu_times()[:2])
                total += memory
                children[child.pid] = worked, max(memory, children.get(child.pid, (0.0, 0.0))[1])
            totals.append(total)
        except psutil.Error:
            continue


def _memory(process: psutil.Process) -> float:
    """Return the memory of *process* in MiB, shared memory in proportion; 0 if it has ended."""
    try:
        # The kernel's summary: reading each map would stop the process for as long as that takes.
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 2**10
    except (OSError, ValueError):
        pass
    try:
        return 0.0 if Path("/proc/self/smaps_rollup").exists() else process.memory_full_info().uss / 2**20
    except psutil.Error:
        return 0.0
