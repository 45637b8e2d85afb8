"""Cross-references: fills links without text with the name of their target, and numbers captions."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.tree import find_all, locate, parent_map, replace_element, unwrap
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.model.findings import Finding, found
from bifolio.model.localized_strings import Terms
from bifolio.model.publication import GENERATED, LINE, NOTE_CALL, Note, text_of

_CLASS = "cross-reference"
_CAPTION_TAGS = {"figure": "figcaption", "table": "caption"}
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))


@dataclass(slots=True)
class _Targets:
    """The possible targets of cross-references."""

    words: Terms
    by_anchor: dict[str, Element] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    """The sign of the note that an anchor is on or in."""
    numbers: dict[Element, int] = field(default_factory=dict)
    """The numbers of figures and tables."""


def fill_references(
    parts: Sequence[tuple[Element, SourceFile]], notes: Iterable[Note], words: Terms, listed: Container[str]
) -> list[Finding]:
    """Fill every link to an anchor that has no text with the name of its target.

    *parts* has every tree of the text and of the *notes* with its file. Figures and tables are numbered if
    such a link leads to any of their kind, or if their kind (`figure`, `table`) is in *listed*. Returns a
    finding for each target without a name.
    """
    trees = [tree for tree, _ in parts]
    links = [
        (a, line, source)
        for tree, source in parts
        for a, line in find_all(tree, "a")
        if _is_empty_reference(a)
    ]
    if not links and not listed:
        return []
    targets = _find_targets(trees, notes, words)
    kinds = {target.tag for a, _, _ in links if (target := _target(a, targets)) is not None}
    for kind in _CAPTION_TAGS:
        if kind in kinds or kind in listed:
            _number_captions(trees, kind, targets)
    # All names are read before any link is filled, because a heading can contain such a link itself.
    names = [_reference_text(a, targets) for a, _, _ in links]
    findings = []
    for (a, line, source), name in zip(links, names, strict=True):
        if name is None:
            href = a.get("href", "")
            findings.append(found("reference-unnamed", locate(source, line, f"]({href})"), target=href))
        _fill_link(a, name)
    return findings


def _is_empty_reference(element: Element) -> bool:
    if element.tag != "a" or not element.get("href", "").startswith("#"):
        return False
    return not len(element) and not (element.text or "").strip()


def _find_targets(trees: Sequence[Element], notes: Iterable[Note], words: Terms) -> _Targets:
    """Return every anchor of *trees*; one in a caption or on an image refers to the whole figure or table."""
    targets = _Targets(words)
    for note in notes:
        targets.notes[f"note-{note.number}"] = note.sign
        targets.notes |= {e.get("id", ""): note.sign for e in note.body.iter() if "id" in e.attrib}
    for tree in trees:
        above = parent_map(tree)
        for element in tree.iter():
            if "id" in element.attrib:
                whole = element
                while whole.tag in ("figcaption", "caption", "img") and whole in above:
                    whole = above[whole]
                targets.by_anchor[element.get("id", "")] = whole if whole.tag in _CAPTION_TAGS else element
    return targets


def _target(link: Element, targets: _Targets) -> Element | None:
    return targets.by_anchor.get(link.get("href", "")[1:])


def _number_captions(trees: Sequence[Element], kind: str, targets: _Targets) -> None:
    """Number all elements of *kind* that have a caption, and put the numbers into the captions."""
    number = 0
    for element in (e for tree in trees for e in tree.iter(kind)):
        caption = element.find(_CAPTION_TAGS[kind])
        if caption is None:
            continue
        number += 1
        targets.numbers[element] = number
        holder = caption
        if not (caption.text or "").strip() and len(caption) and caption[0].tag == "p":
            holder = caption[0]
        label = Element("span", {"class": "caption-number", GENERATED: "number"})
        label.text = f"{getattr(targets.words, kind).format(number)}."
        label.tail, holder.text = f" {(holder.text or '').lstrip()}", None
        holder.insert(0, label)


def _reference_text(link: Element, targets: _Targets) -> Element | None:
    """Return an element with the name of the target of *link*; None if the target has no name."""
    name = Element("name")
    anchor, target = link.get("href", "")[1:], _target(link, targets)
    if target in targets.numbers and target is not None:
        name.text = getattr(targets.words, target.tag).format(targets.numbers[target])
    elif target is not None and target.tag in _HEADINGS and text_of(target).strip():
        return _heading_text(target)
    elif anchor in targets.notes:
        name.text = f"{targets.words.note}\N{NO-BREAK SPACE}{targets.notes[anchor]}"
    else:
        return None
    return name


def _heading_text(heading: Element) -> Element:
    """Return a copy of *heading* with its markup but without anchors, links and note calls."""
    name = copy.deepcopy(heading)
    above = parent_map(name)
    for element in list(name.iter()):
        for attribute in ("id", LINE):
            element.attrib.pop(attribute, None)
        if element.tag == NOTE_CALL:
            replace_element(above[element], element, [])
        elif element.tag == "a":
            parent = above[element]
            above |= dict.fromkeys(element, parent)
            unwrap(parent, element)
    return name


def _fill_link(link: Element, name: Element | None) -> None:
    """Put *name* into *link*, or else its `href`."""
    link.set("class", f"{link.get('class', '')} {_CLASS}".strip())
    link.set(GENERATED, "reference")
    if name is None:
        link.text = link.get("href")
    else:
        link.text = name.text
        link.extend(name)
