"""A long text in one file, parted at its headings: what is a file of its own for a reader is one section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from bifolio.manuscript.chapter import ParsedChapter, SectionTree
from bifolio.model.publication import NOTE_CALL, Note, words_of

BOOK_WORDS = 20_000
"""How many words a text has that is a book and no article; a section of it that has as many is a part."""

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_MIN_HEADINGS = 2
"""How many headings of a level there must be to part a text at them."""


def is_book_length(draft: ParsedChapter) -> bool:
    """Say whether the text of *draft* is a book that its headings part."""
    root = draft.pieces[0].root
    return len(words_of(root)) > BOOK_WORDS and _split_level(root) is not None


def split_at_headings(draft: ParsedChapter) -> None:
    """Part the one piece of *draft* at its highest headings, long pieces further; the title stands first."""
    root = draft.pieces[0].root
    title = Element("div")
    if len(root) and root[0].get("class") == "title-block":
        title.append(root[0])
        root.remove(root[0])
    pieces = list(_split_tree(root, 0, draft.item.title))
    draft.pieces = [SectionTree(title, "titlepage", 0, draft.metadata.title), *pieces]
    _renumber_notes(draft)


def _split_level(root: Element) -> int | None:
    """Return the highest level of heading, below the title, that parts *root* into sections."""
    levels = [_LEVELS[child.tag] for child in root if child.tag in _LEVELS]
    hits = (n for n in sorted(set(levels)) if n > 1 and levels.count(n) >= _MIN_HEADINGS)
    return next(hits, None)


def _split_tree(root: Element, depth: int, title: str) -> Iterator[SectionTree]:
    """Give *root* in pieces, each a tree whose heading is of the first level."""
    level = _split_level(root)
    if level is None:
        yield SectionTree(root, "chapter", depth, title)
        return
    groups: list[list[Element]] = [[]]
    for child in root:
        if _LEVELS.get(child.tag, 7) <= level:
            groups.append([])
        groups[-1].append(child)
    if groups[0] or (root.text or "").strip():
        yield SectionTree(
            _new_tree(groups[0], root.text), "introduction" if depth == 0 else "chapter", depth, title
        )
    for group in groups[1:]:
        tree = _new_tree(group, None)
        _promote_headings(tree, _LEVELS[group[0].tag] - 1)
        if len(words_of(tree)) > BOOK_WORDS and _split_level(tree) is not None:
            yield from _split_part(tree, depth)
        else:
            yield SectionTree(tree, "chapter", depth)


def _split_part(tree: Element, depth: int) -> Iterator[SectionTree]:
    """Give the part that *tree* is, with what stands before its chapters, and then those."""
    level = _split_level(tree)
    end = next(n for n, child in enumerate(tree) if n and _LEVELS.get(child.tag, 7) <= (level or 7))
    rest = _new_tree(list(tree)[end:], None)
    yield SectionTree(_new_tree(list(tree)[:end], None), "part", depth)
    yield from _split_tree(rest, depth + 1, "")


def _new_tree(children: list[Element], text: str | None) -> Element:
    root = Element("div")
    root.text = text
    root.extend(children)
    return root


def _promote_headings(root: Element, levels: int) -> None:
    """Move the headings of *root* up, so that the first of them is of level 1."""
    for element in root.iter():
        if element.tag in _LEVELS:
            element.tag = f"h{max(_LEVELS[element.tag] - levels, 1)}"


def _renumber_notes(draft: ParsedChapter) -> None:
    """Number the notes anew in each piece of *draft*."""
    by_number = {note.number: note for note in draft.notes}
    signs: dict[int, str] = {}
    for piece in draft.pieces:
        count = 0
        trees = [piece.root]
        for tree in trees:  # grows: a note can cite a note
            for call in tree.iter(NOTE_CALL):
                number = int(call.get("note", "0"))
                if number not in signs:
                    count += 1
                    signs[number] = str(count)
                    trees.append(by_number[number].body)
    for tree in draft.trees():
        for call in tree.iter(NOTE_CALL):
            call.set("sign", signs[int(call.get("note", "0"))])
    draft.notes = tuple(replace(note, sign=signs.get(note.number, note.sign)) for note in draft.notes)


def sections_with_notes(draft: ParsedChapter) -> Iterator[tuple[SectionTree, tuple[Note, ...]]]:
    """Give each piece of *draft* with the notes that it cites first."""
    by_number = {note.number: note for note in draft.notes}
    for piece in draft.pieces:
        mine: list[Note] = []
        trees = [piece.root]
        for tree in trees:
            for call in tree.iter(NOTE_CALL):
                note = by_number.pop(int(call.get("note", "0")), None)
                if note:
                    mine.append(note)
                    trees.append(note.body)
        yield piece, tuple(sorted(mine, key=lambda note: note.number))
