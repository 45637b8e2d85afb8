"""Lays out sections in a pool of worker processes, or in this one.

The cache keeps the result of each task for the next build.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from multiprocessing import get_context, set_forkserver_preload
from typing import Any

from bifolio.model.element_pickle import Packed, dumps, loads
from bifolio.model.errors import EditionError
from bifolio.pdf.cache_keys import NAMING_DIGITS, job_digest, task_key
from bifolio.pdf.engine.layout_environment import LayoutEnvironment, create_environment
from bifolio.pdf.job import LayoutJob, MarginBoxTask, Task, TextTask
from bifolio.pdf.laid_out import LaidOutText
from bifolio.pdf.pages.margin_boxes import DrawnMarginBoxes, draw_margin_boxes
from bifolio.pdf.print_html.html_tree import apply_named_styles, html_tree, html_tree_without_text
from bifolio.pdf.typeset import typeset
from bifolio.runtime.background import can_fork, end_with_parent, expect_threads
from bifolio.runtime.cache import Cache

_FONT = "font"
"""The prefix of the cache keys of font files."""
_SMALL_JOB = {"fork": 40_000, "forkserver": 120_000, "spawn": 120_000}
"""The work, in characters, that one process does before others would have started, by their start method."""
_GC_THRESHOLD = 1_000_000
"""The number of new objects between two garbage collections; a layout makes little garbage."""
_MARGIN_BOX_WEIGHT = 100
"""The work of the margin boxes of a page, in characters."""


@contextmanager
def worker_pool(
    job: LayoutJob, cache: Cache, processes: int
) -> Iterator[Callable[[Sequence[Task]], list[Any]]]:
    """Yield a function that runs tasks and returns their results, in the same order.

    At most *processes* worker processes run the tasks; with 1, this process does. Results are read from
    *cache* and written to it.
    """
    base, pool = job_digest(job), _Pool(job, cache, processes)

    def run(tasks: Sequence[Task]) -> list[Any]:
        keys = [task_key(base, job, task) for task in tasks]
        results = {key: result for key in keys if (result := _load_result(cache, key)) is not None}
        missing = {key: task for key, task in zip(keys, tasks, strict=True) if key not in results}
        results |= {key: _with_font_files(loads(data), cache) for key, data in pool.run(missing).items()}
        return [results[key] for key in keys]

    try:
        yield run
    finally:
        pool.close()


class _Pool:
    """Worker processes, started when there is more than one task to run."""

    def __init__(self, job: LayoutJob, cache: Cache, processes: int) -> None:
        self._job, self._cache, self._processes = job, cache, processes
        self._executor: Executor | None = None

    def run(self, tasks: Mapping[str, Task]) -> dict[str, bytes]:
        """Return the pickled results of *tasks*, by key. Raises EditionError when a worker was killed."""
        weights = {key: _weight(self._job, task) for key, task in tasks.items()}
        if self._executor is None:
            if self._processes == 1 or len(tasks) < 2 or sum(weights.values()) < _SMALL_JOB[_start_method()]:
                return {key: _run_task(self._job, self._cache, key, task) for key, task in tasks.items()}
            self._executor = ProcessPoolExecutor(
                self._processes,
                get_context(_start_method()),
                _start_worker,
                (Packed((self._job, self._cache)),),
            )
        # The largest first, so that no process is left with it at the end.
        largest_first = sorted(tasks, key=lambda key: -weights[key])
        try:
            futures = {key: self._executor.submit(_run_in_worker, key, tasks[key]) for key in largest_first}
            return {key: futures[key].result() for key in tasks}
        except BrokenProcessPool as error:
            raise EditionError(
                "The PDF cannot be laid out: one of the processes that lay it out was killed.",
                hint="The machine may have run out of memory. Close other programs, and build again.",
            ) from error

    def close(self) -> None:
        """End the processes."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)


_worker_context: tuple[LayoutJob, Cache] | None = None
"""In a worker process: its job and its cache."""


def _start_method() -> str:
    """Return how worker processes are started; a fork server where this process cannot be forked."""
    if sys.platform != "linux":
        return "spawn"
    if can_fork():
        return "fork"
    set_forkserver_preload([__name__])
    return "forkserver"


def _start_worker(context: Packed) -> None:
    global _worker_context
    _worker_context = context.value
    end_with_parent()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)


def _run_in_worker(key: str, task: Task) -> bytes:
    assert _worker_context is not None
    try:
        return _run_task(*_worker_context, key, task)
    finally:
        gc.collect(0)  # the reference cycles of the task; older objects are kept anyway


def _run_task(job: LayoutJob, cache: Cache, key: str, task: Task) -> bytes:
    """Run *task*; return its result, pickled, as it is written to *cache*."""
    expect_threads()
    context = replace(
        task.context,
        first_resource=_first_resource(task, key), missing=job.missing, own_fonts=job.own_fonts,
    )  # fmt: skip
    environment = _environment(job, cache)
    result: LaidOutText | DrawnMarginBoxes
    if isinstance(task, TextTask):
        sections = [job.publication.sections[index] for index in task.sections]
        # A separate section does not know on which side its first page will be.
        recto_sections = frozenset() if task.context.is_separate else job.recto_sections
        numbers = dict(task.page_numbers)
        root = html_tree(job.publication, sections, job.drawings, numbers, recto_sections, job.link_urls)
        apply_named_styles(root, job.variants)
        result = typeset(root, environment, context, job.figures, vertical=job.vertical_justification)
    else:
        root = apply_named_styles(html_tree_without_text(job.publication.metadata), job.variants)
        result = draw_margin_boxes(root, task.pages, dict(task.strings_before), environment, context)
    files = result.resources.font_files
    for digest, data in files.items():
        cache.put(_FONT + digest, data)
    without_files = replace(result.resources, font_files=dict.fromkeys(files, b""))
    data = dumps(replace(result, resources=without_files))
    cache.put(key, data)
    return data


def _first_resource(task: Task, key: str) -> int:
    """Return a number for the first resource of *task*, far from those of all other tasks."""
    return int(key[:NAMING_DIGITS], 16) if task.context.is_separate else 0


@lru_cache(maxsize=1)
def _environment(job: LayoutJob, cache: Cache) -> LayoutEnvironment:
    return create_environment(job.stylesheets, job.publication.pictures, cache)


def _load_result(cache: Cache, key: str) -> Any:
    """Return the result that *cache* has for *key*; None where it or one of its font files is missing."""
    result = cache.load(key)
    result = _with_font_files(result, cache) if result is not None else None
    return result if result is not None and all(result.resources.font_files.values()) else None


def _with_font_files(result: Any, cache: Cache) -> Any:
    """Return *result* with its font files from *cache*; empty where these are missing."""
    files = {digest: cache.get(_FONT + digest) or b"" for digest in result.resources.font_files}
    return replace(result, resources=replace(result.resources, font_files=files))


def _weight(job: LayoutJob, task: Task) -> int:
    """Return the work of *task*, in characters."""
    if isinstance(task, MarginBoxTask):
        return _MARGIN_BOX_WEIGHT * len(task.pages)
    sections = (job.publication.sections[index] for index in task.sections)
    return sum(len(text) for section in sections for tree in section.trees() for text in tree.itertext())
