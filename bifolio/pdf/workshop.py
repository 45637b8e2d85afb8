"""Who sets the texts: this process, or as many others as the machine has cores.

A text is set once for what it is made of; the cache keeps it for the next build.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import get_context, set_forkserver_preload
from pathlib import Path
from typing import Any

from bifolio.cache import Cache
from bifolio.pdf.bench import Bench, open_bench
from bifolio.pdf.formulas import Drawings
from bifolio.pdf.heads import HeadOf, set_heads
from bifolio.pdf.print_tree import head_tree, print_tree
from bifolio.pdf.setting import Place, set_text
from bifolio.publication import FILE, LINE, Publication, Section


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What all texts of a publication are set with."""

    publication: Publication
    drawings: Drawings
    styles: tuple[str, ...]
    """The sheets, in the order of the cascade."""
    longest_note: int
    missing: frozenset[str]
    own: frozenset[str]
    """The digests of the program's own font files."""


@dataclass(frozen=True, slots=True)
class TextTask:
    """Set the text of some sections."""

    sections: tuple[int, ...]
    pages: tuple[tuple[str, str], ...]
    """The anchors of which they show the page, with its number."""
    place: Place


@dataclass(frozen=True, slots=True)
class HeadTask:
    """Set the running heads and folios of some pages."""

    pages: tuple[HeadOf, ...]
    carried: tuple[tuple[str, str], ...]
    """The named strings as the pages before have left them."""
    place: Place


Task = TextTask | HeadTask
_FONT = "font"
_LIGHT = 40_000
"""Work, in characters, that is done before other processes would have begun."""
_GARBAGE = 200_000
"""How many new objects there are between two searches for garbage, of which a layout makes little."""
_HEAD = 300
"""The work of a running head and a folio, in characters."""


@contextmanager
def workshop(order: Order, cache: Cache, hands: int) -> Iterator[Callable[[Sequence[Task]], list[Any]]]:
    """Give a function that does tasks and returns what they make, in their order.

    *hands* is how many processes may work: with 1, this one does.
    """
    base, pool = _order_digest(order), _Pool(order, cache, hands)

    def work(tasks: Sequence[Task]) -> list[Any]:
        keys = [_key(base, order, task) for task in tasks]
        done = {key: data for key in keys if (data := _known(cache, key)) is not None}
        missing = {key: task for key, task in zip(keys, tasks, strict=True) if key not in done}
        done |= pool.do(missing)
        return [_with_fonts(pickle.loads(done[key]), cache) for key in keys]

    try:
        yield work
    finally:
        pool.close()


class _Pool:
    """The processes, started when there is more than one task to do."""

    def __init__(self, order: Order, cache: Cache, hands: int) -> None:
        self._order, self._cache, self._hands = order, cache, hands
        self._executor: Executor | None = None

    def do(self, tasks: dict[str, Task]) -> dict[str, bytes]:
        """Return what *tasks* make, by key."""
        weights = {key: _weight(self._order, task) for key, task in tasks.items()}
        if self._executor is None:
            if self._hands == 1 or len(tasks) < 2 or sum(weights.values()) < _LIGHT:
                return {key: _do(self._order, self._cache, key, task) for key, task in tasks.items()}
            context = get_context(_way())
            self._executor = ProcessPoolExecutor(self._hands, context, _begin, (self._order, self._cache))
        # The largest first, so that none is left for the end.
        largest = sorted(tasks, key=lambda key: -weights[key])
        futures = {key: self._executor.submit(_do_here, key, tasks[key]) for key in largest}
        return {key: futures[key].result() for key in tasks}

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)


_here: tuple[Order, Cache] | None = None
"""In a worker: what it works on."""
_pango_used = False


def _way() -> str:
    """Return how processes are started: forked where nothing that they would inherit can be at work.

    Pango asks fontconfig in threads of its own, which a forked process would wait for in vain. Then they
    are forked from a process that has done nothing but import.
    """
    if sys.platform != "linux":
        return "spawn"
    if not _pango_used and threading.active_count() == 1:
        return "fork"
    set_forkserver_preload([__name__])
    return "forkserver"


def _begin(order: Order, cache: Cache) -> None:
    global _here
    _here = order, cache
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def _do_here(key: str, task: Task) -> bytes:
    assert _here is not None
    return _do(*_here, key, task)


