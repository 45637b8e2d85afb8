"""The cache: entries, damaged entries, trimming, and interrupted writes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.runtime.cache import Cache, cached

KEY, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", limit=100)


def entry(cache: Cache) -> Path:
    return next(path for path in cache.folder.glob("*/*"))


def test_an_entry_is_returned(cache: Cache) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, b"data")
    assert cache.get(KEY) == b"data"
    assert cache.size() == 32 + 4


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [1, 100_000])
def test_a_computed_value_is_returned_even_if_it_cannot_be_cached(cache: Cache, depth: int) -> None:
    computed: list[int] = []

    def compute() -> list[object]:
        computed.append(depth)
        return nested(depth)

    assert len(cached(cache, "nested", compute)) == 1
    assert len(cached(cache, "nested", compute)) == 1
    assert len(computed) == (1 if depth == 1 else 2)


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 36])
def test_a_damaged_entry_is_not_returned_and_is_deleted(cache: Cache, damage: bytes) -> None:
    cache.put(KEY, b"data")
    entry(cache).write_bytes(damage)
    assert cache.get(KEY) is None
    assert cache.size() == 0


def test_trimming_keeps_the_most_recently_used_entry(cache: Cache) -> None:
    import os

    for key in (KEY, OTHER):
        cache.put(key, b"x" * 30)
    for age, key in enumerate((KEY, OTHER)):
        os.utime(cache.folder / key[:2] / key, (age, age))
    assert cache.get(KEY)
    cache.trim()
    assert (cache.get(KEY), cache.get(OTHER)) == (b"x" * 30, None)


def test_the_cache_can_be_cleared(cache: Cache) -> None:
    cache.put(KEY, b"data")
    cache.clear()
    assert (cache.get(KEY), cache.size()) == (None, 0)


def test_a_folder_that_is_not_writable_is_an_empty_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file")
    cache.put(KEY, b"data")
    cache.trim()
    cache.clear()
    assert (cache.get(KEY), cache.size()) == (None, 0)


@pytest.mark.parametrize("event", ["tempfile.mkstemp", "open", "os.rename"])
def test_a_killed_writer_leaves_the_old_entry(cache: Cache, event: str) -> None:
    cache.put(KEY, b"old")
    writer = subprocess.run([sys.executable, "-c", f"""
import os, signal, sys
from pathlib import Path
from bifolio.runtime.cache import Cache
def kill(event, arguments):
    if event == {event!r}:
        os.kill(os.getpid(), signal.SIGKILL)
cache = Cache(Path({str(cache.folder)!r}))
sys.addaudithook(kill)
cache.put({KEY!r}, b"new")
"""])  # fmt: skip
    assert writer.returncode == -signal.SIGKILL
    assert cache.get(KEY) == b"old"
    cache.put(KEY, b"new")
    assert cache.get(KEY) == b"new"
