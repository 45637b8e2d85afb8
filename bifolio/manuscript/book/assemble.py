"""The sections of a book that are made put where its plan wants them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from bifolio.manuscript.book.generated_sections import (
    caption_list,
    colophon,
    index,
    table_of_contents,
    title_page,
)
from bifolio.manuscript.project.plan import Item
from bifolio.model.localized_strings import terms
from bifolio.model.publication import GENERATED, NOTE_CALL, Metadata, Note, Section


def assemble_book(
    groups: Iterable[Sequence[Section]], items: Iterable[Item], metadata: Metadata, plan: Path
) -> list[Section]:
    """Return all sections in the order of *items*, those that have no text of their own made.

    *groups* are the sections of each item that has a text; *plan* is what says so. The contents, which name
    the others, are made last.
    """
    drafted = iter(groups)
    placed: list[Section] = []
    for item in items:
        if item.path or item.title:
            placed += next(drafted)
        else:
            title = terms(metadata.language).section(item.role)
            name, matter = f"made-{item.role}", item.matter
            placed.append(Section(name, title, Element("div"), (), plan, (), item.role, matter))
    if any(section.role == "endnotes" and _is_generated(section) for section in placed):
        placed = _with_endnotes(placed)
    if not any(section.role == "index" for section in placed):  # terms that are marked want one
        title = terms(metadata.language).section("index")
        placed.append(Section("made-index", title, Element("div"), (), plan, (), "index", "back"))
    for section in placed:
        if section.role == "titlepage" and not _is_generated(section):
            _wrap_title_page(section)
    filled = [_generate(section, placed, metadata) for section in placed]
    whole = [section for section in filled if section is not None]
    return [_generate_contents(section, whole, metadata) for section in whole]


def _is_generated(section: Section) -> bool:
    """Say whether *section* has no text of its author's."""
    return section.name.startswith("made-")


def _generate(section: Section, text: Sequence[Section], metadata: Metadata) -> Section | None:
    """Return *section* with its tree, if it is made of *text*; None where that has nothing for it."""
    role = section.role
    if not _is_generated(section) or role in ("toc", "endnotes"):
        return section if role != "endnotes" or section.notes or not _is_generated(section) else None
    body: Element | None = None
    if role in ("titlepage", "halftitlepage"):
        body = title_page(metadata, half=role == "halftitlepage")
    elif role == "colophon":
        body = colophon(metadata)
    elif role == "index":
        body = index(text, section.title)
    elif role in ("loi", "lot"):
        body = caption_list(text, "figure" if role == "loi" else "table", section.title)
    return replace(section, body=body) if body is not None else None


def _generate_contents(section: Section, whole: Sequence[Section], metadata: Metadata) -> Section:
    """Return *section* with the contents of *whole*, if that is what it holds."""
    if section.role != "toc" or not _is_generated(section):
        return section
    others = [other for other in whole if other is not section]
    return replace(
        section, body=table_of_contents(others, metadata.language), title=terms(metadata.language).contents
    )


def _wrap_title_page(section: Section) -> None:
    """Let what the text says first be its title page; an edition shows it as it shows one that is made."""
    page = Element("section", {"class": "title-page", GENERATED: "matter"})
    page.text, section.body.text = section.body.text, None
    page.extend(section.body)
    section.body[:] = [page]


def _with_endnotes(placed: Sequence[Section]) -> list[Section]:
    """Return *placed* with the notes of all sections in that of the endnotes, numbered through."""
    notes: list[Note] = [note for section in placed for note in section.notes]
    signs = {note.number: str(place) for place, note in enumerate(notes, start=1)}
    for section in placed:
        for tree in section.trees():
            for call in tree.iter(NOTE_CALL):
                call.set("sign", signs[int(call.get("note", "0"))])
    signed = tuple(replace(note, sign=signs[note.number]) for note in notes)
    return [
        _endnotes_section(section, signed)
        if section.role == "endnotes" and _is_generated(section)
        else replace(section, notes=())
        for section in placed
    ]


def _endnotes_section(section: Section, notes: tuple[Note, ...]) -> Section:
    """Return *section* as that of *notes*."""
    body = Element("div")
    SubElement(body, "h1", {"id": "endnotes"}).text = section.title
    return replace(section, body=body, notes=notes)
