"""Time a whole book: Bifolio cold, after an edit and unchanged, against what others need for the same text.

All wear the same sheet where they take one. They run in turn as whole processes (A B C A B C ...), and each
figure is a ratio to WeasyPrint on the whole document in the same round. A peer that is not here is left out,
and the table says so. See README.md for how to install them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import psutil
from article import CannotRun, find_peer, positive
from texts import ARTICLE, BOOK, LONGFORM, Size, write_text

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "styles" / "bifolio.css"
SIZES = {"article": ARTICLE, "longform": LONGFORM, "book": BOOK}
_POLL = 0.5
"""Seconds between two looks at the memory of a process and its children."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    wall: float
    peak: float
    """The most memory of all its processes together, in MiB."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a text lies, and where editions go."""

    text: Path
    """The folder of the chapters."""
    whole: Path
    """All chapters in one file, in the same folder."""
    page: Path
    """The same as HTML."""
    out: Path
    cache: Path


def bifolio(desk: Desk, *options: str) -> list[str]:
    """Return the command that binds the text."""
    source = desk.text if len(list(desk.text.glob("[0-9]*.md"))) > 1 else next(desk.text.glob("[0-9]*.md"))
    return [sys.executable, "-m", "bifolio", "build", str(source), "--into", str(desk.out),
            "--paper", "a5", "--style", str(SHEET), *options]  # fmt: skip


