"""Measure how time and memory grow with a book: a book, and one of ten times its chapters.

`texts.py` generates each book; one run of the command builds both editions cold. See README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pikepdf
from article import positive
from peers import STYLESHEET, environment
from stopwatch import Cost, RunFailed, time_run
from texts import BOOK, write_text

_CHAPTERS = 31
"""Ten times as many make 5,000 pages."""
_TIMES = 10
_MOST_TIME, _MOST_MEMORY, _MOST_MIB = 11.0, 2.0, 1536.0
"""Limits: time and worker memory relative to a tenth of the book; memory of all processes, in MiB."""


def build(chapters: int) -> tuple[Cost, int]:
    """Build a book of *chapters* cold; return the cost and the number of pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_text(replace(BOOK, chapters=chapters), folder / "text")
        (folder / "text" / "book.toml").write_text(
            'title = "The book of salt"\nlanguage = "en"\nfront = []\n', "utf-8"
        )
        command = (sys.executable, "-m", "bifolio", "build", "text", "--into", "out", "--paper", "a5",
                   "--style", str(STYLESHEET))  # fmt: skip
        cost = time_run(command, folder, folder / "log", environment(folder / "cache"))
        with pikepdf.open(folder / "out" / "text.pdf") as pdf:
            return cost, len(pdf.pages)


def main() -> int:
    """Build the books and print the table; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description="Measure how time and memory grow with a book.")
    parser.add_argument(
        "--chapters", type=positive, default=_CHAPTERS, metavar="N", help=f"of the first book ({_CHAPTERS})"
    )
    chapters = parser.parse_args().chapters
    print("| chapters | pages | seconds | CPU seconds | MiB | MiB of a worker | MiB of the largest |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    costs = []
    try:
        for count in (chapters, chapters * _TIMES):
            cost, pages = build(count)
            costs.append(cost)
            times, memory = (cost.wall, cost.cpu), (cost.peak, cost.worker, cost.child)
            figures = (*(f"{seconds:.1f}" for seconds in times), *(f"{mib:.0f}" for mib in memory))
            print(f"| {count} | {pages} | {' | '.join(figures)} |", flush=True)
    except RunFailed as error:
        print(error, file=sys.stderr)
        return 1
    small, large = costs
    found = (
        ("times the seconds", large.wall / small.wall, _MOST_TIME),
        ("times the CPU seconds", large.cpu / small.cpu, _MOST_TIME),
        ("times the memory of a worker", large.worker / small.worker if small.worker else 1.0, _MOST_MEMORY),
        ("MiB in all", large.peak, _MOST_MIB),
    )
    for what, value, most in found:
        print(f"{value:.2f} {what}, of {most:.0f} at most")
    return 0 if all(value <= most for _, value, most in found) else 1


if __name__ == "__main__":
    sys.exit(main())
