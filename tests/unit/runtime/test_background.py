"""Work apart this process: what it gives, what it raises, what it reads, and what happens if it dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bifolio.model.errors import UsageError
from bifolio.runtime.background import cores

HEAD = """
import json, os, signal
from pathlib import Path
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where
from bifolio.runtime.background import in_background
os.environ["BIFOLIO_CORES"] = "2"
here = os.getpid()
"""


def run(body: str, *arguments: str) -> object:
    """Run *body* in a process without threads, as the command line is; return what it prints last."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + dedent(body), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


forks = pytest.mark.skipif(sys.platform != "linux", reason="no other system forks")


@forks
def test_work_is_done_by_another_process_which_waits_for_what_it_is_told() -> None:
    assert run("""
        with in_background(lambda wait: (os.getpid(), wait() + 1)) as task:
            task.send(41)
            process, value = task.result()
        print(json.dumps([process != here, value]))
    """) == [True, 42]


@forks
def test_an_error_for_the_author_comes_back_whole() -> None:
    assert run("""
        def fail(wait):
            raise SourceError("It is empty.", Where(Path("a.md"), 3), "Write something.")
        with in_background(fail) as task:
            try:
                task.result()
            except SourceError as error:
                print(json.dumps([str(error), error.exit_code]))
    """) == ["a.md:3: It is empty. Write something.", 3]


@forks
@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), signal.SIGKILL)", "raise ValueError", "return lambda: 0"]
)
def test_work_without_an_answer_is_done_here(end: str) -> None:
    assert (
        run(f"""
        def work(wait):
            if os.getpid() != here:
                {end}
            return wait() * 2
        with in_background(work) as task:
            task.send(21)
            print(json.dumps(task.result()))
    """)
        == 42
    )


@forks
def test_what_the_work_reads_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("read")
    assert run(
        """
        import sys
        from bifolio.runtime.file_watch import read_bytes, record_reads
        with record_reads() as seen:
            with in_background(lambda wait: read_bytes(Path(sys.argv[1]))) as task:
                task.result()
        print(json.dumps([name for name in seen if name == sys.argv[1]]))
        """,
        str(tmp_path / "a.md"),
    ) == [str(tmp_path / "a.md")]


def test_beside_threads_nothing_is_forked() -> None:
    assert (
        run("""
        import threading
        end = threading.Event()
        thread = threading.Thread(target=end.wait)
        thread.start()
        with in_background(lambda wait: os.getpid()) as task:
            print(json.dumps(task.result() == here))
        end.set()
    """)
        is True
    )


@forks
def test_work_that_nobody_asks_for_ends_with_the_caller() -> None:
    process = run("""
        with in_background(lambda wait: wait()) as task:
            process = task._process.pid
        print(json.dumps(process))
    """)
    assert isinstance(process, int)
    with pytest.raises(ProcessLookupError):
        os.kill(process, signal.SIGCONT)


def test_the_number_of_processes_is_one_per_core_or_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BIFOLIO_CORES", raising=False)
    assert 1 <= cores() <= (os.cpu_count() or 1)
    monkeypatch.setenv("BIFOLIO_CORES", "300")
    assert cores() == 300


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_number_of_processes_that_is_none_is_a_usage_error(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIFOLIO_CORES", value)
    with pytest.raises(UsageError, match=f"BIFOLIO_CORES must be a positive integer, not `{value}`"):
        cores()


@forks
def test_with_one_core_nothing_is_forked() -> None:
    assert run("""
        os.environ["BIFOLIO_CORES"] = "1"
        with in_background(lambda wait: os.getpid()) as task:
            print(json.dumps(task.result() == here))
    """)
