"""Build books and posts by other authors, and compare the contents of each edition with those of the source.

A difference is explained if the build reported it: fewer images, for example, by as many findings about
images. README.md describes what is printed.
"""

from __future__ import annotations

import argparse
import re
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
from bifolio.checks.file_readers.extracted_text import ExtractedText
from bifolio.checks.source_parser.parser import source_text
from bifolio.checks.validators.epubcheck import run_epubcheck
from bifolio.model.findings import CATALOGUE

_SUFFIXES = (".md", ".markdown", ".mdown")
_BATCH = 50
"""The number of EPUBs that one run of EPUBCheck validates."""
LETTERS = "letters of words"
EXPLAIN = {
    "images": ("picture-missing", "picture-remote", "picture-outside", "picture-unreadable"),
    "external links": ("link-refused",),
    "notes": ("note-uncited", "note-twice"),
}
"""The findings that explain why an edition has fewer elements of a kind than its source."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of element, and its number in the source, the EPUB and, if built, the PDF."""

    kind: str
    numbers: tuple[int, ...]
    explained: int = 0
    """How many of the missing elements the build reported."""
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one source."""

    source: Path
    epub: Path | None
    """None if the build failed."""
    rows: tuple[Row, ...]
    codes: tuple[str, ...]
    """The codes of the findings, one for each."""
    differences: tuple[str, ...]
    """Unexplained differences, described in words."""


def build_and_compare(task: tuple[Path, Path], only: str | None) -> Result:
    """Build a source into a folder, the two values of *task*, and compare the editions with the source."""
    source, into = task
    try:
        made = make(source, into, only=only)
    except BifolioError as error:
        return Result(source, None, (), (), (str(error),))
    except Exception:  # a defect: report it, and continue with the next source
        return Result(source, None, (), (), (traceback.format_exc(limit=-3),))
    files = [source, *(file.path for file in made.files)]
    counts = count_files(files)
    rows = [_row(kind, numbers, made.findings, source_text(source)) for kind, numbers in counts.rows]
    readings = [READERS[path.suffix.lower()](path) for path in files]
    rows.append(_letters(readings))
    differences = [f"{row.kind}: {row.numbers}" for row in rows if row.unexplained]
    for other, path in zip(readings[1:], files[1:], strict=True):
        differences += [finding.message for finding in compare(readings[0], other, path)]
    differences += [finding.message for finding in made.findings if finding.code == "word-lost"]
    codes = tuple(finding.code for finding in made.findings)
    epub = next((path for path in files if path.suffix == ".epub"), None)
    return Result(source, epub, tuple(rows), codes, tuple(dict.fromkeys(differences)))


def _row(kind: str, numbers: tuple[int, ...], findings: Iterable[Finding], text: str) -> Row:
    reported = 0
    explaining = [finding for finding in findings if finding.code in EXPLAIN.get(kind, ())]
    for finding in {finding.message: finding for finding in explaining}.values():
        # An image or link that occurs twice in a block is reported once.
        url = _url(finding)
        reported += max(text.count(url), 1) if url else 1
    lost = [numbers[0] - number for number in numbers]
    explained = [0 < less <= reported for less in lost]
    # An element missing from both editions is one loss.
    return Row(
        kind, numbers,
        max((less for less, good in zip(lost, explained, strict=True) if good), default=0),
        max((abs(less) for less, good in zip(lost, explained, strict=True) if not good), default=0),
    )  # fmt: skip


def _url(finding: Finding) -> str | None:
    """Return the URL that *finding* is about, read from its message by the template in the catalogue."""
    template = re.escape(CATALOGUE[finding.code].message)
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", template)
    match = re.fullmatch(pattern, finding.message, re.DOTALL)
    fields = match.groupdict() if match else {}
    return fields.get("picture") or fields.get("target")


def _letters(readings: Sequence[ExtractedText]) -> Row:
    """Count the letters below the title, which the comparison of words compares."""
    parts_by_edition = [list(pair_parts(readings[0], edition)) for edition in readings[1:]]
    numbers = (
        sum(len(part.first_letters) for part in parts_by_edition[0]),
        *(sum(len(part.second_letters) for part in parts) for parts in parts_by_edition),
    )
    unlike = sum(part.first_letters != part.second_letters for parts in parts_by_edition for part in parts)
    return Row(LETTERS, numbers, unexplained=unlike)


def sources(path: Path) -> list[Path]:
    """Return the Markdown files at or below *path*, without empty ones, which cannot be built.

    A list of chapters is left out: it makes a book of the other files.
    """
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    texts = (file for file in files if file.suffix.lower() in _SUFFIXES and file.name != "SUMMARY.md")
    return [file for file in texts if file.is_file() and _has_text(file)]


def _has_text(file: Path) -> bool:
    return bool(file.read_bytes().strip())


def validate(results: Sequence[Result]) -> list[str]:
    """Return the findings of EPUBCheck in all EPUBs, with the names of their sources."""
    books = {each.epub: each.source for each in results if each.epub}
    messages = []
    for start in range(0, len(books), _BATCH):
        for finding in run_epubcheck(list(books)[start : start + _BATCH]):
            source = books.get(finding.where.file) if finding.where else None
            messages.append(f"{source}: {finding.message}")
    return messages


def report(results: Sequence[Result], editions: Sequence[str]) -> str:
    """Return the table of the sums of all counts."""
    kinds = sorted({row.kind for each in results for row in each.rows})
    head = "".join(f"{name:>11}" for name in ("source", *editions, "explained", "unexplained"))
    lines = [f"  {'':<22}{head}"]
    for kind in kinds:
        rows = [row for each in results for row in each.rows if row.kind == kind]
        sums = [sum(numbers) for numbers in zip(*(row.numbers for row in rows), strict=True)]
        sums += [sum(row.explained for row in rows), sum(row.unexplained for row in rows)]
        lines.append(f"  {kind:<22}" + "".join(f"{number:>11,}" for number in sums))
    codes = Counter(code for each in results for code in each.codes)
    findings = ", ".join(f"{code} {number}" for code, number in sorted(codes.items()))
    return "\n".join([*lines, f"  findings: {findings or 'none'}"])


def main() -> int:
    """Build all sources and print a table for each argument; return 1 if a difference is unexplained."""
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
            run = partial(build_and_compare, only=arguments.only)
            results = list(pool.map(run, zip(files, folders, strict=True)))
            messages = validate(results)
        built = sum(each.epub is not None for each in results)
        print(f"{path}: {len(files)} files, {built} built, {len(messages)} errors of EPUBCheck")
        print(report(results, ("EPUB",) if arguments.only else ("EPUB", "PDF")))
        differences = [f"{each.source}: {difference}" for each in results for difference in each.differences]
        print(*(f"  {difference}" for difference in messages + differences), sep="\n", flush=True)
        good = good and not messages and not differences
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
