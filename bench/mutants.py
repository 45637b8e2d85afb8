"""Changes the source in small ways, one at a time, and counts the changes that no test notices.

Exit codes: 1 if a mutant survived that equivalent_mutants.txt does not list, 2 if the tests fail unchanged.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage
from mutant_tests import CONTEXT
from mutations import Mutant, draw

ROOT = Path(__file__).parent.parent
EQUIVALENT = ROOT / "bench" / "equivalent_mutants.txt"
TESTS = {
    "pdf/lines": ("tests/unit/pdf/lines", "tests/editions/pdf/lines"),
    "pdf/footnotes": ("tests/unit/pdf/footnotes", "tests/editions/pdf/footnotes"),
    "manuscript/markdown": (
        "tests/unit/manuscript/markdown",
        "tests/unit/manuscript/test_lost_text.py",
        "tests/cases",
        "tests/specs",
        "tests/editions/manuscript",
    ),
    "checks": (
        "tests/unit/checks",
        "tests/editions/checks",
        "tests/editions/epub/package/test_page_list.py",
    ),
}
INSTALLED = ("tests/validators/node_modules", "tests/specs/packages")
"""Folders that git ignores and that the tests need."""


@dataclass(frozen=True)
class LineTests:
    """The tests that run each line of a package, and the seconds that each test takes alone."""

    by_line: dict[str, dict[int, frozenset[str]]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests to run for *mutant*, fastest first.

        A line that is run on import counts as run by all tests that run any line of its module.
        """
        lines = self.by_line.get(mutant.path, {})
        tests = {test for line in mutant.lines for test in lines.get(line, ())}
        if any("import" in lines.get(line, ()) for line in mutant.lines):
            tests = {test for found in lines.values() for test in found}
        return sorted(tests - {"import"}, key=lambda test: (self.seconds[test], test))


