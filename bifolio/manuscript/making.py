"""The sections of a book that are made put where its plan wants them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from bifolio.manuscript.matter import captions, colophon, contents, index, title_page
from bifolio.manuscript.plan import Item
from bifolio.publication import GENERATED, NOTE_CALL, Metadata, Note, Section
from bifolio.terms import terms


def make_sections(
    sections: Sequence[Section], items: Iterable[Item], metadata: Metadata, plan: Path
) -> list[Section]:
    """Return *sections* with those that *items* want made, in their places; *plan* says what there is."""
    wanted = {item.role: item.matter for item in items if item.path is None and not item.title}
    own = {section.role for section in sections}
    text = list(sections)
    if "endnotes" in wanted:
        text = _with_endnotes(text, wanted["endnotes"], metadata, plan)
    made = [section for section in text if section.role == "titlepage"]
    text = [section for section in text if section.role != "titlepage"]
    for section in made:
        _be_title_page(section)
    for role, matter in wanted.items():
        if role in ("titlepage", "colophon") and role in own:
            continue
        body = _body(role, text, metadata)
        if body is not None:
            title = terms(metadata.language).section(role)
            made.append(Section(f"made-{role}", title, body, (), plan, (), role, matter))
    entry = index(text, terms(metadata.language).section("index")) if "index" not in wanted else None
    if entry is not None:  # the author has marked terms: an index is what for
        title = terms(metadata.language).section("index")
        made.append(Section("made-index", title, entry, (), plan, (), "index", "back"))
    return _in_order(made, text, list(wanted), plan, metadata)


def _body(role: str, text: Sequence[Section], metadata: Metadata) -> Element | None:
    """Return the tree of a made section; None for one that has nothing to hold, or is made later."""
    words = terms(metadata.language)
    if role in ("titlepage", "halftitlepage"):
        return title_page(metadata, half=role == "halftitlepage")
    if role == "colophon":
        return colophon(metadata)
    if role == "index":
        return index(text, words.section("index"))
    if role in ("loi", "lot"):
        return captions(text, "figure" if role == "loi" else "table", words.section(role))
    return None


def _be_title_page(section: Section) -> None:
    """Let what the text says first be its title page; an edition shows it as it shows one that is made."""
    page = Element("section", {"class": "title-page", GENERATED: "matter"})
    page.text, section.body.text = section.body.text, None
    page.extend(section.body)
    section.body[:] = [page]


def _in_order(
    made: list[Section], text: list[Section], order: list[str], plan: Path, metadata: Metadata
) -> list[Section]:
    """Put *made* and *text* together by their matter; the contents, which name the others, are made last."""
    front = [section for section in made if section.matter == "front"]
    back = [section for section in made if section.matter == "back"]
    if "toc" in order:
        front.append(Section("made-toc", "", Element("div"), (), plan, (), "toc", "front"))
    rank = {role: place for place, role in enumerate(order)}
    front.sort(key=lambda section: rank.get(section.role, 0))
    own = [section for section in text if section.matter == "front"]
    inscriptions = [section for section in own if section.role in ("dedication", "epigraph", "colophon")]
    split = next((n for n, section in enumerate(front) if section.role in ("toc", "loi", "lot")), len(front))
    front[split:split] = inscriptions
    whole = [
        *front,
        *(section for section in own if section not in inscriptions),
        *(section for section in text if section.matter == "body"),
        *(section for section in text if section.matter == "back"),
        *back,
    ]
    for place, section in enumerate(whole):
        if section.role == "toc":
            body = contents([other for other in whole if other is not section], metadata.language)
            title = terms(metadata.language).contents
            whole[place] = replace(section, body=body, title=title)
    return whole


def _with_endnotes(text: Sequence[Section], matter: str, metadata: Metadata, plan: Path) -> list[Section]:
    """Return *text* with the notes of all sections in one of their own, numbered through."""
    notes: list[Note] = []
    for section in text:
        notes += section.notes
    signs = {note.number: str(place) for place, note in enumerate(notes, start=1)}
    for section in text:
        for tree in section.trees():
            for call in tree.iter(NOTE_CALL):
                call.set("sign", signs[int(call.get("note", "0"))])
    if not notes:
        return list(text)
    title = terms(metadata.language).section("endnotes")
    body = Element("div")
    SubElement(body, "h1", {"id": "endnotes"}).text = title
    signed = tuple(replace(note, sign=signs[note.number]) for note in notes)
    end = Section("made-endnotes", title, body, (), plan, signed, "endnotes", matter)
    return [*(replace(section, notes=()) for section in text), end]
