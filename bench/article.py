"""Time one Markdown source to an EPUB and a PDF: Bifolio against pandoc with WeasyPrint.

Both read the same file, use the same stylesheet and lay the PDF out with the same WeasyPrint.
They run in turn (A B A B ...) as whole processes, so that other work of the machine slows both alike:
the ratio of each pair is more reliable than any time. README.md describes what is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
STYLESHEET = ROOT / "styles" / "bifolio.css"
_MIB = 2**20 if sys.platform == "darwin" else 2**10
"""A mebibyte in the unit of `ru_maxrss`: bytes on macOS, KiB elsewhere."""


class CannotRun(Exception):
    """A program or file that the benchmark needs is missing."""


class RunFailed(Exception):
    """A timed process failed or did not write its edition."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time and CPU time in seconds and peak memory of a process, including its children."""

    wall: float
    cpu: float
    peak: float
    """The largest resident set of any one of its processes, in MiB."""

    def __add__(self, other: Cost) -> Cost:
        """Return the cost of both processes, run one after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))

    def __truediv__(self, other: Cost) -> Cost:
        """Return the ratio of each figure."""
        return Cost(self.wall / other.wall, self.cpu / other.cpu, self.peak / other.peak)


@dataclass(frozen=True, slots=True)
class Step:
    """A process to time: its command, working folder, output files and accepted exit codes."""

    name: str
    command: tuple[str | Path, ...]
    folder: Path
    outputs: tuple[Path, ...]
    accepted: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Peer:
    """The programs that make up the peer."""

    pandoc: Path
    weasyprint: Path


def find_peer() -> Peer:
    """Return the peer's programs; raise CannotRun if one is missing."""
    spec = find_spec("pypandoc")
    # Not pypandoc's own search, which prefers the pandoc of the system if that is newer.
    folders = spec.submodule_search_locations if spec else None
    pandoc = shutil.which("pandoc", path=str(Path(folders[0], "files"))) if folders else None
    if pandoc is None:
        raise CannotRun(
            "The peer is missing: pandoc, from the package pypandoc_binary (the extra `bench`).\n"
            "Install it into this environment with `python -m pip install pypandoc_binary`."
        )
    weasyprint = shutil.which("weasyprint", path=sysconfig.get_path("scripts"))
    if weasyprint is None:
        raise CannotRun(
            "The command `weasyprint` is not installed with this Python; install the project here."
        )
    return Peer(Path(pandoc), Path(weasyprint))


def bifolio_steps(source: Path, into: Path) -> list[Step]:
    """Return side A: one process that makes both editions."""
    command = (sys.executable, "-m", "bifolio", "build", source, "--into", into, "--style", STYLESHEET)
    outputs = tuple(into / f"{source.stem}.{kind}" for kind in ("epub", "pdf"))
    # Exit code 1: the editions are made, and the source has findings of severity error.
    return [Step("bifolio build", command, ROOT, outputs, accepted=(0, 1))]


def peer_steps(source: Path, into: Path, peer: Peer) -> list[Step]:
    """Return side B: a process for each edition."""
    epub, pdf = into / f"{source.stem}.epub", into / f"{source.stem}.pdf"
    read = (peer.pandoc, "--from", "markdown", source, "--css", STYLESHEET)
    engine = ("--standalone", "--pdf-engine", peer.weasyprint)
    return [
        Step("EPUB: pandoc", (*read, "--to", "epub3", "--output", epub), source.parent, (epub,)),
        Step("PDF: pandoc, WeasyPrint", (*read, "--to", "html5", *engine, "--output", pdf),
             source.parent, (pdf,)),
    ]  # fmt: skip


