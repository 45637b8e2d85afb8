"""One source file, read whole."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from bifolio.errors import SourceError
from bifolio.findings import Where
from bifolio.manuscript.files import SourceFile, find_source, read_file
from bifolio.manuscript.markdown import read_markdown
from bifolio.manuscript.metadata import read_metadata
from bifolio.manuscript.note_numbers import take_notes
from bifolio.manuscript.pictures import gather_pictures
from bifolio.manuscript.plain import read_plain
from bifolio.manuscript.sanitise import sanitise
from bifolio.manuscript.structure import (
    Anchors,
    move_headings,
    outline,
    resolve_links,
    set_anchors,
    slug,
    take_title,
)
from bifolio.manuscript.title_block import title_block
from bifolio.publication import Publication, Section, text_of


def read(source: Path | None = None) -> Publication:
    """Read *source*, a Markdown or plain-text file or the folder of one, into a Publication.

    Raises UsageError when there is nothing to read, SourceError when it cannot be read.
    """
    file = read_file(find_source(source))
    root = _tree(file)
    findings = sanitise(root, file)
    heading = take_title(root)
    title = " ".join(text_of(heading).split()) if heading is not None else None
    metadata, more = read_metadata(file.front, file.path, title)
    findings += more
    names = {slug(metadata.title): "title"}
    if heading is not None and title != metadata.title:
        heading.tail, root.text = root.text, None
        root.insert(0, heading)
        heading = None
    elif heading is not None:
        names[heading.get("id", "title")] = "title"
    move_headings(root, heading)
    notes, more = take_notes(root, file)
    findings += more
    anchors = Anchors(names, _reserved(len(notes)))
    trees = [root, *(note.body for note in notes)]
    findings += set_anchors(trees, file, anchors)
    for tree in trees:
        findings += resolve_links(tree, file, anchors)
    # Notes are set back under one root, so that their pictures are gathered with the others.
    whole = Element("div")
    whole.extend(trees)
    gathered = gather_pictures(whole, file)
    findings += gathered.findings
    headings = tuple(outline(root, file, findings))
    root.insert(0, title_block(metadata))
    section = Section("article", metadata.title, root, headings, file.path)
    pictures = tuple(gathered.by_path.values())
    return Publication(metadata, (section,), notes, pictures, file.path, tuple(findings))


def _tree(file: SourceFile) -> Element:
    if file.plain:
        return read_plain(file.body)
    try:
        return read_markdown(file.body, file.first_line)
    except SourceError as error:
        line = error.where.line if error.where else 0
        raise SourceError(error.message, Where(file.path, line), error.hint) from error
    except RecursionError:
        raise SourceError("The mark-up is nested too deep to be read.", Where(file.path)) from None


def _reserved(notes: int) -> set[str]:
    """Return the anchors that the editions give to the parts that they make themselves."""
    return {f"{kind}-{n}" for kind in ("note", "call") for n in range(1, notes + 1)} | {"title"}