def edit(desk: Desk) -> None:
    """Change one chapter by a word, as an author would."""
    chapters = sorted(desk.text.glob("[0-9]*.md"))
    path = chapters[len(chapters) // 2]
    path.write_text(path.read_text("utf-8") + f"\nAnd so on, {time.monotonic_ns()} times.\n", "utf-8")


def runs(desk: Desk) -> Iterator[tuple[str, Callable[[], None], list[str]]]:
    """Give each run: its name, what is done before, and its command."""

    def nothing() -> None:
        return

    def clear() -> None:
        shutil.rmtree(desk.cache, ignore_errors=True)

    peer = find_peer()
    sheet = ["--css", str(SHEET)]
    yield "WeasyPrint, whole", nothing, [str(peer.weasyprint), str(desk.page), str(desk.out / "w.pdf")]
    yield "Bifolio PDF, cold", clear, bifolio(desk, "--only", "pdf")
    yield "Bifolio both, cold", clear, bifolio(desk)
    yield "Bifolio both, after an edit", lambda: edit(desk), bifolio(desk)
    yield "Bifolio both, unchanged", nothing, bifolio(desk)
    yield "Bifolio EPUB", nothing, bifolio(desk, "--only", "epub")
    yield "Pandoc EPUB", nothing, [str(peer.pandoc), str(desk.whole), *sheet, "-o", str(desk.out / "p.epub")]
    yield "Pandoc PDF with WeasyPrint", nothing, [
        str(peer.pandoc), str(desk.whole), *sheet, "--standalone", "--to", "html5",
        "--pdf-engine", str(peer.weasyprint), "-o", str(desk.out / "p.pdf"),
    ]  # fmt: skip
    yield from others(desk)


def others(desk: Desk) -> Iterator[tuple[str, Callable[[], None], list[str]]]:
    """Give the runs of the peers that are installed."""

    def nothing() -> None:
        return

    tools = Path(__file__).parent / "node_modules" / ".bin"
    chromium = shutil.which("chromium") or ""
    if find_spec("typst"):
        script = f"import typst; typst.compile('whole.typ', output={str(desk.out / 't.pdf')!r})"
        yield "Typst PDF", nothing, [sys.executable, "-c", script]
    if (tools / "percollate").exists() and chromium:
        yield "percollate PDF", nothing, [
            str(tools / "percollate"), "pdf", "--unsafe", "--no-sandbox", str(desk.page),
            "-o", str(desk.out / "c.pdf"),
        ]  # fmt: skip
    if (tools / "vivliostyle").exists() and chromium:
        yield "Vivliostyle PDF", nothing, [
            str(tools / "vivliostyle"), "build", str(desk.page), "-o", str(desk.out / "v.pdf"),
            "--executable-browser", chromium,
        ]  # fmt: skip


def lay_out(size: Size, folder: Path) -> Desk:
    """Write the text of *size* into *folder*, and what the peers read made of it."""
    text, out = folder / "text", folder / "out"
    chapters = write_text(size, text)
    out.mkdir()
    whole = text / "whole.txt"  # no Markdown by its name, so that the book does not hold it
    whole.write_text("\n\n".join(path.read_text("utf-8") for path in chapters), "utf-8")
    peer = find_peer()
    read = [str(peer.pandoc), "--from", "markdown", str(whole), "--standalone"]
    page = text / "whole.html"
    # The class lets the sheet see a chapter in each, as it does in the editions.
    subprocess.run([*read, "--css", str(SHEET), "--metadata", "title=Text", "-o", str(page)], check=True)
    typst = ["--to", "typst", "-o", str(text / "whole.typ")]
    subprocess.run([*read, *typst], check=True)
    return Desk(text, whole, page, out, folder / "cache")


def time_run(command: list[str], desk: Desk) -> Cost:
    """Run *command*; raise CannotRun, with what it said, where it fails."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(desk.cache), "PYTHONPATH": str(ROOT)}
    log = desk.out / "log"
    with log.open("wb") as said:
        begun = time.perf_counter()
        process = psutil.Popen(command, cwd=desk.text, env=environment, stdout=said, stderr=said)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory(process))
            time.sleep(_POLL)
        wall = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise CannotRun(f"{command[0]} failed: {log.read_text('utf-8', 'replace')[-500:]}")
    return Cost(wall, peak)


def _memory(process: psutil.Popen) -> float:
    """Return the memory of *process* and its children, what they share counted once, in MiB."""
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            info = one.memory_full_info()
            total += getattr(info, "pss", info.uss)
    except psutil.Error:
        return 0.0
    return total / 2**20


def measure(size: Size, rounds: int) -> dict[str, list[Cost]]:
    """Time every run *rounds* times, after a warm-up; return its costs by name."""
    costs: dict[str, list[Cost]]
    with tempfile.TemporaryDirectory() as scratch:
        desk = lay_out(size, Path(scratch))
        costs = {name: [] for name, _, _ in runs(desk)}
        for _ in range(rounds):
            for name, prepare, command in runs(desk):
                prepare()
                try:
                    costs[name].append(time_run(command, desk))
                except CannotRun as error:
                    print(f"{name}: {error}", file=sys.stderr)
    return costs


def table(costs: dict[str, list[Cost]]) -> str:
    """Return the medians, and the median ratios to WeasyPrint of the same round, as Markdown."""
    base = costs["WeasyPrint, whole"]
    lines = ["| run | seconds | ratio | MiB |", "| --- | ---: | ---: | ---: |"]
    for name, found in costs.items():
        if not found:
            lines.append(f"| {name} | failed | | |")
            continue
        ratio = median(one.wall / other.wall for one, other in zip(found, base, strict=False))
        wall, peak = median(one.wall for one in found), median(one.peak for one in found)
        lines.append(f"| {name} | {wall:.2f} | {ratio:.3f} | {peak:.0f} |")
    return "\n".join(lines)


def main() -> int:
    """Read the arguments, time, print the tables and write them where asked; return the exit code."""
    parser = argparse.ArgumentParser(description="Time whole texts against peers.")
    parser.add_argument("--size", choices=SIZES, action="append", help="which text (default: all)")
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="rounds (default: 3)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables to FILE too")
    arguments = parser.parse_args()
    head = (
        f"Python {platform.python_version()}, WeasyPrint {version('weasyprint')}, "
        f"{os.cpu_count()} cores, {arguments.rounds} rounds, medians; "
        "each ratio is to WeasyPrint on the whole document in the same round."
    )
    parts = [head]
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
