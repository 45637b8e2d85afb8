"""Inserts footnotes after their first call, and turns footnote calls and markers into links."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from bifolio.model.publication import NOTE_CALL, Note
from bifolio.pdf.print_html.roles import CALL, ENDNOTE, NOTE, NOTE_NUMBER, ROLE, number_class

_SPACES = re.compile(r"[ \t\n]+")


def insert_footnotes(article: Element, notes: Mapping[int, Note], *, at_end: bool = False) -> None:
    """Insert each footnote of *notes*, by number, after its first call in *article*.

    All calls become links. If *at_end*, the section consists of endnotes, and *notes* follow at its end.
    """
    endnotes = [_footnote(note) for note in notes.values()] if at_end else []
    for endnote in endnotes:
        endnote.set("class", ENDNOTE)
    pending = [article, *endnotes]
    while pending:
        for parent in list(pending.pop(0).iter()):
            for index in reversed(range(len(parent))):
                call = parent[index]
                if call.tag != NOTE_CALL:
                    continue
                number, is_first = int(call.get("note", "0")), call.get("nth", "") == "1"
                _make_link(call, number)
                if is_first and number in notes and not at_end:
                    footnote = _footnote(notes[number])
                    pending.append(footnote)
                    footnote.tail, call.tail = call.tail, None
                    parent.insert(index + 1, footnote)
    if endnotes:
        SubElement(article, "section", {"class": "late-notes"}).extend(endnotes)


def _make_link(call: Element, number: int) -> None:
    """Turn the footnote *call* into a link to footnote *number*."""
    # The word joiner keeps the footnote call in the line of its word.
    text = f"\N{WORD JOINER}{call.get('sign', '')}"
    attributes = {
        "class": CALL, ROLE: CALL, "href": f"#note-{number}", "id": f"call-{number}-{call.get('nth', '')}",
    }  # fmt: skip
    call.tag, call.text = "a", text
    call.attrib.clear()
    call.attrib |= attributes


def _footnote(note: Note) -> Element:
    """Return *note* as a footnote, whose marker links back to the first call."""
    aside = Element("aside", {"class": NOTE, ROLE: NOTE, "id": f"note-{note.number}"})
    aside.extend(copy.deepcopy(note.body))
    if not len(aside) or aside[0].tag != "p":
        aside.insert(0, Element("p"))
    attributes = {"class": number_class(note.sign), ROLE: NOTE_NUMBER, "href": f"#call-{note.number}-1"}
    marker = Element("a", attributes)
    # An en space does not stretch in a justified line.
    marker.text, marker.tail = note.sign, f"\N{EN SPACE}{(aside[0].text or '').lstrip()}"
    aside[0].text = None
    aside[0].insert(0, marker)
    _collapse_spaces(aside)
    return aside


def _collapse_spaces(element: Element) -> None:
    """Collapse white space in *element*, which WeasyPrint does in the running text only."""
    if element.tag == "pre":
        return
    element.text = element.text and _SPACES.sub(" ", element.text)
    for child in element:
        _collapse_spaces(child)
        child.tail = child.tail and _SPACES.sub(" ", child.tail)