def run(step: Step, log: Path, environment: dict[str, str]) -> Cost:
    """Run *step* and return its cost; raise RunFailed with its output if it fails."""
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            step.command, cwd=step.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    is_complete = all(path.is_file() and path.stat().st_size for path in step.outputs)
    if process.returncode not in step.accepted or not is_complete:
        message = log.read_text(encoding="utf-8", errors="replace").strip()
        raise RunFailed(f"{step.name} failed with exit code {process.returncode}.\n{message}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MIB)


def measure(
    sides: Sequence[Callable[[Path], list[Step]]], runs: int, scratch: Path
) -> list[list[dict[str, Cost]]]:
    """Run the *sides* in turn, each after a warm-up; return the cost of every step, by run and side.

    Bytecode goes to *scratch* too, so that the warm-up compiles it and nothing is written to the project.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(scratch / "pycache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    rounds = []
    for index in range(runs + 1):
        costs = []
        for side in sides:
            with tempfile.TemporaryDirectory(dir=scratch) as into:
                steps = side(Path(into))
                costs.append({step.name: run(step, scratch / "log", environment) for step in steps})
        if index:
            rounds.append(costs)
    return rounds


def total(steps: dict[str, Cost]) -> Cost:
    """Return the cost of all *steps*."""
    first, *others = steps.values()
    for cost in others:
        first += cost
    return first


def combine(pick: Callable[[list[float]], float], costs: Sequence[Cost]) -> Cost:
    """Return *pick* of the figures of *costs*, applied to each figure separately."""
    return Cost(pick([c.wall for c in costs]), pick([c.cpu for c in costs]), pick([c.peak for c in costs]))


def report(rounds: list[list[dict[str, Cost]]]) -> str:
    """Return the table of the medians and of the ratios of the pairs."""

    def line(name: str, cost: Cost, peak: str = ".0f") -> str:
        return f"{name:<32}{cost.wall:>8.2f}{cost.cpu:>8.2f}{cost.peak:>10{peak}}"

    a, b = [total(costs[0]) for costs in rounds], [total(costs[1]) for costs in rounds]
    ratios = [one / other for one, other in zip(a, b, strict=True)]
    lines = [f"{'median':<32}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}"]
    lines += [line("A  bifolio build", combine(median, a)), line("B  the peer", combine(median, b))]
    lines += [line(f"   {name}", combine(median, [c[1][name] for c in rounds])) for name in rounds[0][1]]
    lines += ["", line("A/B of each pair, median", combine(median, ratios), ".2f")]
    lines += [line(f"   {pick.__name__}", combine(pick, ratios), ".2f") for pick in (min, max)]
    return "\n".join(lines)


def pandoc_version(pandoc: Path) -> str:
    """Return the version that *pandoc* reports."""
    output = subprocess.run([pandoc, "--version"], capture_output=True, text=True, check=True).stdout
    return output.split("\n")[0].removeprefix("pandoc").strip()


def positive(text: str) -> int:
    """Return *text* as an integer of at least 1; raise ValueError for any other."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main() -> int:
    """Read the arguments, time both sides, print the table; return the exit code."""
    parser = argparse.ArgumentParser(description="Time one Markdown source to EPUB and PDF, against pandoc.")
    parser.add_argument("source", nargs="?", type=Path, default=ROOT / "source" / "article.md",
                        metavar="SOURCE", help="a Markdown file (default: source/article.md)")  # fmt: skip
    parser.add_argument("--runs", type=positive, default=7, metavar="N", help="pairs to time (default: 7)")
    arguments = parser.parse_args()
    source: Path = arguments.source.resolve()
    try:
        for path in (source, STYLESHEET):
            if not path.is_file():
                raise CannotRun(f"There is no file {path.name}.")
        peer = find_peer()
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        sides = (lambda into: bifolio_steps(source, into), lambda into: peer_steps(source, into, peer))
        try:
            rounds = measure(sides, arguments.runs, Path(scratch))
        except RunFailed as error:
            print(error, file=sys.stderr)
            return 1
    print(
        f"{source.name}, pairs: {arguments.runs}, after a warm-up each. "
        f"Python {platform.python_version()}, WeasyPrint {version('weasyprint')}, "
        f"pandoc {pandoc_version(peer.pandoc)}\n"
    )
    print(report(rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
