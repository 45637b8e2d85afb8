"""Moves notes out of the text and numbers them in the order of their first call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import find_all, locate, parent_map, remove_children, replace_element
from bifolio.manuscript.markdown.dialect.notes import LABEL, NOTE
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.publication import NOTE_CALL, Note


def extract_notes(root: Element, source: SourceFile) -> tuple[tuple[Note, ...], list[Finding]]:
    """Remove the notes from *root*, number their calls from 1, and return the notes and the findings.

    A note that is called within a note is numbered directly after it.
    """
    findings: list[Finding] = []
    defined = _definitions(root, source, findings)
    numbers: dict[str, int] = {}
    calls: dict[str, int] = {}
    pending = [_calls(root, defined, source, findings)]
    while pending:
        for element, key in pending[-1]:
            calls[key] = calls.get(key, 0) + 1
            is_new = key not in numbers
            number = numbers.setdefault(key, len(numbers) + 1)
            element.set("note", str(number))
            element.set("sign", str(number))
            element.set("nth", str(calls[key]))
            if is_new:
                pending.append(_calls(defined[key][0], defined, source, findings))
                break
        else:
            pending.pop()
    notes = []
    for key, number in numbers.items():
        body, line = defined[key]
        notes.append(Note(number, body, calls[key], locate(source, line), key, str(number)))
    for key, (_, line) in defined.items():
        if key not in calls:
            findings.append(found("note-uncited", locate(source, line), label=key))
    return tuple(notes), findings


def _calls(
    tree: Element, defined: Mapping[str, object], source: SourceFile, findings: list[Finding]
) -> Iterator[tuple[Element, str]]:
    """Yield the note calls in *tree* with the keys of their notes; calls of undefined notes become text."""
    calls = find_all(tree, NOTE_CALL)
    dangling = any(_key(element.get(LABEL, "")) not in defined for element, _ in calls)
    above = parent_map(tree) if dangling else {}
    for element, line in calls:
        label = element.attrib.pop(LABEL)
        if _key(label) in defined:
            yield element, _key(label)
        else:
            findings.append(found("note-undefined", locate(source, line, f"[^{label}]"), label=label))
            replace_element(above[element], element, [], f"[^{label}]")


def offset_numbers(trees: Iterable[Element], notes: Iterable[Note], offset: int) -> tuple[Note, ...]:
    """Add *offset* to the numbers of *notes* and of their calls in *trees*; return the notes."""
    if offset:
        for tree in trees:
            for call in tree.iter(NOTE_CALL):
                call.set("note", str(int(call.get("note", "0")) + offset))
    return tuple(replace(note, number=note.number + offset) for note in notes)


def _key(label: str) -> str:
    """Return *label* as labels are compared: without case and surplus spaces."""
    return " ".join(label.casefold().split())


def _definitions(
    root: Element, source: SourceFile, findings: list[Finding]
) -> dict[str, tuple[Element, int]]:
    """Remove the definitions of notes from *root*; return each body with its line, by key."""
    defined: dict[str, tuple[Element, int]] = {}
    definitions = find_all(root, NOTE)
    removed = {element for element, _ in definitions}
    above = parent_map(root)
    for parent in {above[element]: None for element in removed}:
        remove_children(parent, removed)
    for element, line in definitions:
        label = element.attrib.pop(LABEL, "")
        element.tag = "div"
        if _key(label) in defined:
            findings.append(found("note-twice", locate(source, line), label=label))
        else:
            defined[_key(label)] = (element, line)
    return defined