def _do(order: Order, cache: Cache, key: str, task: Task) -> bytes:
    """Do *task* and keep what it makes; return it in the form that the cache has."""
    global _pango_used
    _pango_used = True
    bench, publication = _bench(order), order.publication
    place = replace(task.place, first=_first(task, key), missing=order.missing, own=order.own)
    made: Any
    if isinstance(task, TextTask):
        sections = [publication.sections[number] for number in task.sections]
        root = print_tree(publication, sections, order.drawings, order.longest_note, dict(task.pages))
        made = set_text(root, bench, place)
    else:
        made = set_heads(head_tree(publication.metadata), task.pages, dict(task.carried), bench, place)
    for digest, data in made.ink.files.items():
        cache.put(_FONT + digest, data)
    data = pickle.dumps(replace(made, ink=replace(made.ink, files=dict.fromkeys(made.ink.files, b""))))
    cache.put(key, data)
    return data


def _first(task: Task, key: str) -> int:
    """Return a number for the first resource of *task*, far from those of any other."""
    return int(key[:12], 16) if task.place.apart else 0


@lru_cache(maxsize=1)
def _bench(order: Order) -> Bench:
    return open_bench(order.styles, order.publication.pictures)


def _known(cache: Cache, key: str) -> bytes | None:
    """Return what the cache has for *key*, if the fonts are there too."""
    data = cache.get(key)
    if data is None:
        return None
    fonts = pickle.loads(data).ink.files
    return data if all(cache.get(_FONT + digest) is not None for digest in fonts) else None


def _with_fonts(made: Any, cache: Cache) -> Any:
    files = {digest: cache.get(_FONT + digest) or b"" for digest in made.ink.files}
    return replace(made, ink=replace(made.ink, files=files))


def _weight(order: Order, task: Task) -> int:
    if isinstance(task, HeadTask):
        return _HEAD * len(task.pages)
    sections = (order.publication.sections[number] for number in task.sections)
    return sum(len(text) for section in sections for tree in section.trees() for text in tree.itertext())


def _order_digest(order: Order) -> Any:
    """Return the digest of what every task depends on."""
    metadata = order.publication.metadata
    digest = hashlib.sha256()
    for part in (
        version("weasyprint"), version("pydyf"), version("ziamath"), sys.version, _code(), _fonts_here(),
        order.styles, order.longest_note, sorted(order.missing), metadata.language, metadata.title,
        metadata.short_title, len(order.publication.sections) > 1, sorted(order.own),
    ):  # fmt: skip
        digest.update(repr(part).encode())
    return digest


def _key(base: Any, order: Order, task: Task) -> str:
    """Return the key of *task*: the digest of all that decides what it makes."""
    digest = base.copy()
    digest.update(repr(task.place).encode())
    if isinstance(task, HeadTask):
        digest.update(repr((task.pages, task.carried)).encode())
        return str(digest.hexdigest())
    digest.update(repr(task.pages).encode())
    pictures = {picture.name: picture for picture in order.publication.pictures}
    for number in task.sections:
        for part in _content(order.publication.sections[number], pictures):
            digest.update(part.encode())
    return str(digest.hexdigest())


def _content(section: Section, pictures: dict[str, Any]) -> Iterator[str]:
    """Give all that *section* is made of, but where it stands in its file."""
    yield repr((section.name, section.role, section.matter, section.depth, section.language))
    yield repr([(note.number, note.sign) for note in section.notes])
    for tree in section.trees():
        stack: list[Any] = [tree]
        while stack:
            element = stack.pop()
            if element is None:
                yield ")"
                continue
            marks = [mark for mark in element.attrib.items() if mark[0] not in (LINE, FILE)]
            yield repr((element.tag, marks, element.text, element.tail))
            if element.tag == "img" and element.get("src") in pictures:
                yield hashlib.sha256(pictures[element.get("src")].data).hexdigest()
            stack.append(None)
            stack.extend(reversed(element))


@lru_cache(maxsize=1)
def _code() -> str:
    """Return the digest of the code that sets texts."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _fonts_here() -> str:
    """Return the fonts of this machine: the layout may take any of them."""
    import subprocess

    try:
        listed = subprocess.run(
            ["fc-list", ":", "file", "family", "style", "fontversion"], capture_output=True, timeout=60
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return hashlib.sha256(b"\n".join(sorted(listed.splitlines()))).hexdigest()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
