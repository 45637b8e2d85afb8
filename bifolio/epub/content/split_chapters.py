"""Splits sections into files of at most 250 kB; old e-readers open larger ones slowly or not at all.

A section is split before a heading if one is near, and otherwise between blocks. It stays one section for the
table of contents, notes, links and pages.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.epub.content.chapters import estimate_size
from bifolio.model.findings import Finding, Where, found
from bifolio.model.publication import FILE, LINE, MATH, NOTE_CALL, Note, Publication, Section

LIMIT = 250_000
"""The largest file, in bytes."""
_CONTENT_LIMIT = LIMIT - 12_000
"""The part of it for blocks; the rest is for the head of the file and for file names in links."""
_MEASURED_FROM = LIMIT // 2
"""The estimate in bytes from which a section is measured exactly."""
_NOTE_OVERHEAD = 300
"""The size of the markup around a note, in bytes."""
_LISTS = frozenset({"ul", "ol", "dl"})
_DIVISIBLE = _LISTS | {"div", "section", "blockquote"}
"""Elements that can continue in another file."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NO_HEADING = 9


@dataclass(frozen=True, slots=True)
class _Block:
    """A child of the body, or a part of one that was too large."""

    element: Element
    size: int
    """In bytes, with the notes that are first cited in it."""

    @property
    def level(self) -> int:
        """The level of the heading that it is, else `_NO_HEADING`."""
        return _HEADINGS.get(self.element.tag, _NO_HEADING)


def split_long_sections(publication: Publication) -> tuple[Publication, list[Finding]]:
    """Return *publication* with its long sections split, and findings for blocks that are too large."""
    names = {section.name for section in publication.sections} | {"title", "nav"}
    sections: list[Section] = []
    findings: list[Finding] = []
    for section in publication.sections:
        if section.role == "toc" or _guess_size(section) < _MEASURED_FROM:
            sections.append(section)
            continue
        note_sizes = {str(note.number): estimate_size(note.body) + _NOTE_OVERHEAD for note in section.notes}
        blocks = [block for child in section.body for block in _blocks(child, note_sizes, section, findings)]
        groups = list(_group(blocks))
        sections += _split(section, groups, names) if len(groups) > 1 else [section]
    return replace(publication, sections=tuple(sections)), findings


def _guess_size(section: Section) -> int:
    """Return a rough size of *section* in bytes, without converting it."""
    size = 0
    for tree in section.trees():
        size += len("".join(tree.itertext()).encode())
        size += sum(3000 if element.tag == MATH else 60 for element in tree.iter())
    return size


def _blocks(
    element: Element, note_sizes: dict[str, int], section: Section, findings: list[Finding]
) -> Iterator[_Block]:
    """Yield *element* as a block, or as several if it is too large and can be divided."""
    calls = {call.get("note", "") for call in element.iter(NOTE_CALL) if call.get("nth") == "1"}
    size = estimate_size(element) + sum(note_sizes.get(number, 0) for number in calls)
    if size <= _CONTENT_LIMIT:
        yield _Block(element, size)
        return
    if element.tag not in _DIVISIBLE or len(element) < 2 or "reversed" in element.attrib:
        where = Where(Path(element.get(FILE, section.source)), int(element.get(LINE, "0")))
        findings.append(found("part-large", where, tag=element.tag, size=f"{size // 1000:,}"))
        yield _Block(element, size)
        return
    inner = [block for child in element for block in _blocks(child, note_sizes, section, findings)]
    item_count = 0
    for index, group in enumerate(_group(inner, in_list=element.tag in _LISTS)):
        part = Element(element.tag, {k: v for k, v in element.attrib.items() if index == 0 or k != "id"})
        part.text = element.text if index == 0 else None
        part.extend(block.element for block in group)
        if element.tag == "ol" and index:
            part.set("start", str(int(element.get("start", "1")) + item_count))
        item_count += sum(child.tag == "li" for child in part)
        yield _Block(part, sum(block.size for block in group))


def _group(blocks: Sequence[_Block], *, in_list: bool = False) -> Iterator[Sequence[_Block]]:
    """Divide *blocks* into groups that each fit into a file, of about equal size."""
    rest = sum(block.size for block in blocks)
    start = 0
    while rest > _CONTENT_LIMIT:
        ideal = rest / ceil(rest / _CONTENT_LIMIT)
        best, size, best_size = 0, 0, 0
        least_cost: tuple[int, float] | None = None
        for index in range(start + 1, len(blocks)):
            size += blocks[index - 1].size
            if size > _CONTENT_LIMIT and best:
                break
            follows_heading = blocks[index - 1].level != _NO_HEADING
            follows_term = in_list and blocks[index].element.tag == "dd"
            is_early = size < ideal / 2
            penalty = 10 * (follows_heading or follows_term or is_early)
            cost = (blocks[index].level + penalty, abs(size - ideal))
            if least_cost is None or cost < least_cost:
                least_cost, best, best_size = cost, index, size
            if size > _CONTENT_LIMIT:
                break
        if not best:
            break
        yield blocks[start:best]
        start, rest = best, rest - best_size
    yield blocks[start:]


def _split(section: Section, groups: Sequence[Sequence[_Block]], names: set[str]) -> Iterator[Section]:
    """Yield a part of *section* for each of *groups*; *names* are the section names in use."""
    bodies = []
    for index, group in enumerate(groups):
        body = copy.copy(section.body)
        body[:] = [block.element for block in group]
        if index:
            body.attrib.pop("id", None)
        bodies.append(body)
    notes = _distribute_notes(section.notes, bodies)
    for number, (body, body_notes) in enumerate(zip(bodies, notes, strict=True), start=1):
        anchors = {element.get("id") for element in body.iter() if "id" in element.attrib}
        headings = tuple(heading for heading in section.headings if heading.anchor in anchors)
        name = section.name if number == 1 else _free_name(section.name, number, names)
        yield replace(
            section, name=name, body=body, headings=headings, notes=body_notes, continues=number > 1
        )


def _distribute_notes(notes: Sequence[Note], bodies: Sequence[Element]) -> list[tuple[Note, ...]]:
    """Return the notes for each of *bodies*: those first cited in it, or in a note that belongs to it."""
    last = len(bodies) - 1
    body_index: dict[str, int] = {}
    for index, body in enumerate(bodies):
        for call in body.iter(NOTE_CALL):
            body_index.setdefault(call.get("note", ""), index)
    for note in notes:
        for call in note.body.iter(NOTE_CALL):
            body_index.setdefault(call.get("note", ""), body_index.get(str(note.number), last))
    return [
        tuple(note for note in notes if body_index.get(str(note.number), last) == index)
        for index in range(len(bodies))
    ]


def _free_name(name: str, number: int, names: set[str]) -> str:
    while (free := f"{name}-{number}") in names:
        number += 1
    names.add(free)
    return free
