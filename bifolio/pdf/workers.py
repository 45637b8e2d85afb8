"""Who sets the texts: this process, or as many others as the machine has cores.

A text is set once for what it is made of; the cache keeps it for the next build.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from multiprocessing import get_context, set_forkserver_preload
from typing import Any

from bifolio.model.element_pickle import Packed, dumps, loads
from bifolio.model.errors import EditionError
from bifolio.pdf.document.html_tree import apply_named_styles, html_tree, html_tree_without_text
from bifolio.pdf.engine.environment import LayoutEnvironment, create_environment
from bifolio.pdf.job import NAMING_DIGITS, LayoutJob, MarginBoxTask, Task, TextTask, job_digest, task_key
from bifolio.pdf.pages.margin_boxes import draw_margin_boxes
from bifolio.pdf.typeset import typeset
from bifolio.runtime.background import can_fork, end_with_parent, expect_threads
from bifolio.runtime.cache import Cache

_FONT = "font"
_SMALL_JOB = {"fork": 40_000, "forkserver": 120_000, "spawn": 120_000}
"""Work, in characters, that is done before other processes would have begun, by the way they are started."""
_GC_THRESHOLD = 1_000_000
"""How many new objects there are between two searches for garbage, of which a layout makes little."""
_MARGIN_BOX_WEIGHT = 100
"""The work of a running head and a folio, in characters."""


@contextmanager
def worker_pool(
    order: LayoutJob, cache: Cache, hands: int
) -> Iterator[Callable[[Sequence[Task]], list[Any]]]:
    """Give a function that does tasks and returns what they make, in their order.

    *hands* is how many processes may work: with 1, this one does.
    """
    base, pool = job_digest(order), _Pool(order, cache, hands)

    def work(tasks: Sequence[Task]) -> list[Any]:
        keys = [task_key(base, order, task) for task in tasks]
        done = {key: made for key in keys if (made := _load_result(cache, key)) is not None}
        missing = {key: task for key, task in zip(keys, tasks, strict=True) if key not in done}
        done |= {key: _with_fonts(loads(data), cache) for key, data in pool.do(missing).items()}
        return [done[key] for key in keys]

    try:
        yield work
    finally:
        pool.close()


class _Pool:
    """The processes, started when there is more than one task to do."""

    def __init__(self, order: LayoutJob, cache: Cache, hands: int) -> None:
        self._order, self._cache, self._hands = order, cache, hands
        self._executor: Executor | None = None

    def do(self, tasks: dict[str, Task]) -> dict[str, bytes]:
        """Return what *tasks* make, by key."""
        weights = {key: _weight(self._order, task) for key, task in tasks.items()}
        if self._executor is None:
            if self._hands == 1 or len(tasks) < 2 or sum(weights.values()) < _SMALL_JOB[_start_method()]:
                return {key: _run_task(self._order, self._cache, key, task) for key, task in tasks.items()}
            context = get_context(_start_method())
            self._executor = ProcessPoolExecutor(
                self._hands, context, _start_worker, (Packed((self._order, self._cache)),)
            )
        # The largest first, so that none is left for the end.
        largest = sorted(tasks, key=lambda key: -weights[key])
        try:
            futures = {key: self._executor.submit(_run_in_worker, key, tasks[key]) for key in largest}
            return {key: futures[key].result() for key in tasks}
        except BrokenProcessPool as error:
            raise EditionError(
                "The PDF cannot be laid out: a process that was at it has been ended from outside.",
                hint="A machine that runs out of memory does so. Close other programs, and build again.",
            ) from error

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)


_worker_context: tuple[LayoutJob, Cache] | None = None
"""In a worker: what it works on."""


def _start_method() -> str:
    """Return how processes are started: if this cannot be forked, from one that has only imported."""
    if sys.platform != "linux":
        return "spawn"
    if can_fork():
        return "fork"
    set_forkserver_preload([__name__])
    return "forkserver"


def _start_worker(work: Packed) -> None:
    global _worker_context
    _worker_context = work.value
    end_with_parent()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)


def _run_in_worker(key: str, task: Task) -> bytes:
    assert _worker_context is not None
    try:
        return _run_task(*_worker_context, key, task)
    finally:
        gc.collect(0)  # what the task has left in circles; all older objects are here to stay


def _run_task(order: LayoutJob, cache: Cache, key: str, task: Task) -> bytes:
    """Do *task* and keep what it makes; return it in the form that the cache has."""
    expect_threads()
    bench, publication = _environment(order, cache), order.publication
    place = replace(task.place, first=_first_resource(task, key), missing=order.missing, own=order.own)
    made: Any
    if isinstance(task, TextTask):
        sections = [publication.sections[number] for number in task.sections]
        # Apart, a section knows nothing of the sides that pages are on.
        right = frozenset() if task.place.apart else order.rectos
        pages = dict(task.pages)
        root = html_tree(publication, sections, order.drawings, pages, right, order.addresses)
        apply_named_styles(root, order.variants)
        made = typeset(root, bench, place, order.figures, vertical=order.even)
    else:
        head = apply_named_styles(html_tree_without_text(publication.metadata), order.variants)
        made = draw_margin_boxes(head, task.pages, dict(task.carried), bench, place)
    for digest, data in made.ink.files.items():
        cache.put(_FONT + digest, data)
    data = dumps(replace(made, ink=replace(made.ink, files=dict.fromkeys(made.ink.files, b""))))
    cache.put(key, data)
    return data


def _first_resource(task: Task, key: str) -> int:
    """Return a number for the first resource of *task*, far from those of any other."""
    return int(key[:NAMING_DIGITS], 16) if task.place.apart else 0


@lru_cache(maxsize=1)
def _environment(order: LayoutJob, cache: Cache) -> LayoutEnvironment:
    return create_environment(order.styles, order.publication.pictures, cache)


def _load_result(cache: Cache, key: str) -> Any:
    """Return what the cache has for *key*, if the fonts are there too."""
    made = cache.load(key)
    made = _with_fonts(made, cache) if made is not None else None
    return made if made is not None and all(made.ink.files.values()) else None


def _with_fonts(made: Any, cache: Cache) -> Any:
    """Return *made* with the files of its fonts; those that the cache has not are empty."""
    files = {digest: cache.get(_FONT + digest) or b"" for digest in made.ink.files}
    return replace(made, ink=replace(made.ink, files=files))


def _weight(order: LayoutJob, task: Task) -> int:
    if isinstance(task, MarginBoxTask):
        return _MARGIN_BOX_WEIGHT * len(task.pages)
    sections = (order.publication.sections[number] for number in task.sections)
    return sum(len(text) for section in sections for tree in section.trees() for text in tree.itertext())