class Tree:
    """A copy of the tree in which one module at a time is changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in filter(None, subprocess.check_output(command, cwd=ROOT, text=True).split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in INSTALLED:
            if (ROOT / name).exists() and not (folder / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve())

    def pytest(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run pytest here; return its exit code and output."""
        process = subprocess.Popen(
            ["nice", sys.executable, "-m", "pytest", "-p", "bench.mutant_tests", *arguments],
            cwd=self.folder, env=os.environ | {"PYTHONPATH": str(self.folder)} | environment,
            start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output = process.communicate()[0]
        with suppress(ProcessLookupError):  # what it has started and not ended
            os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, output

    def record(self, package: str) -> LineTests:
        """Run all tests of *package* with coverage."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "coverage.ini").write_text(
                f"[run]\ndata_file = {folder}/data\nparallel = true\ncontext = ${{{CONTEXT}-}}\n"
                f"include = {self.folder}/bifolio/{package}/*\ndisable_warnings = no-data-collected\n"
            )
            folders = [tests for tests in TESTS[package] if (self.folder / tests).exists()]
            code, output = self.pytest(f"--record-tests={folder}", *folders)
            if code:
                print(output, f"The tests of {package} fail without any change.", sep="\n")
                sys.exit(2)
            coverage = Coverage(config_file=str(folder / "coverage.ini"))
            coverage.combine([str(folder)])
            record = json.loads((folder / "tests.json").read_text("utf-8"))
            data = coverage.get_data()
            lines = {
                Path(path).relative_to(self.folder).as_posix(): data.contexts_by_lineno(path)
                for path in data.measured_files()
            }
            return _line_tests(lines, record["seconds"], record["fixtures"])

    def run(self, mutant: Mutant, tests: dict[str, float]) -> str:
        """Return `killed`, `timeout` or `survived`; *tests* are the limits of the tests in seconds."""
        if not tests:
            return "survived"
        path = self.folder / mutant.path
        original, times = path.read_bytes(), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as chosen:
            json.dump(tests, chosen)
            chosen.flush()
            try:
                path.write_text(mutant.text, "utf-8")
                code, output = self.pytest(
                    "-x", "-p", "no:cacheprovider", f"--chosen-tests={chosen.name}",
                    *dict.fromkeys(test.split("::")[0] for test in tests), PYTHONDONTWRITEBYTECODE="1",
                )  # fmt: skip
            finally:
                path.write_bytes(original)
                os.utime(path, ns=times)
        if code == 5:
            raise RuntimeError(output)
        return {0: "survived", -signal.SIGALRM: "timeout", 128 + signal.SIGALRM: "timeout"}.get(
            code, "killed"
        )


def _line_tests(
    lines: dict[str, dict[int, list[str]]], seconds: dict[str, float], fixtures: dict[str, list[str]]
) -> LineTests:
    users: dict[str, set[str]] = {}
    for test, names in fixtures.items():
        for name in names:
            users.setdefault(f"fixture {name}", set()).add(test)
    by_line = {
        path: {
            line: frozenset(test for context in contexts for test in users.get(context, {context}))
            for line, contexts in found.items()
        }
        for path, found in lines.items()
    }
    alone = {
        test: seconds[test] + sum(seconds.get(f"fixture {name}", 0) for name in names)
        for test, names in fixtures.items()
    }
    return LineTests(by_line, alone)


def main() -> int:
    arguments = _arguments()
    listed = equivalent()
    counts: dict[str, Counter[str]] = {}
    unlisted: list[Mutant] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        trees: queue.Queue[Tree] = queue.Queue()
        for index in range(arguments.jobs):
            (folder := Path(name, str(index))).mkdir()
            trees.put(Tree(folder))
        for package in arguments.package or TESTS:
            mutants = draw(ROOT, f"bifolio/{package}", arguments.count // len(TESTS), arguments.seed)
            if arguments.again:
                printed = re.sub(r"(?m)^(\S+\.py):\d+$", r"\1", arguments.again.read_text("utf-8"))
                mutants = [mutant for mutant in mutants if mutant.key in printed]
            counts[package] = Counter(equivalent=sum(mutant.key in listed for mutant in mutants))
            mutants = [mutant for mutant in mutants if mutant.key not in listed]
            unlisted += run(package, mutants, trees, arguments.jobs, counts[package])
    print(table(counts))
    return 1 if unlisted else 0


def run(
    package: str, mutants: list[Mutant], trees: queue.Queue[Tree], jobs: int, counts: Counter[str]
) -> list[Mutant]:
    """Run the tests against each mutant; print and return those that survive."""
    tree = trees.get()
    recorded = tree.record(package)
    trees.put(tree)
    began, survivors = time.monotonic(), []

    def result(mutant: Mutant) -> str:
        tree = trees.get()
        try:
            return tree.run(mutant, {test: 20 + 10 * recorded.seconds[test] for test in recorded.of(mutant)})
        finally:
            trees.put(tree)

    with ThreadPoolExecutor(jobs) as pool:
        for mutant, found in zip(mutants, pool.map(result, mutants), strict=True):
            counts[found] += 1
            if found == "survived":
                survivors.append(mutant)
                how = "" if recorded.of(mutant) else "  (no test runs it)"
                print(f"{mutant}{how}\n", flush=True)
            done = counts.total() - counts["equivalent"]
            print(
                f"{package}: {done} of {len(mutants)}, {time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    return survivors


def equivalent() -> set[str]:
    """Return the keys of the mutants that are listed as equivalent."""
    entries = EQUIVALENT.read_text("utf-8").split("\n\n") if EQUIVALENT.exists() else []
    return {
        "\n".join(line for line in entry.strip().splitlines() if not line.startswith(("#", "  ")))
        for entry in entries
    } - {""}


def table(counts: dict[str, Counter[str]]) -> str:
    columns = ("killed", "timeout", "survived", "equivalent")
    rows = [
        f"{package:22}" + "".join(f"{found[column]:>12}" for column in columns)
        for package, found in counts.items()
    ]
    return "\n".join([f"{'Package':22}" + "".join(f"{column:>12}" for column in columns), *rows])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the seed that chooses the mutants (default: 1)")
    parser.add_argument(
        "--count", type=int, default=400, help="mutants of all four packages together (default: 400)"
    )
    parser.add_argument(
        "--package", action="append", choices=TESTS, help="a package; repeat it for more (default: all)"
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="mutants at the same time, each in a copy (default: 1)"
    )
    parser.add_argument(
        "--again", type=Path, metavar="FILE", help="only the mutants printed in this file, by an earlier run"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
