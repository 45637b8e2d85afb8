"""Time a whole book: Bifolio cold, after an edit and unchanged, against other programs on the same text.

Programs that take a stylesheet use the same one. All run in turn as whole processes (A B C A B C ...), and
each ratio is to WeasyPrint on the whole document in the same round. A peer that is not installed is left out,
and the table says so. README.md describes how to install the peers.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pikepdf
from article import CannotRun, positive
from peers import Workspace, bifolio, environment, others, prepare_text, weasyprint
from stopwatch import Cost, RunFailed, time_run
from texts import ARTICLE, BOOK, LONGFORM, Size

SIZES = {"article": ARTICLE, "longform": LONGFORM, "book": BOOK}
_BASE = "WeasyPrint, whole"
_SHORT = 6
"""Runs of less wall time than this, in seconds, are repeated."""


@dataclass(slots=True)
class Row:
    """The results of a run: its cost in each round, and the number of pages of its PDF."""

    name: str
    costs: list[Cost]
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its preparation, its command, the name of its edition and the accepted exit codes."""

    name: str
    prepare: Callable[[Workspace], None]
    command: tuple[str, ...]
    makes: str
    accepted: tuple[int, ...] = (0,)


def edit(workspace: Workspace) -> None:
    """Add a sentence to one chapter, as an author would."""
    chapters = sorted(workspace.text.glob("[0-9]*.md")) if workspace.text.is_dir() else [workspace.text]
    path = chapters[len(chapters) // 2]
    path.write_text(path.read_text("utf-8") + f"\nAnd so on, {time.monotonic_ns()} times.\n", "utf-8")


def clear(workspace: Workspace) -> None:
    """Clear the build cache."""
    shutil.rmtree(workspace.cache, ignore_errors=True)


def nothing(workspace: Workspace) -> None:
    """Prepare nothing."""


def runs(workspace: Workspace) -> Iterator[Run]:
    """Yield the runs in the order in which they are timed."""
    stem = workspace.text.stem
    base = weasyprint(workspace)
    yield Run(base.name, nothing, base.command, base.makes)
    for name, before, options in (
        ("Bifolio PDF, cold", clear, ("--only", "pdf")),
        ("Bifolio both, cold", clear, ()),
        ("Bifolio both, after an edit", edit, ()),
        ("Bifolio both, unchanged", nothing, ()),
        ("Bifolio EPUB, cold", clear, ("--only", "epub")),
    ):
        made = f"{stem}.epub" if "epub" in options else f"{stem}.pdf"
        # Exit code 1: the editions are made, and the source has findings of severity error.
        yield Run(name, before, bifolio(workspace, *options), made, (0, 1))
    for peer in others(workspace):
        yield Run(peer.name, nothing, peer.command, peer.makes)


def measure(size: Size, rounds: int) -> list[Row]:
    """Time every run *rounds* times; return the results of each."""
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as scratch:
        workspace = prepare_text(size, Path(scratch))
        for _ in range(rounds):
            for run in runs(workspace):
                row = rows.setdefault(run.name, Row(run.name, []))
                if not run.command:
                    continue
                try:
                    row.costs.append(_cost(run, workspace))
                    row.pages = _pages(workspace.out / run.makes)
                except RunFailed as error:
                    print(f"{run.name}: {error}", file=sys.stderr)
    return list(rows.values())


def _cost(run: Run, workspace: Workspace) -> Cost:
    """Return the cost of *run*: for a short one, whose time other work can double, the median of three."""
    costs = [_time(run, workspace)]
    if costs[0].wall < _SHORT:
        costs += [_time(run, workspace), _time(run, workspace)]
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def _time(run: Run, workspace: Workspace) -> Cost:
    """Prepare and time *run*; raise RunFailed if it does not write its edition."""
    run.prepare(workspace)
    made = workspace.out / run.makes
    before = made.stat().st_mtime_ns if made.exists() else 0
    cost = time_run(
        run.command, workspace.peers, workspace.out / "log", environment(workspace.cache), run.accepted
    )
    if not made.exists() or (made.stat().st_mtime_ns == before and "unchanged" not in run.name):
        raise RunFailed(f"{made.name} was not made")
    return cost


def _pages(path: Path) -> int:
    if path.suffix != ".pdf":
        return 0
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def table(rows: Sequence[Row]) -> str:
    """Return the medians, and the median ratios to WeasyPrint in the same round, as a Markdown table."""
    base = next(row for row in rows if row.name == _BASE).costs
    lines = [
        "| run | seconds | ratio | CPU seconds | ratio of CPU | MiB | pages |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        if not row.costs or len(row.costs) < len(base):
            lines.append(f"| {row.name} | {'failed' if row.costs else 'not here'} | | | | | |")
            continue
        ratio = median(one.wall / other.wall for one, other in zip(row.costs, base, strict=True))
        cpu_ratio = median(one.cpu / other.cpu for one, other in zip(row.costs, base, strict=True))
        wall, cpu = median(one.wall for one in row.costs), median(one.cpu for one in row.costs)
        peak = median(one.peak for one in row.costs)
        lines.append(
            f"| {row.name} | {wall:.2f} | {ratio:.3f} | {cpu:.2f} | {cpu_ratio:.3f} | {peak:.0f}"
            f" | {row.pages or ''} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Read the arguments, time the runs, print the tables, write them if asked; return the exit code."""
    parser = argparse.ArgumentParser(description="Time whole texts against peers.")
    parser.add_argument("--size", choices=SIZES, action="append", help="which text (default: all)")
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="rounds (default: 3)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables to FILE too")
    arguments = parser.parse_args()
    heading = (
        f"Python {platform.python_version()}, WeasyPrint {version('weasyprint')}, "
        f"{os.cpu_count()} cores, medians of {arguments.rounds} in turn; "
        "each ratio is to WeasyPrint on the whole document in the same round."
    )
    parts = [heading]
    try:
        for name in arguments.size or SIZES:
            parts.append(f"## {name}\n\n{table(measure(SIZES[name], arguments.rounds))}")
            print(f"{parts[-1]}\n", flush=True)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.write:
        arguments.write.write_text("# Benchmarks\n\n" + "\n\n".join(parts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
