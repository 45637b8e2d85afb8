"""The twin check: every word of one file stands, in order, in the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

from bifolio.checks.readers.epub import read_epub
from bifolio.checks.readers.extracted_text import ExtractedText, letters, word_at
from bifolio.checks.readers.page_text_cache import PageTextCache
from bifolio.checks.readers.pdf import read_pdf, start_reading
from bifolio.checks.source.read import read_source
from bifolio.model.findings import Finding, Where, found

READERS: dict[str, Callable[[Path], ExtractedText]] = {
    ".epub": read_epub,
    ".pdf": read_pdf,
    ".md": read_source,
    ".markdown": read_source,
    ".mdown": read_source,
    ".txt": read_source,
    ".text": read_source,
}
_LOOK_AHEAD = 400
"""How many letters after a difference are searched for where the texts meet again."""
_LONGEST_DATE = 80
_MIRRORED = str.maketrans(">\N{GREATER-THAN OR EQUAL TO}", "<\N{LESS-THAN OR EQUAL TO}")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True, slots=True)
class PartPair:
    """One part of two readings, held against each other."""

    part: str
    here: str
    """As words."""
    there: str
    mine: str
    """As letters: these are what is compared."""
    theirs: str


def compare_files(files: Sequence[Path], texts: PageTextCache | None = None) -> list[Finding]:
    """Compare the text of each of *files* with the next; return the first difference of each pair.

    A file that cannot be read is a finding too. *texts* is as for `start_reading`.
    """
    readings: list[tuple[Path, ExtractedText]] = []
    findings: list[Finding] = []
    paper = next((path for path in files if path.suffix.lower() == ".pdf"), None)
    with ExitStack() as stack:
        # The others are read while it is.
        finish = stack.enter_context(start_reading(paper, texts)) if paper else None
        for path in files:
            read = finish if finish and path is paper else partial(READERS[path.suffix.lower()], path)
            try:
                readings.append((path, read()))
            except ValueError as error:
                findings.append(found("edition-unreadable", Where(path), why=str(error)))
    # The source first: it is what the editions are held to.
    readings.sort(key=lambda pair: READERS[pair[0].suffix.lower()] is not read_source)
    for (_, one), (path, other) in pairwise(readings):
        findings += compare(one, other, path)
    return findings


def compare(one: ExtractedText, other: ExtractedText, path: Path) -> list[Finding]:
    """Compare two readings; *path* is the file of *other*. Return the first difference of each part."""
    return [
        _difference(held.part, (one.name, held.here, held.mine), (other.name, held.there, held.theirs), path)
        for held in pair_parts(one, other)
        if held.mine != held.theirs
    ]


def pair_parts(one: ExtractedText, other: ExtractedText) -> Iterator[PartPair]:
    """Hold two readings against each other, part by part; where *one* is a source, below the title."""
    parts: tuple[tuple[str, str, str], ...] = (
        ("text", one.text, other.text),
        ("notes", one.notes, other.notes),
    )
    if one.references is not None and other.references is not None:
        parts = (*parts, ("references", one.references, other.references))
    for part, here, there in parts:
        mine = letters(here)
        if part == "text" and one.heading:
            there = _below_heading(letters(one.heading), mine, there)
        theirs = in_logical_order(there, mine) if other.as_seen else letters(there)
        if one.as_seen and not other.as_seen:
            mine = in_logical_order(here, theirs)
        yield PartPair(part, here, there, mine, theirs)


def in_logical_order(text: str, order: str) -> str:
    """Return the letters of *text*; if some run from right to left, those of a line in the order of *order*.

    That is the text which *text* is held against. Lines that do not have the same letters stay as they are.
    """
    if not _RIGHT_TO_LEFT.search(text):
        return letters(text)
    read: list[str] = []
    place = 0
    # Beside such words those from left to right stand in another order too.
    for line in map(letters, text.split("\n")):
        meant = order[place : place + len(line)]
        place += len(line)
        read.append(meant if line != meant and _bag(line) == _bag(meant) else line)
    return "".join(read)


def _bag(line: str) -> list[str]:
    """Return the letters of *line* in an order of their own; what is drawn as in a mirror counts as one."""
    return sorted(line.translate(_MIRRORED))


def _below_heading(heading: str, text: str, there: str) -> str:
    """Return what the edition that says *there* has below its title block; *text* are the letters of that.

    The block is the heading of the source, and perhaps a date in words.
    """
    theirs = in_logical_order(there, heading + text)
    if not theirs.startswith(heading):
        return there
    limit = len(heading) + _LONGEST_DATE
    start = theirs.find(text[:40], len(heading), limit + 40)
    if start < 0:  # behind a date, lines from right to left do not meet their like
        ends = accumulate(len(letters(line)) for line in there.split("\n"))
        rest = len(theirs) - len(text)
        start = rest if len(heading) < rest <= limit and rest in ends else len(heading)
    passed = 0
    for word in re.finditer(r"\S+", there):
        if passed >= start:
            return there[word.start() :]
        passed += len(letters(word[0]))
    return ""


def _difference(part: str, one: tuple[str, str, str], other: tuple[str, str, str], path: Path) -> Finding:
    """Return the first difference of two texts, each given by name, as words and as letters."""
    mine, theirs = one[2], other[2]
    place = next(
        (i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b),
        min(len(mine), len(theirs)),
    )
    ahead = theirs[place : place + 24]
    # What stands in the second text here comes later in the first: the first has more.
    lost = not ahead or ahead in mine[place : place + _LOOK_AHEAD]
    back = mine[place : place + 24]
    added = not lost and (not back or back in theirs[place : place + _LOOK_AHEAD])
    here, there = (other, one) if added else (one, other)
    word, before = word_at(here[1], place)
    return found("word-lost", Where(path), word=word, part=part, here=here[0], there=there[0], before=before)
