"""What a whole process costs: time by the clock, time of the processor, and memory, its children among it."""

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
"""Seconds between two looks at the memory of a process and its children."""


class RunFailed(Exception):
    """A process that is timed did not do its work."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    wall: float
    cpu: float
    """Of all its processes, those of the system for it among them."""
    peak: float
    """The most memory of all its processes together, in MiB; what they share is counted once."""
    child: float
    """The most memory of one process that it has started, in MiB; 0 where it starts none."""
    worker: float
    """The most memory of the one of these that has worked most, in MiB."""


def time_run(
    command: Sequence[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    good: Sequence[int] = (0,),
) -> Cost:
    """Run *command* in *folder*; raise RunFailed, with the end of what it said, where it fails."""
    with log.open("wb") as said:
        begun = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        totals, over = [0.0], Event()
        children: dict[int, tuple[float, float]] = {}
        watcher = Thread(target=_watch, args=(process.pid, totals, children, over))
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - begun
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        words = log.read_text("utf-8", "replace")[-500:]
        raise RunFailed(f"{command[0]} failed with exit code {process.returncode}: {words}")
    largest = max((memory for _, memory in children.values()), default=0.0)
    worker = max(children.values(), default=(0.0, 0.0))[1]
    return Cost(wall, used.ru_utime + used.ru_stime, max(totals), largest, worker)


def _watch(number: int, totals: list[float], children: dict[int, tuple[float, float]], over: Event) -> None:
    """Watch the process *number* until *over*.

    Add to *totals* what it and its children hold together, and keep of each of *children*, by its number, how
    long it has worked and the most that it has held.
    """
    while not over.wait(_POLL):
        try:
            top = psutil.Process(number)
            total = _memory(top)
            for child in top.children(recursive=True):
                memory, worked = _memory(child), sum(child.cpu_times()[:2])
                total += memory
                children[child.pid] = worked, max(memory, children.get(child.pid, (0.0, 0.0))[1])
            totals.append(total)
        except psutil.Error:
            continue


def _memory(process: psutil.Process) -> float:
    """Return the memory of *process* in MiB, its share of what it shares; 0 where it has ended."""
    try:
        # One short file, which the kernel sums up: reading each map would stop the process meanwhile.
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 2**10
    except (OSError, ValueError):
        pass
    try:
        return 0.0 if Path("/proc/self/smaps_rollup").exists() else process.memory_full_info().uss / 2**20
    except psutil.Error:
        return 0.0
