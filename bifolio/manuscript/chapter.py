"""One file of a publication, from its text to trees whose links are still to be resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from bifolio.manuscript.html.content_model import fix_nesting, set_code_direction
from bifolio.manuscript.html.sanitise import sanitise
from bifolio.manuscript.markdown.parse import parse_markdown
from bifolio.manuscript.markdown.plain_text import parse_plain_text
from bifolio.manuscript.metadata.front_matter import Entry, read_front_matter
from bifolio.manuscript.metadata.metadata import read_metadata
from bifolio.manuscript.project.includes import expand_includes
from bifolio.manuscript.project.mdbook import expand_directives
from bifolio.manuscript.project.plan import Item
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.footnote_numbers import extract_notes
from bifolio.manuscript.transforms.images import ImageInfo
from bifolio.manuscript.transforms.math import check_formulas
from bifolio.manuscript.transforms.smart_punctuation.replace import plain_text
from bifolio.manuscript.transforms.structure import (
    Anchors,
    drop_empty_headings,
    extract_title,
    shift_headings,
)
from bifolio.manuscript.transforms.template_tags import convert_template_tags, has_templates_dropped
from bifolio.manuscript.transforms.title_block import title_block
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import direction, terms
from bifolio.model.publication import Metadata, Note, words_of

if TYPE_CHECKING:
    from bifolio.manuscript.citations.bibliography import Bibliography

UNTITLED_ROLES = frozenset({"dedication", "epigraph", "colophon", "copyright-page", "imprint"})
"""The roles of sections that show no title unless their text gives one."""


@dataclass(slots=True)
class SectionTree:
    """A section in the making: its tree, and how deep it stands."""

    root: Element
    role: str
    depth: int
    title: str = ""
    """What the contents call it where it has no heading."""


@dataclass(slots=True)
class ParsedChapter:
    """One file on its way into the publication."""

    file: SourceFile
    item: Item
    metadata: Metadata
    """What its front matter says."""
    marked_title: str
    """The title, with the marks that keep a character as it was typed."""
    pieces: list[SectionTree]
    notes: tuple[Note, ...]
    findings: list[Finding]
    pictures: dict[bytes, ImageInfo] = field(default_factory=dict)
    """What was found out about the pictures that it names, by the digests of their data."""
    anchors: Anchors = field(default_factory=Anchors)

    def trees(self) -> list[Element]:
        """Return the trees of the text, then those of the notes."""
        return [*(piece.root for piece in self.pieces), *(note.body for note in self.notes)]


def parse_chapter(
    file: SourceFile,
    item: Item,
    *,
    book: Metadata | None = None,
    extensions: Sequence[str] = (),
) -> ParsedChapter:
    """Read *file*, which is *item* of the plan, as far as it can be read alone.

    *book* describes the book that it is a part of, None for an article. *extensions* names extensions of
    Python-Markdown. Raises SourceError where the file cannot be read, UsageError where an extension fails.
    """
    file, findings = expand_directives(file) if file.mdbook else expand_includes(file)
    if not file.body.strip():
        if book is None and not file.front.form:
            raise SourceError("The file is empty.", Where(file.path), "Write something in it first.")
        if book:
            findings.append(found("section-empty", Where(file.path), file=file.path.name))
    entries = read_front_matter(file.front, file.path)
    library, more = _read_library(entries, file)
    findings += more
    root, remarks = _parse(file, extensions, library.works.keys() if library else None)
    findings += remarks + convert_template_tags(root, file, drop=has_templates_dropped(entries, file.path))
    findings += sanitise(root, file) + check_formulas(root, file)
    findings += _insert_citations(root, file, library) if library else []
    fix_nesting(root)
    findings += drop_empty_headings(root, file)
    heading = extract_title(root, item.title)
    marked = " ".join(words_of(heading)) if heading is not None else ""
    title = plain_text(marked) or None
    named = title or _fallback_title(item, book)
    metadata, more = read_metadata(entries, file.path, named, language=book.language if book else "")
    findings += more
    if direction(metadata.language) == "rtl":
        set_code_direction(root)
    if heading is not None and title != metadata.title:
        heading.tail, root.text = root.text, None
        root.insert(0, heading)
        heading = None
    shift_headings(root, heading)
    shown = metadata if book is None else _title_block_metadata(metadata, book)
    if heading is not None or item.role not in UNTITLED_ROLES or book is None:
        root.insert(0, title_block(shown, heading))
    if book and metadata.rights and metadata.rights != book.rights:
        rights = Element("p", {"class": "rights"})
        rights.text = metadata.rights
        root.append(rights)
    notes, more = extract_notes(root, file)
    findings += more
    marked = marked if title == metadata.title else metadata.title
    piece = SectionTree(root, item.role, item.depth, metadata.title)
    return ParsedChapter(file, item, metadata, marked, [piece], notes, findings)


def _read_library(entries: Iterable[Entry], file: SourceFile) -> tuple[Bibliography | None, list[Finding]]:
    """Return what *file* may cite, by its front matter, and what the author should know.

    Most texts cite nothing: what reads works is imported for those that do, and so is what sets them.
    """
    if not any(entry.key.lower() == "bibliography" for entry in entries):
        return None, []
    from bifolio.manuscript.citations.bibliography import read_bibliography

    return read_bibliography(entries, file)


def _insert_citations(root: Element, file: SourceFile, library: Bibliography) -> list[Finding]:
    """Set what *root* cites from *library*."""
    from bifolio.manuscript.citations.insert import insert_citations

    return insert_citations(root, file, library)


def _fallback_title(item: Item, book: Metadata | None) -> str | None:
    """Return the title of a section whose file gives none; an article is called by its file, and told so."""
    if book is None:
        return None
    if item.title:
        return item.title
    if item.role in UNTITLED_ROLES:
        return terms(book.language).section(item.role)
    return None


def _title_block_metadata(metadata: Metadata, book: Metadata) -> Metadata:
    """Return what stands above a section of *book*: its own authors and date, but not those of the book."""
    return replace(
        metadata,
        authors=() if metadata.authors == book.authors else metadata.authors,
        date="" if metadata.date == book.date else metadata.date,
    )


def _parse(
    file: SourceFile, extensions: Sequence[str], works: Set[str] | None
) -> tuple[Element, list[Finding]]:
    if file.plain:
        return parse_plain_text(file.body), []
    try:
        root, remarks = parse_markdown(file.body, file.first_line, extensions, works)
        return root, [found(r.code, file.where(r.line), **r.fields) for r in remarks]
    except SourceError as error:
        line = error.where.line if error.where else 0
        raise SourceError(error.message, Where(file.path, line), error.hint) from error
    except RecursionError:
        raise SourceError("The mark-up is nested too deep to be read.", Where(file.path)) from None
