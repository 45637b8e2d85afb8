"""The twin check: every word of one file stands, in order, in the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bifolio.findings import Finding, Where, found
from bifolio.proofing.epub import read_epub
from bifolio.proofing.pdf import read_pdf
from bifolio.proofing.reading import Reading, letters, word_at
from bifolio.proofing.source import read_source

READERS: dict[str, Callable[[Path], Reading]] = {
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


@dataclass(frozen=True, slots=True)
class Held:
    """One part of two readings, held against each other."""

    part: str
    here: str
    """As words."""
    there: str
    mine: str
    """As letters: these are what is compared."""
    theirs: str


def compare_files(files: Sequence[Path]) -> list[Finding]:
    """Compare the text of each of *files* with the next; return the first difference of each pair.

    A file that cannot be read is a finding too.
    """
    readings: list[tuple[Path, Reading]] = []
    findings: list[Finding] = []
    for path in files:
        try:
            readings.append((path, READERS[path.suffix.lower()](path)))
        except ValueError as error:
            findings.append(found("edition-unreadable", Where(path), why=str(error)))
    # The source first: it is what the editions are held to.
    readings.sort(key=lambda pair: READERS[pair[0].suffix.lower()] is not read_source)
    for (_, one), (path, other) in pairwise(readings):
        findings += compare(one, other, path)
    return findings


def compare(one: Reading, other: Reading, path: Path) -> list[Finding]:
    """Compare two readings; *path* is the file of *other*. Return the first difference of each part."""
    return [
        _difference(held.part, (one.name, held.here, held.mine), (other.name, held.there, held.theirs), path)
        for held in hold(one, other)
        if held.mine != held.theirs
    ]


def hold(one: Reading, other: Reading) -> Iterator[Held]:
    """Hold two readings against each other, part by part; where *one* is a source, below the title."""
    parts: tuple[tuple[str, str, str], ...] = (
        ("text", one.text, other.text),
        ("notes", one.notes, other.notes),
    )
    if one.references is not None and other.references is not None:
        parts = (*parts, ("references", one.references, other.references))
    for part, here, there in parts:
        mine, theirs = _unordered(letters(here)), _unordered(letters(there))
        if part == "text" and one.heading:
            theirs, there = _below_heading(letters(one.heading), mine, theirs, there)
        yield Held(part, here, there, mine, theirs)


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+")


def _unordered(text: str) -> str:
    """Sort the letters of each passage that runs from right to left: a PDF keeps them as they are seen.

    A word that is missing there is still found, its place is not.
    """
    return _RIGHT_TO_LEFT.sub(lambda passage: "".join(sorted(passage.group())), text)


def _below_heading(heading: str, text: str, theirs: str, there: str) -> tuple[str, str]:
    """Return the text of an edition below the title block, as letters and as words.

    The block is the heading of the source, and perhaps a date in words.
    """
    if not theirs.startswith(heading):
        return theirs, there
    limit = len(heading) + _LONGEST_DATE
    start = theirs.find(text[:40], len(heading), limit + 40)
    start = len(heading) if start < 0 else start
    passed = 0
    words = there.split(" ")
    for number, word in enumerate(words):
        if passed >= start:
            return theirs[start:], " ".join(words[number:])
        passed += len(letters(word))
    return theirs[start:], ""


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
