"""Compares the texts of two files: every word of one must be in the other, in the same order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

from bifolio.checks.file_readers.epub import read_epub
from bifolio.checks.file_readers.extracted_text import ExtractedText, letters, word_at
from bifolio.checks.file_readers.page_text_cache import PageTextCache
from bifolio.checks.file_readers.pdf import read_pdf, start_reading
from bifolio.checks.source_parser.read import read_source
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
"""The function that reads a file, by suffix."""
_SAMPLE = 24
"""How many letters after a difference are searched for in the other text."""
_SEARCH_RANGE = 400
"""How many letters after a difference are searched for the sample."""
_MAX_DATE = 80
"""The most letters of a date in a title block."""
_MIRRORED = str.maketrans(">\N{GREATER-THAN OR EQUAL TO}", "<\N{LESS-THAN OR EQUAL TO}")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


class TextPart(StrEnum):
    """The parts of a text that are compared one by one."""

    TEXT = "text"
    NOTES = "notes"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class PartPair:
    """One part of two texts, as words and as letters. The letters are compared."""

    part: TextPart
    first_words: str
    second_words: str
    first_letters: str
    second_letters: str


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two texts in which a difference is looked for."""

    name: str
    """The name of the file."""
    words: str
    letters: str

    def sample(self, index: int) -> str:
        """Return a few letters from *index* on."""
        return self.letters[index : index + _SAMPLE]

    def continues(self, index: int, sample: str) -> bool:
        """Say whether *sample* is found soon after *index*."""
        return sample in self.letters[index : index + _SEARCH_RANGE]


def compare_files(files: Sequence[Path], cache: PageTextCache | None = None) -> list[Finding]:
    """Compare the text of each of *files* with the next; return the first difference in each part.

    A file that cannot be read is a finding too. For *cache* see `start_reading`.
    """
    texts: list[tuple[Path, ExtractedText]] = []
    findings: list[Finding] = []
    pdf = next((path for path in files if path.suffix.lower() == ".pdf"), None)
    with ExitStack() as stack:
        # The other files are read while background processes read the PDF.
        finish = stack.enter_context(start_reading(pdf, cache)) if pdf else None
        for path in files:
            read = finish if finish and path is pdf else partial(READERS[path.suffix.lower()], path)
            try:
                texts.append((path, read()))
            except ValueError as error:
                findings.append(found("edition-unreadable", Where(path), why=str(error)))
    # A source is the first text, whatever the order of the files: editions are compared with it.
    texts.sort(key=lambda pair: READERS[pair[0].suffix.lower()] is not read_source)
    for (_, first), (path, second) in pairwise(texts):
        findings += compare(first, second, path)
    return findings


def compare(first: ExtractedText, second: ExtractedText, path: Path) -> list[Finding]:
    """Compare two texts; *path* is the file of *second*. Return the first difference in each part."""
    return [
        _first_difference(
            pair.part,
            _Side(first.name, pair.first_words, pair.first_letters),
            _Side(second.name, pair.second_words, pair.second_letters),
            path,
        )
        for pair in pair_parts(first, second)
        if pair.first_letters != pair.second_letters
    ]


def pair_parts(first: ExtractedText, second: ExtractedText) -> Iterator[PartPair]:
    """Yield the parts that two texts have in common; if *first* is a source, without the title block."""
    parts = [
        (TextPart.TEXT, first.text, second.text),
        (TextPart.NOTES, first.notes, second.notes),
    ]
    if first.references is not None and second.references is not None:
        parts.append((TextPart.REFERENCES, first.references, second.references))
    for part, first_words, second_words in parts:
        first_letters = letters(first_words)
        if part is TextPart.TEXT and first.heading:
            second_words = _after_title_block(letters(first.heading), first_letters, second_words)
        if second.is_visual_order:
            second_letters = letters_in_order(second_words, first_letters)
        else:
            second_letters = letters(second_words)
        if first.is_visual_order and not second.is_visual_order:
            first_letters = letters_in_order(first_words, second_letters)
        yield PartPair(part, first_words, second_words, first_letters, second_letters)


def letters_in_order(words: str, reference: str) -> str:
    """Return the letters of *words*; if these are right-to-left, in the order of the letters *reference*.

    A line whose letters are not those of *reference* at the same place keeps its order.
    """
    if not _RIGHT_TO_LEFT.search(words):
        return letters(words)
    ordered: list[str] = []
    index = 0
    # Left-to-right words in such lines are in another order too, so all lines are compared.
    for line in map(letters, words.split("\n")):
        expected = reference[index : index + len(line)]
        index += len(line)
        is_reordered = line != expected and _sorted_letters(line) == _sorted_letters(expected)
        ordered.append(expected if is_reordered else line)
    return "".join(ordered)


def _sorted_letters(line: str) -> list[str]:
    """Return the letters of *line*, sorted; mirrored characters count as one."""
    return sorted(line.translate(_MIRRORED))


def _after_title_block(heading: str, text: str, edition: str) -> str:
    """Return the words of *edition* after its title block.

    The block has the letters *heading*, those of the heading of the source, and perhaps a date in words. The
    letters of the source after that are *text*.
    """
    edition_letters = letters_in_order(edition, heading + text)
    if not edition_letters.startswith(heading):
        return edition
    limit = len(heading) + _MAX_DATE
    start = edition_letters.find(text[:40], len(heading), limit + 40)
    if start < 0:  # after a date, right-to-left lines are at another place than in the source
        line_ends = accumulate(len(letters(line)) for line in edition.split("\n"))
        start = len(edition_letters) - len(text)
        if not len(heading) < start <= limit or start not in line_ends:
            start = len(heading)
    passed = 0
    for word in re.finditer(r"\S+", edition):
        if passed >= start:
            return edition[word.start() :]
        passed += len(letters(word[0]))
    return ""


def _first_difference(part: TextPart, first: _Side, second: _Side, path: Path) -> Finding:
    """Return the first difference between two texts, as a word that one of them lacks."""
    pairs = zip(first.letters, second.letters, strict=False)
    shorter = min(len(first.letters), len(second.letters))
    index = next((i for i, (one, other) in enumerate(pairs) if one != other), shorter)
    first_sample, second_sample = first.sample(index), second.sample(index)
    # If the second text goes on with letters that come later in the first, the first has more words.
    is_lost = not second_sample or first.continues(index, second_sample)
    is_added = not is_lost and (not first_sample or second.continues(index, first_sample))
    has_word, lacks_word = (second, first) if is_added else (first, second)
    word, before = word_at(has_word.words, index)
    fields = {"here": has_word.name, "there": lacks_word.name, "before": before}
    return found("word-lost", Where(path), word=word, part=part, **fields)
