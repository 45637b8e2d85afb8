"""Build books and posts that others wrote, and print what each edition holds beside what the source holds.

A difference is explained where the build told of it: fewer pictures, say, by as many findings about pictures.
See README.md for what is printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bifolio import BifolioError, Finding, make
from bifolio.checks.compare import READERS, compare, pair_parts
from bifolio.checks.counts.count_table import count_files
from bifolio.checks.readers.extracted_text import ExtractedText
from bifolio.checks.source.parser import source_text
from bifolio.checks.validators.epubcheck import run_epubcheck

_ENDINGS = (".md", ".markdown", ".mdown")
_BATCH = 50
"""How many EPUBs one Java reads."""
LETTERS = "letters of words"
EXPLAIN = {
    "images": ("picture-missing", "picture-remote", "picture-outside", "picture-unreadable"),
    "external links": ("link-refused",),
    "notes": ("note-uncited", "note-twice"),
}
"""The findings that tell why an edition holds fewer of a kind than its source."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of thing: how many the source, the EPUB and perhaps the PDF hold."""

    kind: str
    numbers: tuple[int, ...]
    explained: int = 0
    """How many of the differences the build told of."""
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of one file."""

    source: Path
    epub: Path | None
    """None where nothing could be made."""
    rows: tuple[Row, ...]
    codes: tuple[str, ...]
    """Of the findings, one for each."""
    troubles: tuple[str, ...]
    """What nobody explained, in words."""


def weigh(work: tuple[Path, Path], only: str | None) -> Weighed:
    """Build a source into a folder, *work* being the two, and hold the editions against it."""
    source, into = work
    try:
        made = make(source, into, only=only)
    except BifolioError as error:
        return Weighed(source, None, (), (), (str(error),))
    except Exception:  # the point is to learn of it, and to go on
        return Weighed(source, None, (), (), (traceback.format_exc(limit=-3),))
    files = [source, *(file.path for file in made.files)]
    measured = count_files(files)
    rows = [_row(kind, numbers, made.findings, source_text(source)) for kind, numbers in measured.rows]
    readings = [READERS[path.suffix.lower()](path) for path in files]
    rows.append(_letters(readings))
    troubles = [f"{row.kind}: {row.numbers}" for row in rows if row.unexplained]
    for other, path in zip(readings[1:], files[1:], strict=True):
        troubles += [finding.message for finding in compare(readings[0], other, path)]
    troubles += [finding.message for finding in made.findings if finding.code == "word-lost"]
    codes = tuple(finding.code for finding in made.findings)
    epub = next((path for path in files if path.suffix == ".epub"), None)
    return Weighed(source, epub, tuple(rows), codes, tuple(dict.fromkeys(troubles)))


def _row(kind: str, numbers: tuple[int, ...], findings: Iterable[Finding], text: str) -> Row:
    told = 0
    for message in {finding.message for finding in findings if finding.code in EXPLAIN.get(kind, ())}:
        # A picture that stands twice in a block is told once.
        told += max(text.count(message.split("`")[1]), 1) if "`" in message else 1
    lost = [numbers[0] - number for number in numbers]
    explained = [0 < less <= told for less in lost]
    # What both editions lack is one loss.
    return Row(
        kind, numbers,
        max((less for less, good in zip(lost, explained, strict=True) if good), default=0),
        max((abs(less) for less, good in zip(lost, explained, strict=True) if not good), default=0),
    )  # fmt: skip


def _letters(readings: Sequence[ExtractedText]) -> Row:
    """Count the letters below the title, which are what the comparison of words compares."""
    held = [list(pair_parts(readings[0], edition)) for edition in readings[1:]]
    numbers = (
        sum(len(part.first_letters) for part in held[0]),
        *(sum(len(part.second_letters) for part in parts) for parts in held),
    )
    unlike = sum(part.first_letters != part.second_letters for parts in held for part in parts)
    return Row(LETTERS, numbers, unexplained=unlike)


def sources(path: Path) -> list[Path]:
    """Return the Markdown files that *path* is or holds; empty ones cannot be built.

    A list of chapters is left out: what it makes is a book of the others.
    """
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    texts = (file for file in files if file.suffix.lower() in _ENDINGS and file.name != "SUMMARY.md")
    return [file for file in texts if file.is_file() and _says(file)]


def _says(file: Path) -> bool:
    return bool(file.read_bytes().strip())


def judge(weighed: Sequence[Weighed]) -> list[str]:
    """Return what EPUBCheck says of all EPUBs, with the names of their sources."""
    books = {each.epub: each.source for each in weighed if each.epub}
    said = []
    for start in range(0, len(books), _BATCH):
        for finding in run_epubcheck(list(books)[start : start + _BATCH]):
            source = books.get(finding.where.file) if finding.where else None
            said.append(f"{source}: {finding.message}")
    return said


def report(weighed: Sequence[Weighed], editions: Sequence[str]) -> str:
    """Return the table of all that was counted."""
    kinds = sorted({row.kind for each in weighed for row in each.rows})
    head = "".join(f"{name:>11}" for name in ("source", *editions, "explained", "unexplained"))
    lines = [f"  {'':<22}{head}"]
    for kind in kinds:
        rows = [row for each in weighed for row in each.rows if row.kind == kind]
        sums = [sum(numbers) for numbers in zip(*(row.numbers for row in rows), strict=True)]
        sums += [sum(row.explained for row in rows), sum(row.unexplained for row in rows)]
        lines.append(f"  {kind:<22}" + "".join(f"{number:>11,}" for number in sums))
    codes = Counter(code for each in weighed for code in each.codes)
    told = ", ".join(f"{code} {number}" for code, number in sorted(codes.items()))
    return "\n".join([*lines, f"  findings: {told or 'none'}"])


def main() -> int:
    """Build all, print a table for each argument; the exit code is 1 where a difference is unexplained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a Markdown file, or a folder")
    parser.add_argument("--only", choices=["epub"], help="no PDF, which takes most of the time")
    parser.add_argument("--first", type=int, metavar="N", help="no more than N files of a folder")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: 2)")
    arguments = parser.parse_args()
    good = True
    for path in arguments.paths:
        files = sources(path)[: arguments.first]
        with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(arguments.jobs) as pool:
            folders = [Path(scratch, str(number)) for number in range(len(files))]
            work = partial(weigh, only=arguments.only)
            weighed = list(pool.map(work, zip(files, folders, strict=True)))
            said = judge(weighed)
        built = sum(each.epub is not None for each in weighed)
        print(f"{path}: {len(files)} files, {built} built, {len(said)} errors of EPUBCheck")
        print(report(weighed, ("EPUB",) if arguments.only else ("EPUB", "PDF")))
        troubles = [f"{each.source}: {trouble}" for each in weighed for trouble in each.troubles]
        print(*(f"  {trouble}" for trouble in said + troubles), sep="\n", flush=True)
        good = good and not said and not troubles
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
