"""Puts the sections of a book in order and generates those that have no text of their own."""

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
    """Return all sections of a book in the order of *items*, with the generated ones filled.

    *groups* has the sections of each item with a text. *plan* is the file that generated sections are
    attributed to. The table of contents, which lists all others, is generated last.
    """
    parsed = iter(groups)
    sections: list[Section] = []
    for item in items:
        if item.path or item.title:
            sections += next(parsed)
        else:
            sections.append(_placeholder(item.role, item.matter, metadata, plan))
    if any(section.role == "endnotes" and _is_generated(section) for section in sections):
        sections = _with_endnotes(sections)
    if not any(section.role == "index" for section in sections):  # it is kept only if the text marks terms
        sections.append(_placeholder("index", "back", metadata, plan))
    for section in sections:
        if section.role == "titlepage" and not _is_generated(section):
            _wrap_title_page(section)
    filled = [_generate(section, sections, metadata) for section in sections]
    kept = [section for section in filled if section is not None]
    return [_generate_contents(section, kept, metadata) for section in kept]


def _placeholder(role: str, matter: str, metadata: Metadata, plan: Path) -> Section:
    """Return an empty section that is to be generated."""
    title = terms(metadata.language).section(role)
    return Section(f"made-{role}", title, Element("div"), (), plan, (), role, matter)


def _is_generated(section: Section) -> bool:
    return section.name.startswith("made-")


def _generate(section: Section, sections: Sequence[Section], metadata: Metadata) -> Section | None:
    """Return *section*, filled from *sections* if it is generated; None if it would be empty."""
    role = section.role
    if not _is_generated(section) or role in ("toc", "endnotes"):
        return section if role != "endnotes" or section.notes or not _is_generated(section) else None
    body: Element | None = None
    if role in ("titlepage", "halftitlepage"):
        body = title_page(metadata, half=role == "halftitlepage")
    elif role == "colophon":
        body = colophon(metadata)
    elif role == "index":
        body = index(sections, section.title)
    elif role in ("loi", "lot"):
        body = caption_list(sections, "figure" if role == "loi" else "table", section.title)
    return replace(section, body=body) if body is not None else None


def _generate_contents(section: Section, sections: Sequence[Section], metadata: Metadata) -> Section:
    """Return *section*, filled with the contents of *sections* if it is a generated table of contents."""
    if section.role != "toc" or not _is_generated(section):
        return section
    others = [other for other in sections if other is not section]
    body = table_of_contents(others, metadata.language)
    return replace(section, body=body, title=terms(metadata.language).contents)


def _wrap_title_page(section: Section) -> None:
    """Wrap the author's own title page so that it is styled as a generated one."""
    page = Element("section", {"class": "title-page", GENERATED: "matter"})
    page.text, section.body.text = section.body.text, None
    page.extend(section.body)
    section.body[:] = [page]


def _with_endnotes(sections: Sequence[Section]) -> list[Section]:
    """Return *sections* with all notes moved to the endnotes and numbered from 1."""
    notes: list[Note] = [note for section in sections for note in section.notes]
    signs = {note.number: str(number) for number, note in enumerate(notes, start=1)}
    for section in sections:
        for tree in section.trees():
            for call in tree.iter(NOTE_CALL):
                call.set("sign", signs[int(call.get("note", "0"))])
    signed = tuple(replace(note, sign=signs[note.number]) for note in notes)
    return [
        _endnotes_section(section, signed)
        if section.role == "endnotes" and _is_generated(section)
        else replace(section, notes=())
        for section in sections
    ]


def _endnotes_section(section: Section, notes: tuple[Note, ...]) -> Section:
    body = Element("div")
    SubElement(body, "h1", {"id": "endnotes"}).text = section.title
    return replace(section, body=body, notes=notes)
