"""Chapters parted into files of 250 kB, more than which old readers open slowly or not at all.

A chapter goes on in a second file, before a heading where there is one near, and otherwise between blocks. It
stays one chapter: contents, notes, links and pages know the files by what stands in them.
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
"""The most bytes of a file."""
_ROOM = LIMIT - 12_000
"""What is left of them for blocks: the rest is for the frame, and for names of files in links."""
_SUSPECT = LIMIT // 2
_LISTS = frozenset({"ul", "ol", "dl"})
_FRAMES = _LISTS | {"div", "section", "blockquote"}
"""What can go on in another file."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NO_HEADING = 9


@dataclass(frozen=True, slots=True)
class _Block:
    """A child of the body, or a part of one that was too large."""

    element: Element
    weight: int
    """In bytes, with the notes that it cites first."""

    @property
    def level(self) -> int:
        """Return the level of the heading that it is, or begins with."""
        return _HEADINGS.get(self.element.tag, _NO_HEADING)


def split_long_sections(publication: Publication) -> tuple[Publication, list[Finding]]:
    """Return *publication* with its long sections parted, and what could not be parted."""
    names = {section.name for section in publication.sections} | {"title", "nav"}
    sections: list[Section] = []
    findings: list[Finding] = []
    for section in publication.sections:
        if section.role == "toc" or _guess(section) < _SUSPECT:
            sections.append(section)
            continue
        notes = {str(note.number): estimate_size(note.body) + 300 for note in section.notes}
        blocks = [block for child in section.body for block in _divided(child, notes, section, findings)]
        groups = list(_groups(blocks))
        sections += _parts(section, groups, names) if len(groups) > 1 else [section]
    return replace(publication, sections=tuple(sections)), findings


def _guess(section: Section) -> int:
    """Return about how many bytes *section* becomes, without making it."""
    size = 0
    for tree in section.trees():
        size += len("".join(tree.itertext()).encode())
        size += sum(3000 if element.tag == MATH else 60 for element in tree.iter())
    return size


def _divided(
    element: Element, notes: dict[str, int], section: Section, findings: list[Finding]
) -> Iterator[_Block]:
    """Give *element* as a block, or as several where it is too large and can be parted."""
    calls = {call.get("note", "") for call in element.iter(NOTE_CALL) if call.get("nth") == "1"}
    weight = estimate_size(element) + sum(notes.get(number, 0) for number in calls)
    if weight <= _ROOM:
        yield _Block(element, weight)
        return
    if element.tag not in _FRAMES or len(element) < 2 or "reversed" in element.attrib:
        where = Where(Path(element.get(FILE, section.source)), int(element.get(LINE, "0")))
        findings.append(found("part-large", where, tag=element.tag, size=f"{weight // 1000:,}"))
        yield _Block(element, weight)
        return
    inner = [block for child in element for block in _divided(child, notes, section, findings)]
    counted = 0
    for number, group in enumerate(_groups(inner, in_list=element.tag in _LISTS)):
        frame = Element(element.tag, {k: v for k, v in element.attrib.items() if number == 0 or k != "id"})
        frame.text = element.text if number == 0 else None
        frame.extend(block.element for block in group)
        if element.tag == "ol" and number:
            frame.set("start", str(int(element.get("start", "1")) + counted))
        counted += sum(child.tag == "li" for child in frame)
        yield _Block(frame, sum(block.weight for block in group))


def _groups(blocks: Sequence[_Block], *, in_list: bool = False) -> Iterator[Sequence[_Block]]:
    """Part *blocks* into groups that fit into a file each."""
    rest = sum(block.weight for block in blocks)
    begin = 0
    while rest > _ROOM:
        ideal = rest / ceil(rest / _ROOM)
        best, weight, best_weight = 0, 0, 0
        worth: tuple[int, float] | None = None
        for place in range(begin + 1, len(blocks)):
            weight += blocks[place - 1].weight
            if weight > _ROOM and best:
                break
            apart = blocks[place - 1].level != _NO_HEADING or (in_list and blocks[place].element.tag == "dd")
            early = weight < ideal / 2
            value = (blocks[place].level + 10 * (apart or early), abs(weight - ideal))
            if worth is None or value < worth:
                worth, best, best_weight = value, place, weight
            if weight > _ROOM:
                break
        if not best:
            break
        yield blocks[begin:best]
        begin, rest = best, rest - best_weight
    yield blocks[begin:]


def _parts(section: Section, groups: Sequence[Sequence[_Block]], names: set[str]) -> Iterator[Section]:
    """Give *section* as several, one for each of *groups*."""
    bodies = []
    for number, group in enumerate(groups):
        body = copy.copy(section.body)
        body[:] = [block.element for block in group]
        if number:
            body.attrib.pop("id", None)
        bodies.append(body)
    notes = _shared_out(section.notes, bodies)
    for number, (body, own) in enumerate(zip(bodies, notes, strict=True), start=1):
        anchors = {element.get("id") for element in body.iter() if "id" in element.attrib}
        headings = tuple(heading for heading in section.headings if heading.anchor in anchors)
        name = section.name if number == 1 else _free_name(section.name, number, names)
        yield replace(section, name=name, body=body, headings=headings, notes=own, continues=number > 1)


def _shared_out(notes: Sequence[Note], bodies: Sequence[Element]) -> list[tuple[Note, ...]]:
    """Return, for each of *bodies*, the notes of those that it cites first, and that those cite in turn."""
    place_of: dict[str, int] = {}
    for place, body in enumerate(bodies):
        for call in body.iter(NOTE_CALL):
            place_of.setdefault(call.get("note", ""), place)
    for note in notes:
        for call in note.body.iter(NOTE_CALL):
            place_of.setdefault(call.get("note", ""), place_of.get(str(note.number), len(bodies) - 1))
    last = len(bodies) - 1
    return [
        tuple(note for note in notes if place_of.get(str(note.number), last) == place)
        for place in range(len(bodies))
    ]


def _free_name(name: str, number: int, names: set[str]) -> str:
    while (free := f"{name}-{number}") in names:
        number += 1
    names.add(free)
    return free
