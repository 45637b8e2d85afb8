"""Background tasks in a forked process: results, errors, recorded reads, and processes that die."""

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

PREAMBLE = """
import json, os, signal
from pathlib import Path
from bifolio.model.errors import SourceError
from bifolio.model.findings import Where
from bifolio.runtime.background import in_background
os.environ["BIFOLIO_CORES"] = "2"
here = os.getpid()
"""


def run(body: str, *arguments: str) -> object:
    """Run *body* in a process without threads, like the command line; return the JSON that it prints."""
    result = subprocess.run(
        [sys.executable, "-c", PREAMBLE + dedent(body), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    return json.loads(result.stdout)


forks_only = pytest.mark.skipif(sys.platform != "linux", reason="tasks fork on Linux only")


@forks_only
def test_a_task_runs_in_another_process_and_waits_for_its_input() -> None:
    assert run("""
        with in_background(lambda wait: (os.getpid(), wait() + 1)) as task:
            task.send(41)
            process, value = task.result()
        print(json.dumps([process != here, value]))
    """) == [True, 42]


@forks_only
def test_an_error_is_returned_with_its_position_and_hint() -> None:
    assert run("""
        def fail(wait):
            raise SourceError("It is empty.", Where(Path("a.md"), 3), "Write something.")
        with in_background(fail) as task:
            try:
                task.result()
            except SourceError as error:
                print(json.dumps([str(error), error.exit_code]))
    """) == ["a.md:3: It is empty. Write something.", 3]


@forks_only
@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), signal.SIGKILL)", "raise ValueError", "return lambda: 0"]
)
def test_a_task_that_returns_nothing_runs_in_this_process(end: str) -> None:
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


@forks_only
def test_files_that_a_task_reads_are_recorded(tmp_path: Path) -> None:
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


def test_a_process_with_threads_does_not_fork() -> None:
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


@forks_only
def test_an_unused_task_ends_with_its_context() -> None:
    process = run("""
        with in_background(lambda wait: wait()) as task:
            process = task._process.pid
        print(json.dumps(process))
    """)
    assert isinstance(process, int)
    with pytest.raises(ProcessLookupError):
        os.kill(process, signal.SIGCONT)


def test_the_number_of_processes_is_that_of_the_cores_or_of_the_environment_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BIFOLIO_CORES", raising=False)
    assert 1 <= cores() <= (os.cpu_count() or 1)
    monkeypatch.setenv("BIFOLIO_CORES", "300")
    assert cores() == 300


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_an_invalid_number_of_processes_is_a_usage_error(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIFOLIO_CORES", value)
    with pytest.raises(UsageError, match=f"BIFOLIO_CORES must be a positive integer, not `{value}`"):
        cores()


@forks_only
def test_with_one_core_no_process_is_forked() -> None:
    assert run("""
        os.environ["BIFOLIO_CORES"] = "1"
        with in_background(lambda wait: os.getpid()) as task:
            print(json.dumps(task.result() == here))
    """)
