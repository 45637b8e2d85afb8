"""Notes: taken out of the text and numbered by their first citation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from xml.etree.ElementTree import Element

from bifolio.findings import Finding, found
from bifolio.manuscript.dialect.notes import LABEL, NOTE
from bifolio.manuscript.files import SourceFile
from bifolio.manuscript.walk import every, locate, parents, take_out
from bifolio.manuscript.walk import replace as put_in_place_of
from bifolio.publication import NOTE_CALL, Note


def take_notes(root: Element, source: SourceFile) -> tuple[tuple[Note, ...], list[Finding]]:
    """Take the notes out of *root*, number their calls from 1, and return both notes and findings."""
    findings: list[Finding] = []
    defined = _definitions(root, source, findings)
    numbers: dict[str, int] = {}
    calls: dict[str, int] = {}
    trees = [root]
    for tree in trees:  # grows: a note can cite a note
        marks = every(tree, NOTE_CALL)
        dangling = any(_key(element.get(LABEL, "")) not in defined for element, _ in marks)
        above = parents(tree) if dangling else {}
        for element, line in marks:
            label = element.attrib.pop(LABEL)
            key = _key(label)
            if key not in defined:
                where = locate(source, line, f"[^{label}]")
                findings.append(found("note-undefined", where, label=label))
                put_in_place_of(above[element], element, [], f"[^{label}]")
                continue
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                trees.append(defined[key][0])
            calls[key] = calls.get(key, 0) + 1
            element.set("note", str(numbers[key]))
            element.set("sign", str(numbers[key]))
            element.set("nth", str(calls[key]))
    notes = []
    for key, number in numbers.items():
        body, line = defined[key]
        notes.append(Note(number, body, calls[key], locate(source, line), key, str(number)))
    for key, (_, line) in defined.items():
        if key not in calls:
            findings.append(found("note-uncited", locate(source, line), label=key))
    return tuple(notes), findings


def number_on(trees: Iterable[Element], notes: Iterable[Note], last: int) -> tuple[Note, ...]:
    """Number *notes*, and their calls in *trees*, on from the number *last*; return the notes."""
    if last:
        for tree in trees:
            for call in tree.iter(NOTE_CALL):
                call.set("note", str(int(call.get("note", "0")) + last))
    return tuple(replace(note, number=note.number + last) for note in notes)


def _key(label: str) -> str:
    return " ".join(label.casefold().split())


def _definitions(
    root: Element, source: SourceFile, findings: list[Finding]
) -> dict[str, tuple[Element, int]]:
    """Take the definitions out of *root*; give each body with its line, by label."""
    defined: dict[str, tuple[Element, int]] = {}
    written = every(root, NOTE)
    gone = {element for element, _ in written}
    above = parents(root)
    for parent in {above[element]: None for element in gone}:
        take_out(parent, gone)
    for element, line in written:
        label = element.attrib.pop(LABEL, "")
        element.tag = "div"
        if _key(label) in defined:
            findings.append(found("note-twice", locate(source, line), label=label))
        else:
            defined[_key(label)] = (element, line)
    return defined
