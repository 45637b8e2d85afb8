"""Splits a single long file into sections at its headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from bifolio.manuscript.parse_chapter import ParsedChapter, SectionTree
from bifolio.manuscript.transforms.headings import LEVELS
from bifolio.model.publication import NOTE_CALL, Note, words_of

BOOK_WORDS = 20_000
"""The number of words from which a file is a book, not an article, and a section of it is a part."""

_MIN_HEADINGS = 2
"""The number of headings of one level that is needed to split there."""


def is_book_length(chapter: ParsedChapter) -> bool:
    """Return whether *chapter* is long enough for a book and has headings to split it at."""
    root = chapter.sections[0].root
    return len(words_of(root)) > BOOK_WORDS and _split_level(root) is not None


def split_at_headings(chapter: ParsedChapter) -> None:
    """Split the one section of *chapter* at its highest headings, and long sections again.

    The title becomes a section of its own, and notes are numbered from 1 in each section.
    """
    root = chapter.sections[0].root
    title = Element("div")
    if len(root) and root[0].get("class") == "title-block":
        title.append(root[0])
        root.remove(root[0])
    sections = list(_split_tree(root, 0, chapter.item.title))
    chapter.sections = [SectionTree(title, "titlepage", 0, chapter.metadata.title), *sections]
    _renumber_notes(chapter)


def _split_level(root: Element) -> int | None:
    """Return the highest level of heading, below the title, at which *root* can be split."""
    levels = [LEVELS[child.tag] for child in root if child.tag in LEVELS]
    return next((n for n in sorted(set(levels)) if n > 1 and levels.count(n) >= _MIN_HEADINGS), None)


def _split_tree(root: Element, depth: int, title: str) -> Iterator[SectionTree]:
    """Yield the sections of *root*, each with its heading moved up to level 1."""
    level = _split_level(root)
    if level is None:
        yield SectionTree(root, "chapter", depth, title)
        return
    groups: list[list[Element]] = [[]]
    for child in root:
        if LEVELS.get(child.tag, 7) <= level:
            groups.append([])
        groups[-1].append(child)
    if groups[0] or (root.text or "").strip():
        role = "introduction" if depth == 0 else "chapter"
        yield SectionTree(_new_tree(groups[0], root.text), role, depth, title)
    for group in groups[1:]:
        tree = _new_tree(group, None)
        _promote_headings(tree, LEVELS[group[0].tag] - 1)
        if len(words_of(tree)) > BOOK_WORDS and _split_level(tree) is not None:
            yield from _split_part(tree, depth)
        else:
            yield SectionTree(tree, "chapter", depth)


def _split_part(tree: Element, depth: int) -> Iterator[SectionTree]:
    """Yield *tree* up to its first chapter as a part, then its chapters."""
    level = _split_level(tree)
    end = next(i for i, child in enumerate(tree) if i and LEVELS.get(child.tag, 7) <= (level or 7))
    chapters = _new_tree(list(tree)[end:], None)
    yield SectionTree(_new_tree(list(tree)[:end], None), "part", depth)
    yield from _split_tree(chapters, depth + 1, "")


def _new_tree(children: list[Element], text: str | None) -> Element:
    root = Element("div")
    root.text = text
    root.extend(children)
    return root


def _promote_headings(root: Element, levels: int) -> None:
    """Move the headings of *root* up by *levels*."""
    for element in root.iter():
        if element.tag in LEVELS:
            element.tag = f"h{max(LEVELS[element.tag] - levels, 1)}"


def _renumber_notes(chapter: ParsedChapter) -> None:
    """Number the signs of the notes from 1 in each section of *chapter*."""
    by_number = {note.number: note for note in chapter.notes}
    signs: dict[int, str] = {}
    for section in chapter.sections:
        count = 0
        trees = [section.root]
        for tree in trees:  # grows, because a note can cite a note
            for call in tree.iter(NOTE_CALL):
                number = int(call.get("note", "0"))
                if number not in signs:
                    count += 1
                    signs[number] = str(count)
                    trees.append(by_number[number].body)
    for tree in chapter.trees():
        for call in tree.iter(NOTE_CALL):
            call.set("sign", signs[int(call.get("note", "0"))])
    chapter.notes = tuple(replace(note, sign=signs.get(note.number, note.sign)) for note in chapter.notes)


def sections_with_notes(chapter: ParsedChapter) -> Iterator[tuple[SectionTree, tuple[Note, ...]]]:
    """Yield each section of *chapter* with the notes that it is the first to cite."""
    by_number = {note.number: note for note in chapter.notes}
    for section in chapter.sections:
        cited: list[Note] = []
        trees = [section.root]
        for tree in trees:  # grows, because a note can cite a note
            for call in tree.iter(NOTE_CALL):
                note = by_number.pop(int(call.get("note", "0")), None)
                if note:
                    cited.append(note)
                    trees.append(note.body)
        yield section, tuple(sorted(cited, key=lambda note: note.number))
