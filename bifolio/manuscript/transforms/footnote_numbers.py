"""Notes: taken out of the text and numbered by their first citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import find_all, locate, parent_map, remove_children
from bifolio.manuscript.html.tree import replace_element as put_in_place_of
from bifolio.manuscript.markdown.dialect.notes import LABEL, NOTE
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.publication import NOTE_CALL, Note


def extract_notes(root: Element, source: SourceFile) -> tuple[tuple[Note, ...], list[Finding]]:
    """Take the notes out of *root*, number their calls from 1, and return both notes and findings.

    A note that a note cites is numbered before what the text cites behind that.
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
    """Give the calls of notes in *tree*, each with the label of its note; put those of none back as text."""
    marks = find_all(tree, NOTE_CALL)
    dangling = any(_key(element.get(LABEL, "")) not in defined for element, _ in marks)
    above = parent_map(tree) if dangling else {}
    for element, line in marks:
        label = element.attrib.pop(LABEL)
        if _key(label) in defined:
            yield element, _key(label)
        else:
            findings.append(found("note-undefined", locate(source, line, f"[^{label}]"), label=label))
            put_in_place_of(above[element], element, [], f"[^{label}]")


def offset_numbers(trees: Iterable[Element], notes: Iterable[Note], last: int) -> tuple[Note, ...]:
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
    written = find_all(root, NOTE)
    gone = {element for element, _ in written}
    above = parent_map(root)
    for parent in {above[element]: None for element in gone}:
        remove_children(parent, gone)
    for element, line in written:
        label = element.attrib.pop(LABEL, "")
        element.tag = "div"
        if _key(label) in defined:
            findings.append(found("note-twice", locate(source, line), label=label))
        else:
            defined[_key(label)] = (element, line)
    return defined
