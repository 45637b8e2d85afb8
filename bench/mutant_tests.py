"""A pytest plugin: records which tests run each line, or runs chosen tests in a given order.

`--record-tests FOLDER` writes coverage data with a context per test there, and `tests.json`. A fixture of a
wider scope than a function has a context of its own, because all tests that use it depend on its lines.
`--chosen-tests FILE` runs the tests listed in that JSON file, which gives each a limit in seconds. A test
that takes longer ends the process by SIGALRM.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

CONTEXT = "BIFOLIO_TEST_CONTEXT"
"""The environment variable that names the context for the processes that a test starts."""
_MEMORY = 4 << 30
"""In bytes; a mutant may allocate without end."""
_COLLECTION = 120
"""The limit for collecting the tests, in seconds."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-tests", metavar="FOLDER")
    parser.addoption("--chosen-tests", metavar="FILE")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("BIFOLIO_CORES", "1")  # no worker processes, whose lines would not be recorded
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    if folder := config.getoption("--record-tests"):
        config.pluginmanager.register(_Recorder(Path(folder)))
    if file := config.getoption("--chosen-tests"):
        config.pluginmanager.register(_Chosen(json.loads(Path(file).read_text("utf-8"))))


class _Recorder:
    """Switches the context of coverage with each test and each wide fixture, and takes their times."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._contexts = ["import"]
        self._seconds: dict[str, float] = {}
        self._fixtures: dict[str, list[str]] = {}
        self._coverage = Coverage(config_file=str(folder / "coverage.ini"))
        self._coverage.start()
        self._switch()
        os.environ["COVERAGE_PROCESS_START"] = str(
            folder / "coverage.ini"
        )  # for the processes that tests start

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        _clear_caches()
        self._fixtures[item.nodeid] = list(getattr(item, "fixturenames", ()))
        return (yield from self._in_context(item.nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        return (yield from self._in_context(f"fixture {fixturedef.argname}"))

    def pytest_unconfigure(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        record = {"seconds": self._seconds, "fixtures": self._fixtures}
        (self._folder / "tests.json").write_text(json.dumps(record), "utf-8")

    def _in_context(self, name: str) -> Generator[None, Any, Any]:
        self._contexts.append(name)
        self._switch()
        began = time.monotonic()
        try:
            return (yield)
        finally:
            seconds = time.monotonic() - began
            self._seconds[name] = self._seconds.get(name, 0) + seconds
            self._contexts.pop()
            self._seconds[self._contexts[-1]] = self._seconds.get(self._contexts[-1], 0) - seconds
            self._switch()

    def _switch(self) -> None:
        os.environ[CONTEXT] = self._contexts[-1]
        self._coverage.switch_context(self._contexts[-1])


class _Chosen:
    """Runs the tests of *limits* only, in that order."""

    def __init__(self, limits: dict[str, float]) -> None:
        self._limits = limits
        signal.alarm(_COLLECTION)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = {name: index for index, name in enumerate(self._limits)}
        items[:] = sorted((i for i in items if i.nodeid in order), key=lambda i: order[i.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        signal.alarm(int(self._limits[item.nodeid]) + 1)
        return (yield)

    def pytest_sessionfinish(self) -> None:
        signal.alarm(0)


def _clear_caches() -> None:
    """Forget what earlier tests have cached in Bifolio, so that this one runs all lines it depends on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bifolio"):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
