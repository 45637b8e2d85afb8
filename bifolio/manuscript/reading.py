"""One source file, read whole."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.errors import SourceError
from bifolio.findings import Where
from bifolio.manuscript.citing.setting import set_citations
from bifolio.manuscript.citing.works import read_library
from bifolio.manuscript.content_model import mend
from bifolio.manuscript.fetching import Fetching
from bifolio.manuscript.files import SourceFile, find_source, read_file
from bifolio.manuscript.formulas import check_formulas
from bifolio.manuscript.front_matter import read_front
from bifolio.manuscript.inclusion import include_files, set_origins
from bifolio.manuscript.labels import set_labels
from bifolio.manuscript.markdown import read_markdown
from bifolio.manuscript.metadata import read_metadata
from bifolio.manuscript.note_numbers import take_notes
from bifolio.manuscript.pictures import gather_pictures
from bifolio.manuscript.plain import read_plain
from bifolio.manuscript.punctuation import drop_marks, plain_text, smart_text, smarten
from bifolio.manuscript.references import fill_references
from bifolio.manuscript.sanitise import sanitise
from bifolio.manuscript.structure import (
    Anchors,
    move_headings,
    outline,
    resolve_links,
    set_anchors,
    take_title,
)
from bifolio.manuscript.template_tags import drops_templates, take_templates
from bifolio.manuscript.title_block import title_block
from bifolio.publication import Metadata, Publication, Section, words_of
from bifolio.terms import terms


def read(source: Path | None = None, *, fetch_pictures: bool = False) -> Publication:
    """Read *source*, a Markdown or plain-text file or the folder of one, into a Publication.

    *fetch_pictures* allows to go on the web, for pictures alone; they are kept beside the source.
    Raises UsageError when there is nothing to read, SourceError when it cannot be read.
    """
    file, included = include_files(read_file(find_source(source)))
    entries = read_front(file.front, file.path)
    library, findings = read_library(entries, file)
    root = _tree(file, library.works.keys() if library else None)
    findings += included + take_templates(root, file, drop=drops_templates(entries, file.path))
    findings += sanitise(root, file) + check_formulas(root, file)
    findings += set_citations(root, file, library)
    mend(root)
    heading = take_title(root)
    marked = " ".join(words_of(heading)) if heading is not None else ""
    title = plain_text(marked) or None
    metadata, more = read_metadata(entries, file.path, title)
    findings += more
    if heading is not None and title != metadata.title:
        heading.tail, root.text = root.text, None
        root.insert(0, heading)
        heading = None
    move_headings(root, heading)
    root.insert(0, title_block(metadata, heading))
    notes, more = take_notes(root, file)
    findings += more
    anchors = Anchors(taken=_reserved(len(notes)))
    trees = [root, *(note.body for note in notes)]
    set_labels(trees, metadata.language)
    findings += set_anchors(trees, file, anchors)
    for note in notes:
        anchors.names.setdefault(note.label, f"note-{note.number}")
    for tree in trees:
        findings += resolve_links(tree, file, anchors)
    findings += fill_references(trees, notes, metadata.title, terms(metadata.language), file)
    metadata = _punctuate(trees, metadata, file, marked if title == metadata.title else metadata.title)
    # Notes are set back under one root, so that their pictures are gathered with the others.
    whole = Element("div")
    whole.extend(trees)
    gathered = gather_pictures(whole, file, Fetching(file.root).fetch if fetch_pictures else None)
    findings += gathered.findings
    headings = tuple(outline(root, file, findings))
    for tree in trees:
        set_origins(tree, file)
    section = Section("article", metadata.title, root, headings, file.path)
    pictures = tuple(gathered.by_path.values())
    return Publication(metadata, (section,), notes, pictures, file.path, tuple(findings))


def _punctuate(trees: list[Element], metadata: Metadata, file: SourceFile, title: str) -> Metadata:
    """Set the punctuation of *trees* and of the texts among *metadata*, which are returned.

    *title* is the title with the marks that keep a character as it was typed. In plain text nothing is
    mark-up, and so is no mark of punctuation.
    """
    smart, language = metadata.smart and not file.plain, metadata.language
    for tree in trees:
        if smart:
            smarten(tree, language)
        drop_marks(tree)
    if not smart:
        return replace(metadata, title=plain_text(title))
    return replace(
        metadata,
        title=smart_text(title, language),
        subtitle=smart_text(metadata.subtitle, language),
        short_title=smart_text(metadata.short_title, language),
        authors=tuple(smart_text(name, language) for name in metadata.authors),
        description=smart_text(metadata.description, language),
        publisher=smart_text(metadata.publisher, language),
        rights=smart_text(metadata.rights, language),
    )


def _tree(file: SourceFile, works: Set[str] | None) -> Element:
    if file.plain:
        return read_plain(file.body)
    try:
        return read_markdown(file.body, file.first_line, works)
    except SourceError as error:
        line = error.where.line if error.where else 0
        raise SourceError(error.message, Where(file.path, line), error.hint) from error
    except RecursionError:
        raise SourceError("The mark-up is nested too deep to be read.", Where(file.path)) from None


def _reserved(notes: int) -> set[str]:
    """Return the anchors that the editions give to the parts that they make themselves."""
    return {f"{kind}-{n}" for kind in ("note", "call") for n in range(1, notes + 1)}
