"""Parses one source file into trees; links to other files are resolved later."""

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
from bifolio.manuscript.metadata.read import read_metadata
from bifolio.manuscript.project.includes import expand_includes
from bifolio.manuscript.project.mdbook import expand_directives
from bifolio.manuscript.project.plan import Item
from bifolio.manuscript.project.source_file import SourceFile
from bifolio.manuscript.transforms.anchors import Anchors
from bifolio.manuscript.transforms.footnote_numbers import extract_notes
from bifolio.manuscript.transforms.headings import (
    drop_empty_headings,
    extract_title,
    heading_text,
    shift_headings,
)
from bifolio.manuscript.transforms.image_files import ImageInfo
from bifolio.manuscript.transforms.math import check_formulas
from bifolio.manuscript.transforms.smart_punctuation.replace import plain_text
from bifolio.manuscript.transforms.template_tags import convert_template_tags, has_templates_dropped
from bifolio.manuscript.transforms.title_block import title_block
from bifolio.model.errors import SourceError
from bifolio.model.findings import Finding, Where, found
from bifolio.model.localized_strings import direction, terms
from bifolio.model.publication import Metadata, Note

if TYPE_CHECKING:
    from bifolio.manuscript.citations.bibliography import Bibliography

UNTITLED_ROLES = frozenset({"dedication", "epigraph", "colophon", "copyright-page", "imprint"})
"""The roles of sections that have no visible title unless their text begins with one."""


@dataclass(slots=True)
class SectionTree:
    """The tree of one section and its position in the book."""

    root: Element
    role: str
    depth: int
    """The number of parts that contain it."""
    title: str = ""
    """The title for the table of contents if the tree has no heading."""


@dataclass(slots=True)
class ParsedChapter:
    """One parsed file; later steps change its trees in place."""

    file: SourceFile
    item: Item
    metadata: Metadata
    """The metadata from the front matter of the file."""
    escaped_title: str
    """The title, still with the escape characters that protect punctuation from being replaced."""
    sections: list[SectionTree]
    """One section; several after the file has been split."""
    notes: tuple[Note, ...]
    findings: list[Finding]
    image_info: dict[bytes, ImageInfo] = field(default_factory=dict)
    """Facts about its images, by the SHA-256 digest of their data, if they have been probed."""
    anchors: Anchors = field(default_factory=Anchors)

    def trees(self) -> list[Element]:
        """Return the trees of the sections, then those of the notes."""
        return [*(section.root for section in self.sections), *(note.body for note in self.notes)]


def parse_chapter(
    file: SourceFile,
    item: Item,
    *,
    book: Metadata | None = None,
    extensions: Sequence[str] = (),
) -> ParsedChapter:
    """Parse *file*, which is *item* of the plan, as far as possible without the other files.

    *book* is the metadata of the whole book, None for an article. *extensions* names extensions of
    Python-Markdown. Raises SourceError if the file cannot be read, UsageError if an extension fails.
    """
    file, findings = expand_directives(file) if file.mdbook else expand_includes(file)
    findings += _check_not_empty(file, is_book=book is not None)
    entries = read_front_matter(file.front, file.path)
    root, more = _parse_body(file, entries, extensions)
    findings += more
    heading = extract_title(root, item.title)
    escaped_title = heading_text(heading) if heading is not None else ""
    title = plain_text(escaped_title)
    default_title = title or _default_title(item, book)
    metadata, more = read_metadata(entries, file.path, default_title, language=book.language if book else "")
    findings += more
    if direction(metadata.language) == "rtl":
        set_code_direction(root)
    if title != metadata.title:
        escaped_title = metadata.title
        if heading is not None:  # the front matter has another title, so this heading is part of the text
            heading.tail, root.text = root.text, None
            root.insert(0, heading)
            heading = None
    shift_headings(root, heading)
    if heading is not None or item.role not in UNTITLED_ROLES or book is None:
        root.insert(0, title_block(_title_block_metadata(metadata, book), heading))
    if book and metadata.rights and metadata.rights != book.rights:
        rights = Element("p", {"class": "rights"})
        rights.text = metadata.rights
        root.append(rights)
    notes, more = extract_notes(root, file)
    findings += more
    section = SectionTree(root, item.role, item.depth, metadata.title)
    return ParsedChapter(file, item, metadata, escaped_title, [section], notes, findings)


def _check_not_empty(file: SourceFile, *, is_book: bool) -> list[Finding]:
    """Return a finding for an empty chapter. Raises SourceError for an empty article."""
    if file.body.strip():
        return []
    if not is_book and not file.front.form:
        raise SourceError("The file is empty.", Where(file.path), "Add some text to it.")
    return [found("section-empty", Where(file.path), file=file.path.name)] if is_book else []


def _parse_body(
    file: SourceFile, entries: Iterable[Entry], extensions: Sequence[str]
) -> tuple[Element, list[Finding]]:
    """Return the tree of the body of *file*, valid and safe to publish, and the findings.

    *entries* is the front matter, which names the bibliography.
    """
    entries = tuple(entries)
    bibliography, findings = _read_bibliography(entries, file)
    root, more = _parse_markup(file, extensions, bibliography.works.keys() if bibliography else None)
    findings += more
    findings += convert_template_tags(root, file, drop=has_templates_dropped(entries, file.path))
    findings += sanitise(root, file)
    findings += check_formulas(root, file)
    if bibliography:
        findings += _insert_citations(root, file, bibliography)
    fix_nesting(root)
    findings += drop_empty_headings(root, file)
    return root, findings


def _parse_markup(
    file: SourceFile, extensions: Sequence[str], works: Set[str] | None
) -> tuple[Element, list[Finding]]:
    """Return the tree of *file* as the parser builds it; *works* are the keys that it may cite."""
    if file.plain:
        return parse_plain_text(file.body), []
    try:
        root, remarks = parse_markdown(file.body, file.first_line, extensions, works)
        return root, [found(r.code, file.where(r.line), **r.fields) for r in remarks]
    except SourceError as error:
        line = error.where.line if error.where else 0
        raise SourceError(error.message, Where(file.path, line), error.hint) from error
    except RecursionError:
        raise SourceError("The markup is nested too deeply.", Where(file.path)) from None


def _read_bibliography(
    entries: Iterable[Entry], file: SourceFile
) -> tuple[Bibliography | None, list[Finding]]:
    """Return the bibliography that *entries*, the front matter of *file*, name, and the findings.

    The citation modules are imported only here, because most files cite nothing.
    """
    if not any(entry.key.lower() == "bibliography" for entry in entries):
        return None, []
    from bifolio.manuscript.citations.bibliography import read_bibliography

    return read_bibliography(entries, file)


def _insert_citations(root: Element, file: SourceFile, bibliography: Bibliography) -> list[Finding]:
    """Replace the citation keys in *root* by formatted citations."""
    from bifolio.manuscript.citations.insert import insert_citations

    return insert_citations(root, file, bibliography)


def _default_title(item: Item, book: Metadata | None) -> str | None:
    """Return the title of a chapter whose text has none; None for an article, which is a finding."""
    if book is None:
        return None
    if item.title:
        return item.title
    if item.role in UNTITLED_ROLES:
        return terms(book.language).section(item.role)
    return None


def _title_block_metadata(metadata: Metadata, book: Metadata | None) -> Metadata:
    """Return *metadata* without the authors and the date that are those of the whole *book*."""
    if book is None:
        return metadata
    return replace(
        metadata,
        authors=() if metadata.authors == book.authors else metadata.authors,
        date="" if metadata.date == book.date else metadata.date,
    )
